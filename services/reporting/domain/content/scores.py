"""The result of a scorecard for a commune or a province: points by criterion and group, the total and its class."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ScoredRow:
    """One criterion. `score` is None where it does not apply or where a figure is missing; `note` says which.

    `maximum` is 0 for a penalty, and for a criterion that does not apply and is left out of the maximum. `rate` is in
    percent.
    """

    code: str
    name: str
    maximum: Decimal
    score: Decimal | None
    rate: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class ScoredGroup:
    name: str
    maximum: Decimal
    score: Decimal
    rows: tuple[ScoredRow, ...]


@dataclass(frozen=True)
class Scored:
    """The points that a scorecard gives a commune or a province. `band` is the name of the class of the total.

    `band` is None for a scorecard without classes, and while missing figures could still change the class.
    """

    scorecard: str
    version: str
    title: str
    source: str
    groups: tuple[ScoredGroup, ...]
    total: Decimal
    maximum: Decimal
    band: str | None = None
    notes: tuple[str, ...] = ()
