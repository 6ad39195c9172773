"""The announcements of tasks and their deadlines."""

from datetime import date
from typing import TypedDict

from services.planning.domain.tasks import events
from services.planning.domain.tasks.event_fields import StoredObligation
from services.planning.domain.tasks.task import Task
from services.planning.publishers.translations import Translations
from shared.contracts.planning import (
    DeadlineApproaching,
    DeadlineMissed,
    Obligation,
    ObligationFulfilled,
    ProgressReported,
    TaskAccepted,
    TaskAcknowledged,
    TaskAssigned,
    TaskClosed,
    TaskCompleted,
    TaskExtended,
    TaskExtensionDeclined,
    TaskExtensionRequested,
    TaskReopened,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskWithdrawn,
)
from shared.record.event_store import Envelope, RecordedEvent


def _assigned(recorded: RecordedEvent) -> TaskAssigned:
    event: events.Assigned = recorded.event
    return TaskAssigned(
        **_task(recorded),
        plan_id=event.plan_id,
        code=event.code,
        content=event.content,
        deliverable=event.deliverable,
        lead=tuple(event.lead),
        support=tuple(event.support),
        schedule_text=event.schedule_text,
        deadlines=tuple(event.deadlines),
        obligations=_obligations(event.obligations),
    )


def _acknowledged(recorded: RecordedEvent) -> TaskAcknowledged:
    event: events.Acknowledged = recorded.event
    return TaskAcknowledged(
        **_task(recorded),
        by=event.by,
        by_account=event.by_account,
    )


def _deadline_approached(recorded: RecordedEvent) -> DeadlineApproaching:
    event: events.DeadlineApproached = recorded.event
    return DeadlineApproaching(
        **_task(recorded),
        **_summary(event),
        due_on=event.due_on,
        obligation=event.obligation,
        label=event.label,
        tell=tuple(event.tell),
        days_before=event.days_before,
        days_left=event.days_left,
    )


def _deadline_missed(recorded: RecordedEvent) -> DeadlineMissed:
    event: events.DeadlineMissed = recorded.event
    return DeadlineMissed(
        **_task(recorded),
        **_summary(event),
        due_on=event.due_on,
        obligation=event.obligation,
        label=event.label,
        tell=tuple(event.tell),
        days_late=event.days_late,
    )


def _progress_reported(recorded: RecordedEvent) -> ProgressReported:
    event: events.ProgressReported = recorded.event
    return ProgressReported(
        **_task(recorded),
        percent=event.percent,
        note=event.note,
        evidence=event.evidence,
        by=event.by,
        by_account=event.by_account,
    )


def _obligation_fulfilled(recorded: RecordedEvent) -> ObligationFulfilled:
    event: events.ObligationFulfilled = recorded.event
    return ObligationFulfilled(
        **_task(recorded),
        obligation=event.obligation,
        due_on=event.due_on,
        fulfilled_on=event.fulfilled_on,
        evidence=event.evidence,
        by=event.by,
        by_account=event.by_account,
        deadlines=tuple(event.deadlines),
    )


def _completed(recorded: RecordedEvent) -> TaskCompleted:
    event: events.Completed = recorded.event
    return TaskCompleted(
        **_task(recorded),
        completed_on=event.completed_on,
        evidence=event.evidence,
        by=event.by,
        by_account=event.by_account,
    )


def _accepted(recorded: RecordedEvent) -> TaskAccepted:
    event: events.Accepted = recorded.event
    return TaskAccepted(
        **_task(recorded),
        by=event.by,
        by_account=event.by_account,
        note=event.note,
    )


def _returned(recorded: RecordedEvent) -> TaskReturned:
    event: events.Returned = recorded.event
    return TaskReturned(
        **_task(recorded),
        by=event.by,
        by_account=event.by_account,
        reason=event.reason,
        **_summary(event),
    )


def _reopened(recorded: RecordedEvent) -> TaskReopened:
    event: events.Reopened = recorded.event
    return TaskReopened(
        **_task(recorded),
        by=event.by,
        by_account=event.by_account,
        reason=event.reason,
    )


def _extended(recorded: RecordedEvent) -> TaskExtended:
    event: events.Extended = recorded.event
    return TaskExtended(
        **_task(recorded),
        **_moved(event),
        reason=event.reason,
        by=event.by,
        by_account=event.by_account,
    )


