"""How a mail names what a task owes: by the milestone that the plan names, by the period that recurs, or by both."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from services.notifications.domain.telling import listed
from shared.contracts.planning import Obligation

ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
HALVES = {"1": "đầu", "2": "cuối"}
# The periods in which something recurs; an obligation's key is its period, and `~2` where that holds two of them.
PERIODS: Sequence[tuple[str, Callable[[str, str], str]]] = (
    (r"(\d{4})()", lambda year, _: f"năm {year}"),
    (r"(\d{4})-H([12])", lambda year, half: f"6 tháng {HALVES[half]} năm {year}"),
    (r"(\d{4})-Q([1-4])", lambda year, quarter: f"quý {ROMAN[quarter]} năm {year}"),
    (r"(\d{4})-(0[1-9]|1[0-2])", lambda year, month: f"tháng {int(month)} năm {year}"),
    (r"(\d{4})-W(\d\d)", lambda year, week: f"tuần {int(week)} năm {year}"),
)


def named(label: str | None, period: str | None) -> str | None:
    """`báo cáo kết quả (quý III năm 2025)`; None for what has no name but its task's.

    `period` is a period or the key of an obligation, which need not be one.
    """
    when = _in_words(period) if period else None
    what = " ".join(label.replace("\x00", "").split()) if label else ""
    if what and when:
        return f"{what} ({when})"
    return what or (f"kỳ {when}" if when else None)


def owed(obligations: Iterable[Obligation], deadlines: Iterable[date]) -> dict[str, Any]:
    """What is open and has a day, in the order of the days, as a template lists it.

    `deadlines` are the days alone, for announcements of the time before there were obligations. `planned` is the day
    that the plan names, null where that is the day on which it is due.
    """
    days = [(each.due, each) for each in obligations if each.state == "open" and each.due]
    lines = [
        {
            "name": named(each.label, each.period),
            "due_on": due.isoformat(),
            "planned": each.planned.isoformat() if each.planned and each.planned != due else None,
        }
        for due, each in sorted(days, key=lambda day: day[0])
    ] or [{"name": None, "due_on": day.isoformat(), "planned": None} for day in deadlines]
    shown, others = listed(lines)
    return {"owed": list(shown), "others": others}


def _in_words(period: str) -> str | None:
    for form, in_words in PERIODS:
        if found := re.fullmatch(form + r"(?:~\d+)?", period, re.ASCII):
            return in_words(found[1], found[2])
    return None
