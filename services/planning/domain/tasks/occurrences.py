"""The occurrences of a recurring milestone: when it is due in each calendar period of its span."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from shared.calendar.recurring_periods import Every, period_name

_MONTHS: dict[Every, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CalendarPeriod:
    """A whole week (Monday to Sunday), month, quarter, half-year or year."""

    name: str
    from_: date
    until: date


@dataclass(frozen=True)
class Occurrence:
    """`due` is the nominal last acceptable day; `from_` the first day of the period that is inside the span."""

    period: str
    from_: date
    due: date


def periods_of(every: Every, from_: date, until: date) -> list[CalendarPeriod]:
    """The periods that share a day with the span, whole, in their order."""
    periods = []
    first = _start(every, from_)
    while first <= until:
        after = _start(every, first + timedelta(days=7 if every == "week" else 31 * _MONTHS[every]))
        periods.append(CalendarPeriod(period_name(every, first), first, after - _ONE_DAY))
        first = after
    return periods


def occurrences(every: Every, from_: date, until: date, on: str | None) -> list[Occurrence]:
    """At most one for each period, due inside the span. ValueError for an `on` that no period has.

    Without `on` it is due on the period's last day, and on `until` when the span ends before: a plan requires the last
    period too, and nothing is due after the plan. A day that is named is never moved: where it lies outside the span
    the period has no occurrence, since the plan had not begun or has ended on it.
    """
    named = None if on is None else _named_day(every, on)
    found = []
    for period in periods_of(every, from_, until):
        due = min(period.until, until) if named is None else _day_in(period, every, *named)
        if from_ <= due <= until:
            found.append(Occurrence(period.name, max(period.from_, from_), due))
    return found


def _start(every: Every, day: date) -> date:
    if every == "week":
        return day - timedelta(days=day.weekday())
    return date(day.year, day.month - (day.month - 1) % _MONTHS[every], 1)


def _named_day(every: Every, on: str) -> tuple[int | None, int]:
    """The month, where a year's day names it, and the day."""
    found = re.fullmatch(r"(?:(0[1-9]|1[0-2])-)?([0-9]{1,2})", on)
    last = 7 if every == "week" else 31
    if not found or (found[1] and every != "year") or not 1 <= int(found[2]) <= last:
        raise ValueError(f'"{on}" is not a day of a {every}')
    return int(found[1]) if found[1] else None, int(found[2])


def _day_in(period: CalendarPeriod, every: Every, month: int | None, day: int) -> date:
    """The day of the period's last month, or its last one in a month that is shorter; Monday is day 1 of a week."""
    if every == "week":
        return period.from_ + timedelta(days=day - 1)
    year, month = period.until.year, month or period.until.month
    return date(year, month, min(day, monthrange(year, month)[1]))