def _extension_requested(recorded: RecordedEvent) -> TaskExtensionRequested:
    event: events.ExtensionRequested = recorded.event
    return TaskExtensionRequested(
        **_task(recorded),
        **_summary(event),
        obligation=event.obligation,
        label=event.label,
        due_on=event.due_on,
        requested=event.requested,
        reason=event.reason,
        by=event.by,
        by_account=event.by_account,
    )


def _extension_declined(recorded: RecordedEvent) -> TaskExtensionDeclined:
    event: events.ExtensionDeclined = recorded.event
    return TaskExtensionDeclined(
        **_task(recorded),
        **_summary(event),
        obligation=event.obligation,
        requested=event.requested,
        requested_by=event.requested_by,
        reason=event.reason,
        by=event.by,
        by_account=event.by_account,
    )


def _resolved(recorded: RecordedEvent) -> TaskResolved:
    event: events.Resolved = recorded.event
    return TaskResolved(
        **_task(recorded),
        **_moved(event),
        reason=event.reason,
        by=event.by,
        by_account=event.by_account,
    )


def _rescheduled(recorded: RecordedEvent) -> TaskRescheduled:
    event: events.Rescheduled = recorded.event
    return TaskRescheduled(
        **_task(recorded),
        **_moved(event),
        calendar=event.calendar,
    )


def _revised(recorded: RecordedEvent) -> TaskRevised:
    event: events.Revised = recorded.event
    return TaskRevised(
        **_task(recorded),
        plan_version=event.plan_version,
        code=event.code,
        content=event.content,
        deliverable=event.deliverable,
        lead=tuple(event.lead),
        support=tuple(event.support),
        schedule_text=event.schedule_text,
        deadlines=tuple(event.deadlines),
        obligations=_obligations(event.obligations),
    )


def _withdrawn(recorded: RecordedEvent) -> TaskWithdrawn:
    event: events.Withdrawn = recorded.event
    return TaskWithdrawn(
        **_task(recorded),
        by=event.by,
        by_account=event.by_account,
        reason=event.reason,
        plan_version=event.plan_version,
        **_summary(event),
    )


def _closed(recorded: RecordedEvent) -> TaskClosed:
    return TaskClosed(
        **_task(recorded),
    )


class TaskFields(Envelope):
    task_id: str
    commune: str


def _task(recorded: RecordedEvent) -> TaskFields:
    return {**recorded.envelope, "task_id": recorded.event.task_id, "commune": recorded.event.commune}


Summarised = (
    events.Moved
    | events.Reminded
    | events.Returned
    | events.ExtensionRequested
    | events.ExtensionDeclined
    | events.Withdrawn
)


class SummaryFields(TypedDict):
    """The fields of a task that its bodies are notified of."""

    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


def _summary(event: Summarised) -> SummaryFields:
    return {"content": event.content, "lead": tuple(event.lead), "support": tuple(event.support)}


class MovedFields(SummaryFields):
    """The fields of a task of which some obligations have another day."""

    obligations: tuple[Obligation, ...]
    deadlines: tuple[date, ...]


def _moved(event: events.Moved) -> MovedFields:
    return {
        **_summary(event),
        "obligations": _obligations(event.obligations),
        "deadlines": tuple(event.deadlines),
    }


def _obligations(stored: list[StoredObligation]) -> tuple[Obligation, ...]:
    return tuple(Obligation.model_validate(obligation) for obligation in stored)


TASKS: Translations = {
    Task.Assigned: _assigned,
    Task.Acknowledged: _acknowledged,
    Task.DeadlineApproached: _deadline_approached,
    Task.DeadlineMissed: _deadline_missed,
    Task.ProgressReported: _progress_reported,
    Task.ObligationFulfilled: _obligation_fulfilled,
    Task.Completed: _completed,
    Task.Accepted: _accepted,
    Task.Returned: _returned,
    Task.Reopened: _reopened,
    Task.Extended: _extended,
    Task.ExtensionRequested: _extension_requested,
    Task.ExtensionDeclined: _extension_declined,
    Task.Resolved: _resolved,
    Task.Rescheduled: _rescheduled,
    Task.Revised: _revised,
    Task.Withdrawn: _withdrawn,
    Task.Closed: _closed,
}
