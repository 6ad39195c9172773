"""The design of a scorecard: groups of criteria, the rule by which each gives points, and the classes of the total."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from services.reporting.domain.content.report_content import Target

ZERO = Decimal(0)
HUNDRED = Decimal(100)
NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True)
class Fulfilment:
    """An answer with two dates: the day by which something had to be done, and the day on which it was done."""

    due_on: date
    done_on: date

    @property
    def days_late(self) -> int:
        """Negative when it was done before the due day."""
        return (self.done_on - self.due_on).days


Answer = bool | int | Decimal | Fulfilment | str
"""An answer to a criterion; the only text allowed is NOT_APPLICABLE."""


@dataclass(frozen=True)
class Ratio:
    """The number that a rule scores, as `over` / `under`: points are divided, and rounded, only once."""

    over: Decimal
    under: Decimal = Decimal(1)

    @property
    def number(self) -> Decimal:
        return self.over / self.under


@dataclass(frozen=True)
class Proportional:
    """Points in proportion to the rate, all from the threshold on, none below the floor; both in percent.

    Decision 766/QD-TTg scores its rates so: min(maximum, maximum x rate / threshold).
    """

    threshold: Decimal = HUNDRED
    floor: Decimal = ZERO
    takes: str = "a number"

    def points(self, value: Ratio, maximum: Decimal) -> Decimal:
        if value.number < self.floor:
            return ZERO
        return min(maximum, maximum * value.over / (value.under * self.threshold))


@dataclass(frozen=True)
class Band:
    when: Target
    points: Decimal


@dataclass(frozen=True)
class Bands:
    """The points of the first band that contains the number; none outside all bands."""

    bands: tuple[Band, ...]
    takes: str = "a number"

    def points(self, value: Ratio, maximum: Decimal) -> Decimal:
        return min(maximum, next((band.points for band in self.bands if band.when.met_by(value.number)), ZERO))


@dataclass(frozen=True)
class DaysLate(Bands):
    """Bands over the number of days late."""

    takes: str = "dates"


@dataclass(frozen=True)
class YesNo:
    takes: str = "yes or no"

    def points(self, value: Ratio, maximum: Decimal) -> Decimal:
        return maximum if value.over else ZERO


@dataclass(frozen=True)
class PointsForEach:
    """`each` points for each one counted, or for each day late, up to the maximum."""

    each: Decimal
    takes: str = "a count"

    def points(self, value: Ratio, maximum: Decimal) -> Decimal:
        return max(ZERO, min(maximum, self.each * value.number))


@dataclass(frozen=True)
class Criterion:
    """A criterion, scored from the figure of an `indicator`, or from an answer where that is None.

    `effect`: the criteria together are scaled to 100 points; a bonus adds to that total, a penalty takes from it.
    `zero_denominator` overrides the indicator's own rule for a rate that counts nothing.
    """

    code: str
    name: str
    maximum: Decimal
    rule: Proportional | Bands | YesNo | PointsForEach
    indicator: str | None = None
    zero_denominator: Literal["zero", "full"] | None = None
    effect: Literal["criterion", "bonus", "penalty"] = "criterion"


@dataclass(frozen=True)
class CriterionGroup:
    name: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class ScoreClass:
    """The name of the class of totals of `at_least` so many points."""

    name: str
    at_least: Decimal


@dataclass(frozen=True)
class Scorecard:
    """One version of a scorecard. `version` is the ISO date from which it is in force; `source` is its act.

    `not_applicable`: a criterion that does not apply "shrinks" the maximum, or counts in "full". `classes` are in
    descending order.
    """

    code: str
    title: str
    source: str
    version: str
    levels: tuple[str, ...]
    groups: tuple[CriterionGroup, ...]
    not_applicable: Literal["shrinks", "full"] = "shrinks"
    classes: tuple[ScoreClass, ...] = ()

    def class_of(self, total: Decimal) -> str | None:
        return next((each.name for each in self.classes if total >= each.at_least), None)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for group in self.groups for criterion in group.criteria)


def rounded(points: Decimal) -> Decimal:
    """To two decimals, half up."""
    return points.quantize(Decimal("0.01"), ROUND_HALF_UP)


def scorecard_on(scorecards: Iterable[Scorecard], code: str, day: date) -> Scorecard | None:
    """The version of a scorecard in force on a day; None for an unknown one, or one that is not in force yet."""
    versions = [each for each in scorecards if each.code == code and each.version <= day.isoformat()]
    return max(versions, key=lambda each: each.version, default=None)
