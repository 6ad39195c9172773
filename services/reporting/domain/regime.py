"""A reporting regime: which periods are reported, how they are counted, and until when each level reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from shared.calendar import Calendar, Roll
from shared.periods import Kind, Period

# Offices report to their commune's centre, communes to the province, provinces to the Government.
Level = Literal["office", "commune", "province"]


@dataclass(frozen=True)
class Deadline:
    """Until when a level reports: `day` of the month in which the cut-off is over, or so many working days after it.

    `roll` says where a day that is a day off goes; the cut-off itself never moves. Between the two lies at least one
    working day, whatever `day` says (Decree 09/2019/ND-CP, article 8, clause 5, point b).
    """

    day: int | None = None
    working_days: int | None = None
    roll: Roll = "forward"

    def due_on(self, period: Period, cut_off: int, calendar: Calendar) -> date:
        last_counted = period.window(cut_off)[1]
        if self.working_days is not None:
            return calendar.add_working_days(last_counted, self.working_days)
        assert self.day
        # The day after a cut-off at the end of a month lies in the next month.
        due = (last_counted + timedelta(days=1)).replace(day=self.day)
        return max(calendar.effective(due, self.roll), calendar.add_working_days(last_counted, 1))


@dataclass(frozen=True)
class Regime:
    """`cut_off` is the last day of a month that counts for it, 0 for calendar months; `version` the day it is from.

    `periods` are the kinds reported, or the names without their year of those that are (Q1, H1, Q3, year); `forms` and
    `scorecards` are the codes of what a report of it holds. `remind` are days after the last day of a report, below
    zero before it, on which whoever has not reported is told of it.
    """

    name: str
    title: str
    version: str
    source: str
    cut_off: int
    periods: tuple[str, ...]
    deadlines: Mapping[Level, Deadline]
    forms: tuple[str, ...] = ()
    scorecards: tuple[str, ...] = ()
    remind: tuple[int, ...] = ()

    def reports(self, period: Period) -> bool:
        """Whether a report of that period is asked for."""
        own = period.name.partition("-")[2] or "year"
        return own in self.periods or period.kind in self.periods

    def window(self, period: Period) -> tuple[date, date]:
        """First and last day counted, both inclusive."""
        return period.window(self.cut_off)

    def due_on(self, period: Period, level: Level, calendar: Calendar) -> date | None:
        """The last day on which a report of a level is in time; None where that level does not report."""
        deadline = self.deadlines.get(level)
        return deadline.due_on(period, self.cut_off, calendar) if deadline else None


KINDS: tuple[Kind, ...] = ("month", "quarter", "half-year", "nine-months", "year")
