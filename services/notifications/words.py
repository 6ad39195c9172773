"""What a notice says: the words of an announcement, in the form in which they wait for their template."""

from typing import Any

from services.notifications.domain.telling import counted_on, listed
from services.notifications.milestones import named, owed
from services.notifications.words_of_reports import words_of_report
from shared.clock import day_of
from shared.contracts import Event
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.planning import (
    DeadlineApproaching,
    DeadlineMissed,
    TaskAssigned,
    TaskExtended,
    TaskMoved,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskWithdrawn,
)
from shared.contracts.reporting import (
    ReportApproved,
    ReportDue,
    ReportLate,
    ReportPublished,
    ReportRestated,
    ReportReturned,
)

AboutTask = TaskAssigned | TaskRevised | TaskWithdrawn | TaskReturned | TaskMoved | DeadlineApproaching | DeadlineMissed


def words_of(event: Event) -> dict[str, Any]:
    """Days as ISO text, and no character that PostgreSQL's jsonb does not keep."""
    match event:
        case TaskAssigned() | TaskRevised() | TaskReturned() | TaskMoved() | TaskWithdrawn():
            return _task(event) | _what_became_of(event)
        case DeadlineApproaching():
            days = {"days_left": event.days_left, "counted_on": counted_on(event.due_on, event.days_left).isoformat()}
            return _task(event) | _deadline(event) | days
        case DeadlineMissed():
            days = {"days_late": event.days_late, "counted_on": day_of(event.recorded_at).isoformat()}
            return _task(event) | _deadline(event) | days
        case SubmissionReceipted():
            return _refusals(event)
        case ReportDue() | ReportLate() | ReportReturned() | ReportApproved() | ReportPublished() | ReportRestated():
            return {name: _plain_of(said) for name, said in words_of_report(event).items()}
    raise TypeError(f"nobody is told of a {type(event).__name__}")


def _task(event: AboutTask) -> dict[str, Any]:
    return {
        "content": _plain(event.content),
        "lead": [_plain(body) for body in event.lead],
        "support": [_plain(body) for body in event.support],
    }


def _what_became_of(
    event: TaskAssigned | TaskRevised | TaskReturned | TaskMoved | TaskWithdrawn,
) -> dict[str, Any]:
    match event:
        case TaskAssigned():
            return _asked(event)
        case TaskRevised():
            return _asked(event) | {"amendment": event.plan_version - 1}
        case TaskExtended() | TaskResolved():
            return owed(event.obligations, ()) | _decided(event)
        case TaskMoved():
            return owed(event.obligations, ())
        case TaskReturned() | TaskWithdrawn():
            return _decided(event)


def _asked(event: TaskAssigned | TaskRevised) -> dict[str, Any]:
    said = {"deliverable": _plain(event.deliverable), "schedule_text": _plain(event.schedule_text)}
    return said | owed(event.obligations, event.deadlines)


def _decided(event: TaskExtended | TaskResolved | TaskReturned | TaskWithdrawn) -> dict[str, Any]:
    return {"by": _plain(event.by), "reason": _plain(event.reason)}


def _deadline(event: DeadlineApproaching | DeadlineMissed) -> dict[str, Any]:
    return {"due_on": event.due_on.isoformat(), "milestone": named(event.label, event.obligation)}


def _refusals(event: SubmissionReceipted) -> dict[str, Any]:
    shown, others = listed(event.refused)
    return {
        "submission_id": _plain(event.submission_id),
        "received_on": day_of(event.recorded_at).isoformat(),
        "refused": len(event.refused),
        "listed": [{"item": _plain(refused.item), "sentence": _plain(refused.sentence)} for refused in shown],
        "others": others,
    }


def _plain(text: str | None) -> str | None:
    return text.replace("\x00", "") if text else text


def _plain_of(said: Any) -> Any:
    match said:
        case str():
            return _plain(said)
        case list():
            return [_plain_of(each) for each in said]
    return said
