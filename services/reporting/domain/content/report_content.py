"""The content of a report of any period: figures, targets, lines of indicators and communes, and task counts."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from services.reporting.domain.content.filled_form import FilledForm
from services.reporting.domain.content.narrative import WrittenSection
from services.reporting.domain.content.restatement import Restatement
from services.reporting.domain.content.scores import Scored
from services.reporting.domain.content.versions import LATER, LAYOUT, pinned
from shared.regimes import DEFAULT_REGIME, DEFAULT_REGIME_TITLE

THIN_PERCENT = 80  # of the communes, or of their working days


@dataclass(frozen=True)
class Target:
    """The bounds set for a rate, in percent; a bound that is None is not set.

    With `change`, "up" or "down", they bound by how many percent of itself the rate rose or fell since the period
    before.
    """

    at_least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None
    change: str | None = field(default=None, metadata=LATER)

    def met_by(self, rate: Decimal, before: Decimal | None = None) -> bool | None:
        """Whether a rate is within the bounds; of a change None where there is no rate before that is not zero."""
        if self.change is None:
            return self._holds(rate)
        if not before:
            return None
        moved = (rate - before) * 100 / before
        return self._holds(moved if self.change == "up" else -moved)

    def _holds(self, rate: Decimal) -> bool:
        return (
            (self.at_least is None or rate >= self.at_least)
            and (self.above is None or rate > self.above)
            and (self.below is None or rate < self.below)
            and (self.at_most is None or rate <= self.at_most)
        )


@dataclass(frozen=True)
class Figure:
    """The counts of one indicator in one window. None means that nothing was reported, which is not zero.

    `zero_denominator` is the rate of a figure that counts nothing: "zero", "full" (100 percent) or "undefined".
    """

    numerator: int | None
    denominator: int | None
    zero_denominator: str = "undefined"

    @property
    def exact_rate(self) -> Decimal | None:
        """In percent, unrounded, to be compared with a target; None without a rate."""
        if self.numerator is None or self.denominator is None:
            return None
        if self.denominator == 0:
            return {"zero": Decimal(0), "full": Decimal(100)}.get(self.zero_denominator)
        return Decimal(self.numerator) * 100 / Decimal(self.denominator)

    @property
    def rate(self) -> Decimal | None:
        """In percent with one decimal, rounded half up, to be printed; None without a rate."""
        exact = self.exact_rate
        return None if exact is None else exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Coverage:
    """How much of a window and of its communes a figure rests on.

    `communes` of `of_communes` have a figure; `days` are their days with both sides of the formula, of `of_days`
    working days that are over, all added; None for levels, of which one a window is enough. `incomplete_days` are days
    of which counts were left out because the other side was not reported, in `incomplete_communes`.
    """

    communes: int
    of_communes: int
    days: int | None
    of_days: int
    incomplete_days: int = 0
    incomplete_communes: int = 0

    @property
    def is_thin(self) -> bool:
        """Whether a reader has to be warned. The limit is a part of the layout: another one is another version."""
        few_communes = self.communes * 100 < THIN_PERCENT * self.of_communes
        return few_communes or (self.days is not None and self.days * 100 < THIN_PERCENT * self.of_days)


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator of one commune or of the province, with its target and the period before.

    `scope` names the part of the indicator for which a target holds, in the plan's words; None for the whole.
    `target_text` is the target as the plan wrote it. `met` is None without a target or without a rate.
    """

    indicator: str
    name: str
    definition_version: int
    figure: Figure
    target: Target | None
    target_text: str | None
    previous: Figure
    scope: str | None = None
    coverage: Coverage | None = field(default=None, metadata=LATER)

    @property
    def met(self) -> bool | None:
        exact = self.figure.exact_rate
        if self.target is None or exact is None:
            return None
        return self.target.met_by(exact, self.previous.exact_rate)

    @property
    def shown_rate(self) -> Decimal | None:
        """The figure's rate with one decimal, never rounded to the other side of its target.

        2672 of 2673 for a target of 100 percent is 99.9, not 100.0 that is marked as missed.
        """
        exact = self.figure.exact_rate
        if exact is None or self.target is None or self.target.change:
            return self.figure.rate
        rounded = (exact.quantize(Decimal("0.1"), how) for how in (ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING))
        return next((rate for rate in rounded if self.target.met_by(rate) == self.met), self.figure.rate)


@dataclass(frozen=True)
class CommuneLine:
    """One commune's figures in the order of the report's indicators; `scoped` are the lines that have a `scope`.

    `commune` is our own id, `code` the official one. Coordinates in degrees, None where unknown.
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
    """The numbers of tasks of one body in one commune. `late` are the open ones past a deadline, a part of `open`."""

    commune: str
    commune_name: str
    body: str
    done: int
    open: int
    late: int


@dataclass(frozen=True)
class ReviewWarning:
    """A sentence for a reviewer to read before approving a report, with the name of the review rule that found it."""

    rule: str
    commune: str
    commune_name: str
    sentence: str


@dataclass(frozen=True)
class ReportContent:
    """A commune's (`commune` given) or a province's report of one period, as known at the end of `known_at`.

    `counted_from` and `counted_until` are inclusive. `indicators` are sums over the communes; `communes` are sorted by
    Vietnamese collation; `not_reported` and `unapproved` are names, `unapproved` None where communes do not report.
    `refused_by_rule` maps the label of a rule to a count. `positions` are the last known positions of the event stores,
    by service. `definitions`: formulas in force on the period's last day ("then") or on `known_at` ("now"). `map_day`
    is the day whose communes are shown. `pins` are versions by data file ("form II.06", "regime", "map", "calendar").
    `restated` says what moved since the edition before; `narrative` are the sections that a person wrote.
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
    regime: str = DEFAULT_REGIME
    regime_name: str = DEFAULT_REGIME_TITLE
    definitions: str = "then"
    map_day: date | None = None
    scoped: tuple[IndicatorLine, ...] = ()
    footnotes: tuple[str, ...] = ()
    forms: tuple[FilledForm, ...] = ()
    scores: tuple[Scored, ...] = ()
    warnings: tuple[ReviewWarning, ...] = ()
    unapproved: tuple[str, ...] | None = None
    pins: dict[str, str] = field(default_factory=dict)
    restated: Restatement | None = field(default=None, metadata=LATER)
    narrative: tuple[WrittenSection, ...] = field(default=(), metadata=LATER)

    @property
    def layout(self) -> int:
        return pinned(self.pins, LAYOUT)

    def below(self, indicator: str) -> tuple[str, ...]:
        """The names of the communes that miss their target for an indicator."""
        return tuple(
            commune.name
            for commune in self.communes
            for line in commune.indicators
            if line.indicator == indicator and line.met is False
        )
