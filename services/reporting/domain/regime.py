"""A reporting regime: which periods are reported, from which day to which they count, and each level's deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from shared.calendar import Calendar, Roll
from shared.periods import Kind, Period

# Offices report to their commune's centre, communes to the province, provinces to the Government.
Level = Literal["office", "commune", "province"]


@dataclass(frozen=True)
class DeadlineRule:
    """The deadline of a level: a `day` of the month in which the cut-off is over, or `working_days` after the cut-off.

    `roll` moves a deadline on a day off; a cut-off never moves. At least one working day lies between cut-off and
    deadline, whatever `day` is (Decree 09/2019/ND-CP, article 8, clause 5, point b).
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
    """`cut_off` is the last day of a month that counts, 0 for calendar months; `version` is the first day in force.

    `periods` are kinds of periods, or names without a year (Q1, H1, Q3, year). `forms` and `scorecards` are the codes
    of those that a report contains. `remind` are the days of reminders, counted after the deadline, negative before it.
    `source` is the act (Decree 09/2019/ND-CP, article 12, for periods that end on the 14th).
    """

    name: str
    title: str
    version: str
    source: str
    cut_off: int
    periods: tuple[str, ...]
    deadlines: Mapping[Level, DeadlineRule]
    forms: tuple[str, ...] = ()
    scorecards: tuple[str, ...] = ()
    remind: tuple[int, ...] = ()

    def reports(self, period: Period) -> bool:
        """Whether the regime requires a report of that period."""
        return period.kind in self.periods or (period.name.partition("-")[2] or "year") in self.periods

    def window(self, period: Period) -> tuple[date, date]:
        """The first and the last day counted, both inclusive."""
        return period.window(self.cut_off)

    def due_on(self, period: Period, level: Level, calendar: Calendar) -> date | None:
        """The last day on which a report of a level is in time; None where that level does not report."""
        deadline = self.deadlines.get(level)
        return deadline.due_on(period, self.cut_off, calendar) if deadline else None


KINDS: tuple[Kind, ...] = ("month", "quarter", "half-year", "nine-months", "year")


def regime_on(regimes: Sequence[Regime], name: str, day: date) -> Regime | None:
    """The version of a regime in force on a day; None for an unknown regime, or one that is not in force yet."""
    by = day.isoformat()
    versions = [r for r in regimes if r.name == name and r.version <= by]
    return max(versions, key=lambda r: r.version, default=None)


def regime_for(regimes: Sequence[Regime], name: str, period: Period) -> Regime | None:
    """The version of a regime in force on the last day of a period; None as in `regime_on`."""
    versions = (r for r in regimes if r.name == name)
    return next((r for r in versions if regime_on(regimes, name, r.window(period)[1]) is r), None)
