"""What a notice says of a report: that it is due or late, what was decided of it, and what a province published."""

from typing import Any

from services.notifications.domain.telling import counted_on
from shared.contracts.reporting import (
    ReportApproved,
    ReportDue,
    ReportLate,
    ReportPublished,
    ReportRestated,
    ReportReturned,
)

AboutReport = ReportDue | ReportLate | ReportReturned | ReportApproved | ReportPublished | ReportRestated


def words_of_report(event: AboutReport) -> dict[str, Any]:
    """Days as ISO text."""
    words = {"regime_name": event.regime_name, "period": event.period}
    match event:
        case ReportDue(days_left=left):
            return words | _days(event, left) | {"days_left": left}
        case ReportLate(days_late=late):
            return words | _days(event, -late) | {"days_late": late}
        case ReportReturned():
            return words | {"submission": event.submission, "by": event.by, "reason": event.reason}
        case ReportApproved():
            return words | {"submission": event.submission, "by": event.by, "content_sha256": event.content_sha256}
        case ReportPublished():
            return words | _edition(event)
        case ReportRestated():
            counts = {"replaces": event.replaces, "moved": event.moved, "corrections": event.corrections}
            return words | _edition(event) | counts | {"by": event.by, "reason": event.reason}


def _days(event: ReportDue | ReportLate, days_left: int) -> dict[str, str]:
    return {
        "province_name": event.province_name,
        "due_on": event.due_on.isoformat(),
        "counted_on": counted_on(event.due_on, days_left).isoformat(),
    }


def _edition(event: ReportPublished | ReportRestated) -> dict[str, Any]:
    return {
        "province_name": event.province_name,
        "edition": event.edition,
        "known_at": event.known_at.isoformat(),
        "content_sha256": event.content_sha256,
        "headline": list(event.headline),
    }
