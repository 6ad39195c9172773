"""The contents of a notice about a task: what to do, which obligations are open, and how a milestone is named."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from services.notifications.domain.recipients import counted_on
from shared.calendar.recurring_periods import period_text
from shared.clock import day_of
from shared.contracts.planning import (
    DeadlineApproaching,
    DeadlineMissed,
    Obligation,
    TaskAssigned,
    TaskCommented,
    TaskExtended,
    TaskExtensionDeclined,
    TaskExtensionRequested,
    TaskMoved,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskWithdrawn,
)

MOST_LISTED = 20

Change = (
    TaskAssigned
    | TaskRevised
    | TaskWithdrawn
    | TaskReturned
    | TaskMoved
    | TaskExtensionRequested
    | TaskExtensionDeclined
)
FromTask = Change | TaskCommented | DeadlineApproaching | DeadlineMissed
# What followers read of a task, within a sentence.
NEWS: Mapping[type[FromTask], str] = {
    TaskAssigned: "được giao",
    TaskRevised: "được sửa đổi theo kế hoạch",
    TaskWithdrawn: "được rút khỏi kế hoạch",
    TaskReturned: "bị trả lại kết quả",
    TaskExtended: "được gia hạn",
    TaskExtensionRequested: "được đề nghị gia hạn",
    TaskExtensionDeclined: "không được gia hạn",
    TaskResolved: "được xác định thời hạn",
    TaskRescheduled: "được dời hạn theo lịch nghỉ",
    DeadlineApproaching: "sắp đến hạn",
    DeadlineMissed: "quá hạn",
}
Item = TypeVar("Item")


def task_contents(event: FromTask) -> dict[str, object]:
    if isinstance(event, TaskCommented):
        further: dict[str, object] = {"by": event.by, "note": event.note}
    elif isinstance(event, DeadlineApproaching | DeadlineMissed):
        further = _deadline(event) | {"news": NEWS[type(event)]}
    else:
        further = _change(event) | {"news": NEWS[type(event)]}
    return {"content": event.content, "lead": list(event.lead), "support": list(event.support), **further}


def _change(event: Change) -> dict[str, object]:
    match event:
        case TaskAssigned():
            return _requirements(event)
        case TaskRevised():
            return _requirements(event) | {"amendment": event.plan_version - 1}
        case TaskExtended() | TaskResolved():
            return owed(event.obligations, ()) | _decision(event)
        case TaskMoved():
            return owed(event.obligations, ())
        case TaskExtensionRequested() | TaskExtensionDeclined():
            return _request(event) | _decision(event)
        case TaskReturned() | TaskWithdrawn():
            return _decision(event)


def _requirements(event: TaskAssigned | TaskRevised) -> dict[str, object]:
    named = {"deliverable": event.deliverable, "schedule_text": event.schedule_text}
    return named | owed(event.obligations, event.deadlines)


def _request(event: TaskExtensionRequested | TaskExtensionDeclined) -> dict[str, object]:
    request = {"task_id": event.task_id, "requested": event.requested.isoformat()}
    if isinstance(event, TaskExtensionDeclined):
        return request | {"milestone": milestone_name(None, event.obligation), "requested_by": event.requested_by}
    due_on = event.due_on.isoformat() if event.due_on else None
    return request | {"milestone": milestone_name(event.label, event.obligation), "due_on": due_on}


def _decision(
    event: TaskExtended | TaskResolved | TaskReturned | TaskWithdrawn | TaskExtensionRequested | TaskExtensionDeclined,
) -> dict[str, object]:
    return {"by": event.by, "reason": event.reason}


def _deadline(event: DeadlineApproaching | DeadlineMissed) -> dict[str, object]:
    if isinstance(event, DeadlineApproaching):
        days, day = {"days_left": event.days_left}, counted_on(event.due_on, event.days_left)
    else:
        days, day = {"days_late": event.days_late}, day_of(event.recorded_at)
    milestone = milestone_name(event.label, event.obligation)
    return {"due_on": event.due_on.isoformat(), "counted_on": day.isoformat(), "milestone": milestone, **days}


def milestone_name(label: str | None, period: str | None) -> str | None:
    """`báo cáo kết quả (quý III năm 2025)`; None for an obligation that has no name but its task's.

    `period` is a period or the key of an obligation, which need not be one.
    """
    when = period_text(period) if period else None
    name = " ".join(label.replace("\x00", "").split()) if label else ""
    if name and when:
        return f"{name} ({when})"
    return name or (f"kỳ {when}" if when else None)


def owed(obligations: Iterable[Obligation], deadlines: Iterable[date]) -> dict[str, object]:
    """The open obligations that have a day, in the order of the days, as a template lists them.

    `deadlines` are the days alone, for announcements of the time before there were obligations. `planned` is the day
    that the plan names, None where that is the day on which it is due.
    """
    days = [(each.due, each) for each in obligations if each.state == "open" and each.due]
    lines = [
        {
            "name": milestone_name(each.label, each.period),
            "due_on": due.isoformat(),
            "planned": each.planned.isoformat() if each.planned and each.planned != due else None,
        }
        for due, each in sorted(days, key=lambda day: day[0])
    ] or [{"name": None, "due_on": day.isoformat(), "planned": None} for day in deadlines]
    shown, others = listed(lines)
    return {"owed": list(shown), "others": others}


def listed(items: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """The items that a notice lists, and the number of the others, which it only counts."""
    return items[:MOST_LISTED], max(0, len(items) - MOST_LISTED)
