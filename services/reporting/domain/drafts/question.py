"""The report to compute: province or commune, period, regime, map, and the day whose knowledge counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from services.reporting.domain.content.versions import COMPUTATION, CURRENT, LAYOUT
from services.reporting.domain.regime import Regime
from services.reporting.domain.territory.territory_map import TerritoryMap
from shared.calendar import Calendar
from shared.periods import Period

Versions = Literal["then", "now"]


@dataclass(frozen=True)
class Question:
    """A report to compute: of a province, or of one of its communes (our own id), as known at the end of `known_at`.

    `definitions`: formulas in force on the period's last day ("then") or on `known_at` ("now"). `map_day`: the day
    whose communes are shown; None for the period's last day. `by_field`: with counts by field, which forms and scoped
    targets need. `computation` and `layout` are versions of our own rules; `calendar` is the one known at `known_at`.
    """

    province: str
    period: Period
    known_at: date
    regime: Regime
    commune: str | None = None
    definitions: Versions = "then"
    map_day: date | None = None
    by_field: bool = True
    computation: int = CURRENT[COMPUTATION]
    layout: int = CURRENT[LAYOUT]
    calendar: Calendar = field(default_factory=Calendar)

    @property
    def window(self) -> tuple[date, date]:
        return self.regime.window(self.period)

    @property
    def window_before(self) -> tuple[date, date]:
        return self.regime.window(self.period.before())

    @property
    def opening_window(self) -> tuple[date, date]:
        """The window of the quarter that ends before the period begins; its levels are the opening balance."""
        return self.regime.window(self.period.quarter_before())

    @property
    def first_day(self) -> date:
        """Of which a count can enter the report, as a count, in a comparison or as an opening balance."""
        return min(window[0] for window in (self.window, self.window_before, self.opening_window))

    @property
    def shown_on(self) -> date:
        return self.map_day or self.window[1]

    @property
    def defined_on(self) -> date:
        return self.window[1] if self.definitions == "then" else self.known_at

    @cached_property
    def working_days(self) -> Sequence[date]:
        """The working days of the window that are over at the end of `known_at`, in order."""
        start, until = self.window
        days = range((min(until, self.known_at) - start).days + 1)
        return [day for n in days if self.calendar.is_working_day(day := start + timedelta(days=n))]

    def source_communes(self, shown: TerritoryMap) -> list[str]:
        """The present and former communes whose counts the report may contain, sorted ids."""
        if self.commune:
            return sorted(shown.sources_of([self.commune]))
        own = [*shown.of_province(self.province), *shown.established_later(self.province)]
        return sorted(shown.sources_of(commune.commune for commune in own))
