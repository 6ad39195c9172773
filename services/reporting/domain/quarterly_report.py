"""What a quarterly report says: its lines, and the rules by which counts become rates and targets are met."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.reporting.domain.form import FilledForm, ReviewWarning, Scored


@dataclass(frozen=True)
class Target:
    """What is asked of a rate, in percent."""

    at_least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None

    def met_by(self, rate: Decimal) -> bool:
        return (
            (self.at_least is None or rate >= self.at_least)
            and (self.above is None or rate > self.above)
            and (self.below is None or rate < self.below)
            and (self.at_most is None or rate <= self.at_most)
        )


@dataclass(frozen=True)
class Figure:
    """Counts of one indicator in one window. None means that nothing was reported; it is not zero."""

    numerator: int | None
    denominator: int | None
    zero_denominator: str = "undefined"

    @property
    def exact_rate(self) -> Decimal | None:
        """In percent, unrounded: what a target is compared with."""
        if self.numerator is None or self.denominator is None:
            return None
        if self.denominator == 0:
            return {"zero": Decimal(0), "full": Decimal(100)}.get(self.zero_denominator)
        return Decimal(self.numerator) * 100 / Decimal(self.denominator)

    @property
    def rate(self) -> Decimal | None:
        """In percent with one decimal, half up: what a report prints."""
        exact = self.exact_rate
        return None if exact is None else exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator, of one commune or of the province. `met` is None without a target or without a rate.

    `scope` says in words of which part of it, where the target holds for a part only.
    """

    indicator: str
    name: str
    definition_version: int
    figure: Figure
    target: Target | None
    target_text: str | None
    previous: Figure
    scope: str | None = None

    @property
    def met(self) -> bool | None:
        exact = self.figure.exact_rate
        return None if self.target is None or exact is None else self.target.met_by(exact)


@dataclass(frozen=True)
class CommuneLine:
    """One commune's figures, in the order of the report's indicators; `scoped` are those of parts (see `scope`).

    Coordinates in degrees, for the map.
    """

    commune: str
    code: str
    name: str
    reported: bool
    indicators: tuple[IndicatorLine, ...]
    scoped: tuple[IndicatorLine, ...] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True)
class TaskCounts:
    """Tasks of one body in one commune. Late: open with a deadline past, counted within `open`."""

    commune: str
    commune_name: str
    body: str
    done: int
    open: int
    late: int


@dataclass(frozen=True)
class QuarterlyReport:
    """A commune's (`commune` given) or a province's report of one period as known at the end of `known_at`.

    `indicators` are sums over the communes; `communes` are sorted by Vietnamese collation; `not_reported` are names;
    `positions` are the last positions of the event stores that were known, by service; `refused_by_rule` maps the
    sentence for a rule to a count. `definitions` says whether the formulas are those of the period ("then") or of the
    day it was asked for ("now"); `map_day` is the day whose communes are shown. `unapproved` are names of communes
    whose own report is not approved, None where nobody asks for one. `pins` are versions by what they are a version of.
    """

    province: str
    province_name: str
    commune: str | None
    commune_name: str | None
    period: str
    period_name: str
    counted_from: date
    counted_until: date
    known_at: date
    indicators: tuple[IndicatorLine, ...]
    communes: tuple[CommuneLine, ...]
    tasks: tuple[TaskCounts, ...]
    readings: int
    refused: int
    refused_by_rule: dict[str, int]
    parked: int
    not_reported: tuple[str, ...]
    positions: dict[str, int]
    regime: str = "tthc-control"
    regime_name: str = "Kiểm soát thủ tục hành chính"
    definitions: str = "then"
    map_day: date | None = None
    scoped: tuple[IndicatorLine, ...] = ()
    footnotes: tuple[str, ...] = ()
    forms: tuple[FilledForm, ...] = ()
    scores: tuple[Scored, ...] = ()
    warnings: tuple[ReviewWarning, ...] = ()
    unapproved: tuple[str, ...] | None = None
    pins: dict[str, str] = field(default_factory=dict)

    def below(self, indicator: str) -> tuple[str, ...]:
        """The names of the communes that miss their target for an indicator."""
        return tuple(
            commune.name
            for commune in self.communes
            for line in commune.indicators
            if line.indicator == indicator and line.met is False
        )
