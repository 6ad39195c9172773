"""Which reports are due around a day, as somebody who asks is told."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.reporting.domain.regime import Level, Regime
from services.reporting.domain.reminders import periods_around
from services.reporting.regimes import regime_for
from shared.calendar import Calendar
from shared.periods import Period


class DueReport(NamedTuple):
    regime: str
    title: str
    period: str
    level: Level
    due_on: date


def due_around(regimes: Sequence[Regime], day: date, calendar: Calendar) -> list[DueReport]:
    """Of each regime and level what was due last before a day, and what is due next; in the order of their days."""
    found: list[DueReport] = []
    for regime in regimes:
        periods = [p for p in periods_around(day) if regime.reports(p)]
        in_force = [p for p in periods if regime_for(tuple(regimes), regime.name, p) is regime]
        for level in regime.deadlines:
            due = [
                DueReport(regime.name, regime.title, p.name, level, _due(regime, p, level, calendar)) for p in in_force
            ]
            last = max((d.due_on for d in due if d.due_on < day), default=None)
            coming = min((d.due_on for d in due if d.due_on >= day), default=None)
            found += [d for d in due if d.due_on in (last, coming)]
    return sorted(found, key=lambda d: (d.due_on, d.regime, d.level, d.period))


def _due(regime: Regime, period: Period, level: Level, calendar: Calendar) -> date:
    due_on = regime.due_on(period, level, calendar)
    assert due_on
    return due_on
