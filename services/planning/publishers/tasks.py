"""The announcements of tasks and their deadlines."""

from datetime import date
from typing import TypedDict

from services.planning.domain.tasks import events
from services.planning.domain.tasks.event_fields import StoredObligation
from services.planning.domain.tasks.task import Task
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
    TaskCommented,
    TaskCompleted,
    TaskExtended,
    TaskExtensionDeclined,
    TaskExtensionRequested,
    TaskFollowed,
    TaskReopened,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskUnfollowed,
    TaskWithdrawn,
)
from shared.messaging.announcing.translations import Translations
from shared.record.event_store import Envelope, RecordedEvent


def _assigned(recorded: RecordedEvent, event: events.Assigned) -> TaskAssigned:
    return TaskAssigned(
        **_task(recorded, event),
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


def _acknowledged(recorded: RecordedEvent, event: events.Acknowledged) -> TaskAcknowledged:
    return TaskAcknowledged(**_by_person(recorded, event))


def _deadline_approached(recorded: RecordedEvent, event: events.DeadlineApproached) -> DeadlineApproaching:
    return DeadlineApproaching(
        **_task(recorded, event),
        **_summary(event),
        due_on=event.due_on,
        obligation=event.obligation,
        label=event.label,
        tell=tuple(event.tell),
        days_before=event.days_before,
        days_left=event.days_left,
    )


def _deadline_missed(recorded: RecordedEvent, event: events.DeadlineMissed) -> DeadlineMissed:
    return DeadlineMissed(
        **_task(recorded, event),
        **_summary(event),
        due_on=event.due_on,
        obligation=event.obligation,
        label=event.label,
        tell=tuple(event.tell),
        days_late=event.days_late,
    )


def _progress_reported(recorded: RecordedEvent, event: events.ProgressReported) -> ProgressReported:
    return ProgressReported(
        **_by_person(recorded, event),
        percent=event.percent,
        note=event.note,
        evidence=event.evidence,
    )


def _obligation_fulfilled(recorded: RecordedEvent, event: events.ObligationFulfilled) -> ObligationFulfilled:
    return ObligationFulfilled(
        **_by_person(recorded, event),
        obligation=event.obligation,
        due_on=event.due_on,
        fulfilled_on=event.fulfilled_on,
        evidence=event.evidence,
        deadlines=tuple(event.deadlines),
    )


def _completed(recorded: RecordedEvent, event: events.Completed) -> TaskCompleted:
    return TaskCompleted(
        **_by_person(recorded, event),
        completed_on=event.completed_on,
        evidence=event.evidence,
    )


def _accepted(recorded: RecordedEvent, event: events.Accepted) -> TaskAccepted:
    return TaskAccepted(**_by_person(recorded, event), note=event.note)


def _returned(recorded: RecordedEvent, event: events.Returned) -> TaskReturned:
    return TaskReturned(
        **_by_person(recorded, event),
        reason=event.reason,
        **_summary(event),
    )


def _reopened(recorded: RecordedEvent, event: events.Reopened) -> TaskReopened:
    return TaskReopened(**_by_person(recorded, event), reason=event.reason)


def _commented(recorded: RecordedEvent, event: events.Commented) -> TaskCommented:
    return TaskCommented(**_by_person(recorded, event), role=event.role, note=event.note, **_summary(event))


def _followed(recorded: RecordedEvent, event: events.Followed) -> TaskFollowed:
    return TaskFollowed(**_by_person(recorded, event), role=event.role, grant=event.grant)


def _unfollowed(recorded: RecordedEvent, event: events.Unfollowed) -> TaskUnfollowed:
    return TaskUnfollowed(**_by_person(recorded, event))


def _extended(recorded: RecordedEvent, event: events.Extended) -> TaskExtended:
    return TaskExtended(
        **_by_person(recorded, event),
        **_moved(event),
        reason=event.reason,
    )


def _extension_requested(recorded: RecordedEvent, event: events.ExtensionRequested) -> TaskExtensionRequested:
    return TaskExtensionRequested(
        **_by_person(recorded, event),
        **_summary(event),
        obligation=event.obligation,
        label=event.label,
        due_on=event.due_on,
        requested=event.requested,
        reason=event.reason,
    )


def _extension_declined(recorded: RecordedEvent, event: events.ExtensionDeclined) -> TaskExtensionDeclined:
    return TaskExtensionDeclined(
        **_by_person(recorded, event),
        **_summary(event),
        obligation=event.obligation,
        requested=event.requested,
        requested_by=event.requested_by,
        reason=event.reason,
    )


def _resolved(recorded: RecordedEvent, event: events.Resolved) -> TaskResolved:
    return TaskResolved(
        **_by_person(recorded, event),
        **_moved(event),
        reason=event.reason,
    )


def _rescheduled(recorded: RecordedEvent, event: events.Rescheduled) -> TaskRescheduled:
    return TaskRescheduled(
        **_task(recorded, event),
        **_moved(event),
        calendar=event.calendar,
    )


def _revised(recorded: RecordedEvent, event: events.Revised) -> TaskRevised:
    return TaskRevised(
        **_task(recorded, event),
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


def _withdrawn(recorded: RecordedEvent, event: events.Withdrawn) -> TaskWithdrawn:
    return TaskWithdrawn(
        **_by_person(recorded, event),
        reason=event.reason,
        plan_version=event.plan_version,
        **_summary(event),
    )


def _closed(recorded: RecordedEvent, event: events.Closed) -> TaskClosed:
    return TaskClosed(**_task(recorded, event))


class TaskFields(Envelope):
    task_id: str
    commune: str


def _task(recorded: RecordedEvent, event: events.Assigned | events.TaskEvent) -> TaskFields:
    return {**recorded.envelope, "task_id": event.task_id, "commune": event.commune}


class ByPersonFields(TaskFields):
    by: str
    by_account: str | None


Acted = events.ByPerson | events.Commented | events.Followed | events.Unfollowed


def _by_person(recorded: RecordedEvent, event: Acted) -> ByPersonFields:
    return {**_task(recorded, event), "by": event.by, "by_account": event.by_account}


Summarised = (
    events.Moved
    | events.Reminded
    | events.Returned
    | events.Commented
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
    Task.Commented: _commented,
    Task.Followed: _followed,
    Task.Unfollowed: _unfollowed,
    Task.Extended: _extended,
    Task.ExtensionRequested: _extension_requested,
    Task.ExtensionDeclined: _extension_declined,
    Task.Resolved: _resolved,
    Task.Rescheduled: _rescheduled,
    Task.Revised: _revised,
    Task.Withdrawn: _withdrawn,
    Task.Closed: _closed,
}
