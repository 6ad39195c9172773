"""What a notice says: the words of an announcement, in the form in which they wait for their template."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from services.notifications.domain.telling import listed
from shared.clock import day_of
from shared.contracts import Event
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed, TaskAssigned
from shared.contracts.reporting import ReportPublished


def words_of(event: Event) -> dict[str, Any]:
    """Days as ISO text, and no character that PostgreSQL's jsonb does not keep."""
    match event:
        case TaskAssigned():
            return {
                "content": _plain(event.content),
                "deliverable": _plain(event.deliverable),
                "schedule_text": _plain(event.schedule_text),
                "deadlines": _days(event.deadlines),
                "lead": [_plain(body) for body in event.lead],
                "support": [_plain(body) for body in event.support],
            }
        case DeadlineApproaching():
            counted_on = event.due_on - timedelta(days=event.days_left)
            return _task(event) | {"days_left": event.days_left, "counted_on": counted_on.isoformat()}
        case DeadlineMissed():
            return _task(event) | {"days_late": event.days_late, "counted_on": day_of(event.recorded_at).isoformat()}
        case SubmissionReceipted():
            return _refusals(event)
        case ReportPublished():
            return {
                "province_name": _plain(event.province_name),
                "period": _plain(event.period),
                "edition": event.edition,
                "known_at": event.known_at.isoformat(),
                "content_sha256": _plain(event.content_sha256),
                "headline": [_plain(line) for line in event.headline],
            }
    raise TypeError(f"nobody is told of a {type(event).__name__}")


def _task(event: DeadlineApproaching | DeadlineMissed) -> dict[str, Any]:
    return {
        "content": _plain(event.content),
        "due_on": event.due_on.isoformat(),
        "lead": [_plain(body) for body in event.lead],
    }


def _refusals(event: SubmissionReceipted) -> dict[str, Any]:
    shown, others = listed(event.refused)
    return {
        "submission_id": _plain(event.submission_id),
        "received_on": day_of(event.recorded_at).isoformat(),
        "refused": len(event.refused),
        "listed": [{"item": _plain(refused.item), "sentence": _plain(refused.sentence)} for refused in shown],
        "others": others,
    }


def _days(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in days]


def _plain(text: str | None) -> str | None:
    return text.replace("\x00", "") if text else text
