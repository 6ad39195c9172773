"""The reminders of a day: for each report that is due soon or late, the last step of its regime that has come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from services.reporting.domain.regime import Level, Regime, regime_for
from services.reporting.domain.territory.communes import Commune
from shared.calendar import Calendar
from shared.periods import Period, periods_ending_in

# After an outage a missed step is announced once, but none that came longer ago than this.
ANNOUNCED_WITHIN = timedelta(days=7)
# An office's report to its commune's centre is not submitted to this service.
REMINDED_LEVELS: tuple[Level, ...] = ("commune", "province")


@dataclass(frozen=True)
class Reminder:
    """A reminder of a report of one level: `step` in days after `due_on`, negative before it."""

    regime: Regime
    period: Period
    level: Level
    due_on: date
    step: int

    def is_announced(self, announced: tuple[date, int] | None) -> bool:
        """Whether this step or a later one was announced for the same due date. `announced` is (due date, step)."""
        return announced is not None and announced[0] == self.due_on and announced[1] >= self.step


class Reporter(NamedTuple):
    """Who owes a report: a commune by our own id, or the province itself where `commune` is None."""

    commune: str | None
    province: str
    province_name: str


class DueReport(NamedTuple):
    """The last day on which the reports of a period are due from a level."""

    regime: str
    title: str
    period: str
    level: Level
    due_on: date


def reporters(level: Level, communes: Iterable[Commune]) -> list[Reporter]:
    """Who reports at a level: each commune, or each province that has one."""
    if level == "province":
        provinces = {commune.province: commune.province_name for commune in communes}
        return [Reporter(None, province, name) for province, name in provinces.items()]
    return [Reporter(each.commune, each.province, each.province_name) for each in communes]


def periods_around(day: date) -> Iterator[Period]:
    """Every period that ends in the year of a day, in the year before or in the year after."""
    for year in (day.year - 1, day.year, day.year + 1):
        yield from periods_ending_in(year)


def reminders(regimes: Sequence[Regime], today: date, calendar: Calendar, reports_from: date) -> Iterator[Reminder]:
    """One for each report that is due soon or newly late, of periods that end on `reports_from` or later."""
    for regime in regimes:
        for period in periods_around(today):
            if not regime.reports(period) or regime_for(regimes, regime.name, period) is not regime:
                continue
            if regime.window(period)[1] < reports_from:
                continue
            for level in REMINDED_LEVELS:
                due_on = regime.due_on(period, level, calendar)
                step = _step_come(regime.remind, due_on, today) if due_on else None
                if due_on and step is not None:
                    yield Reminder(regime, period, level, due_on, step)


def due_around(regimes: Sequence[Regime], day: date, calendar: Calendar) -> list[DueReport]:
    """For each regime and level the reports due last before a day and those due next, in the order of their days."""
    found: list[DueReport] = []
    for regime in regimes:
        periods = [p for p in periods_around(day) if regime.reports(p)]
        in_force = [p for p in periods if regime_for(regimes, regime.name, p) is regime]
        for level in regime.deadlines:
            due = [
                DueReport(regime.name, regime.title, period.name, level, due_on)
                for period in in_force
                if (due_on := regime.due_on(period, level, calendar))
            ]
            last = max((d.due_on for d in due if d.due_on < day), default=None)
            coming = min((d.due_on for d in due if d.due_on >= day), default=None)
            found += [d for d in due if d.due_on in (last, coming)]
    return sorted(found, key=lambda d: (d.due_on, d.regime, d.level, d.period))


def _step_come(steps: Sequence[int], due_on: date, today: date) -> int | None:
    if not steps or today > due_on + timedelta(days=max(steps)) + ANNOUNCED_WITHIN:
        return None
    come = max((step for step in steps if due_on + timedelta(days=step) <= today), default=None)
    # After the due date a report is late, and announced as late from the first step after that date on.
    return None if come is not None and come <= 0 and today > due_on else come
