"""Which reports are due around a day, and which step of reminding whoever owes them has come."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.reporting.domain.regime import Level, Regime
from shared.calendar import Calendar
from shared.periods import Period

# After an outage what came meanwhile is said once; what is over for longer than that is not news to anybody.
SAID_WITHIN = timedelta(days=7)
# What an office owes its commune's centre is no report that is submitted here.
REMINDED: tuple[Level, ...] = ("commune", "province")
_NAMES = ("-Q1", "-Q2", "-Q3", "-Q4", "-H1", "-9M", "", *(f"-M{month:02}" for month in range(1, 13)))

InForce = Callable[[Regime, Period], bool]


@dataclass(frozen=True)
class Reminder:
    """The last step that has come, in days after `due_on` (below zero before it), for a report of a level."""

    regime: Regime
    period: Period
    level: Level
    due_on: date
    step: int

    def said(self, announced: tuple[date, int] | None) -> bool:
        """Whether this step, or a later one, was said of this day; another day is reminded of anew."""
        return announced is not None and announced[0] == self.due_on and announced[1] >= self.step


def periods_around(day: date) -> Iterator[Period]:
    """Every period that ends in the year of a day, in the one before or in the one after."""
    for year in (day.year - 1, day.year, day.year + 1):
        yield from (Period.parse(f"{year}{name}") for name in _NAMES)


def reminders(
    regimes: Sequence[Regime], in_force: InForce, today: date, calendar: Calendar, reports_from: date
) -> Iterator[Reminder]:
    """One for each report that is due soon or is newly late, of periods whose last day is `reports_from` or later."""
    for regime in regimes:
        for period in periods_around(today):
            if not regime.reports(period) or not in_force(regime, period):
                continue
            if regime.window(period)[1] < reports_from:
                continue
            for level in REMINDED:
                due_on = regime.due_on(period, level, calendar)
                step = _step_come(regime.remind, due_on, today) if due_on else None
                if due_on and step is not None:
                    yield Reminder(regime, period, level, due_on, step)


def _step_come(steps: Sequence[int], due_on: date, today: date) -> int | None:
    if not steps or today > due_on + timedelta(days=max(steps)) + SAID_WITHIN:
        return None
    come = max((step for step in steps if due_on + timedelta(days=step) <= today), default=None)
    # That a report is due is no news after its day: then it is late, from the step for that on.
    return None if come is not None and come <= 0 and today > due_on else come
