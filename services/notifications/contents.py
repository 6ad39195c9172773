"""The contents of a notice: the fields of an announcement in the form in which they wait for their template.

Days are ISO text.
"""

from typing import Any

from services.notifications.domain.recipients import counted_on
from services.notifications.task_contents import FromTask, listed, task_contents
from shared.clock import day_of
from shared.contracts import Event
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.reporting import (
    ReportApprovalOvertaken,
    ReportApproved,
    ReportDue,
    ReportLate,
    ReportPublished,
    ReportReminded,
    ReportRestated,
    ReportReturned,
)

FromReport = (
    ReportDue
    | ReportLate
    | ReportReminded
    | ReportReturned
    | ReportApproved
    | ReportApprovalOvertaken
    | ReportPublished
    | ReportRestated
)


def contents_of(event: Event) -> dict[str, object]:
    """By the names that templates use; without the character that PostgreSQL's jsonb does not keep."""
    if isinstance(event, FromTask):
        contents = task_contents(event)
    elif isinstance(event, FromReport):
        contents = {"regime_name": event.regime_name, "period": event.period, **_of_report(event)}
    elif isinstance(event, SubmissionReceipted):
        contents = _of_refusals(event)
    else:
        raise TypeError(f"no notice is written about {type(event).__name__}")
    return {name: _without_nul(value) for name, value in contents.items()}


def _of_refusals(event: SubmissionReceipted) -> dict[str, object]:
    shown, others = listed(event.refused)
    return {
        "submission_id": event.submission_id,
        "received_on": day_of(event.recorded_at).isoformat(),
        "refused": len(event.refused),
        "listed": [{"item": refused.item, "sentence": refused.sentence} for refused in shown],
        "others": others,
    }


def _of_report(event: FromReport) -> dict[str, object]:
    match event:
        case ReportDue(days_left=left) | ReportReminded(days_left=left):
            return _days(event, left) | event.model_dump(include={"days_left", "note", "by"})
        case ReportLate(days_late=late):
            return _days(event, -late) | {"days_late": late}
        case ReportReturned() | ReportApproved():
            return event.model_dump(include={"submission", "by", "reason", "content_sha256"}) | _remarks(event)
        case ReportApprovalOvertaken():
            return _overtaken(event)
        case ReportPublished():
            return _edition(event)
        case ReportRestated():
            return _edition(event) | _restated(event)


def _remarks(event: ReportReturned | ReportApproved) -> dict[str, object]:
    if isinstance(event, ReportApproved):
        return {}
    shown, others = listed(event.cells)
    return {"cells": [{"place": _place(cell.item), "note": cell.note} for cell in shown], "others": others}


def _place(item: str) -> str:
    """A form's cell such as II.06/land/3 in words; the id of an indicator as it is."""
    form, _, cell = item.partition("/")
    field, _, column = cell.rpartition("/")
    return f"Biểu {form}, lĩnh vực {field}, cột {column}" if field and column else item


def _overtaken(event: ReportApprovalOvertaken) -> dict[str, object]:
    fields = {"submission", "approved_by", "moved", "figures", "corrected", "corrections", "late_readings"}
    return event.model_dump(mode="json", include=fields)


def _days(event: ReportDue | ReportLate | ReportReminded, days_left: int) -> dict[str, str]:
    return {
        "province_name": event.province_name,
        "due_on": event.due_on.isoformat(),
        "counted_on": counted_on(event.due_on, days_left).isoformat(),
    }


def _edition(event: ReportPublished | ReportRestated) -> dict[str, object]:
    return {
        "province_name": event.province_name,
        "edition": event.edition,
        "known_at": event.known_at.isoformat(),
        "content_sha256": event.content_sha256,
        "headline": list(event.headline),
    }


def _restated(event: ReportRestated) -> dict[str, object]:
    return event.model_dump(include={"replaces", "moved", "corrections", "by", "reason"})


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\x00", "")
        case list():
            return [_without_nul(each) for each in value]
        case dict():
            return {name: _without_nul(each) for name, each in value.items()}
    return value
