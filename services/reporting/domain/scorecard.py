"""How a scorecard gives points: its groups of criteria, and the rule of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from services.reporting.domain.quarterly_report import Target

ZERO = Decimal(0)
HUNDRED = Decimal(100)
NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True)
class Delivery:
    """Something with a date by which it had to be done, whatever that date was reckoned from, and when it was."""

    due_on: date
    done_on: date

    @property
    def days_late(self) -> int:
        """Negative for what was done before its day."""
        return (self.done_on - self.due_on).days


Answer = bool | int | Decimal | Delivery | str
"""What somebody says of a criterion; the only text is NOT_APPLICABLE."""


@dataclass(frozen=True)
class Value:
    """What a rule is asked about: `over` / `under`, kept apart so that points are divided, and rounded, only once."""

    over: Decimal
    under: Decimal = Decimal(1)

    @property
    def number(self) -> Decimal:
        return self.over / self.under


@dataclass(frozen=True)
class Proportional:
    """In proportion up to the threshold, which gives all points; nothing below the floor. Both in percent."""

    threshold: Decimal = HUNDRED
    floor: Decimal = ZERO
    takes: str = "a number"

    def points(self, value: Value, maximum: Decimal) -> Decimal:
        if value.number < self.floor:
            return ZERO
        return min(maximum, maximum * value.over / (value.under * self.threshold))


@dataclass(frozen=True)
class Band:
    when: Target
    points: Decimal


@dataclass(frozen=True)
class Bands:
    """The points of the first band that a number is in, none outside of all."""

    bands: tuple[Band, ...]
    takes: str = "a number"

    def points(self, value: Value, maximum: Decimal) -> Decimal:
        return min(maximum, next((band.points for band in self.bands if band.when.met_by(value.number)), ZERO))


@dataclass(frozen=True)
class DaysLate(Bands):
    """Bands over the days that something was late."""

    takes: str = "dates"


@dataclass(frozen=True)
class YesNo:
    takes: str = "yes or no"

    def points(self, value: Value, maximum: Decimal) -> Decimal:
        return maximum if value.over else ZERO


@dataclass(frozen=True)
class Counted:
    """So many points for each, or for each day late, up to the maximum."""

    each: Decimal
    takes: str = "a count"

    def points(self, value: Value, maximum: Decimal) -> Decimal:
        return max(ZERO, min(maximum, self.each * value.number))


@dataclass(frozen=True)
class Criterion:
    """A row. It is scored from an indicator's figure, or from what somebody answers.

    `effect`: criteria are brought to a hundred together; what a bonus adds and a penalty takes counts on that scale.
    `zero_denominator` is the scorecard's own rule, where it has one.
    """

    code: str
    name: str
    maximum: Decimal
    rule: Proportional | Bands | YesNo | Counted
    indicator: str | None = None
    zero_denominator: Literal["zero", "full"] | None = None
    effect: Literal["criterion", "bonus", "penalty"] = "criterion"


@dataclass(frozen=True)
class Group:
    name: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Class:
    """The name of what a total of `at_least` so many points is."""

    name: str
    at_least: Decimal


@dataclass(frozen=True)
class Scorecard:
    """One version of a scorecard. `version` is the day from which it is in force, in ISO form.

    `not_applicable` says what a criterion that does not apply does: it `shrinks` the maximum, or counts in `full`.
    `classes` go from the best down.
    """

    code: str
    title: str
    source: str
    version: str
    levels: tuple[str, ...]
    groups: tuple[Group, ...]
    not_applicable: Literal["shrinks", "full"] = "shrinks"
    classes: tuple[Class, ...] = ()

    def class_of(self, total: Decimal) -> str | None:
        return next((each.name for each in self.classes if total >= each.at_least), None)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for group in self.groups for criterion in group.criteria)


def rounded(points: Decimal) -> Decimal:
    """Two decimals, half up."""
    return points.quantize(Decimal("0.01"), ROUND_HALF_UP)


def scorecard_on(scorecards: Iterable[Scorecard], code: str, day: date) -> Scorecard | None:
    """The version of a scorecard in force on a day, a period's last; None where there is none, or not yet."""
    versions = [each for each in scorecards if each.code == code and each.version <= day.isoformat()]
    return max(versions, key=lambda each: each.version, default=None)
