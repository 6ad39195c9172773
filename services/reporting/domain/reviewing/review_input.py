"""The input of a review: counts of communes, names of measures, and the thresholds of a warning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from services.reporting.domain.content.report_content import CommuneLine
from services.reporting.domain.forms.form import Counts

Compared = Mapping[tuple[str, str], int]
"""By (measure, field); no count is zero."""


@dataclass(frozen=True)
class Thresholds:
    """`repeated`, `equal` and `neighbour` are numbers of equal counts, zeros and levels left out, that give a warning.

    `repeated` compares with the period before, `equal` with any commune of the province, `neighbour` with one at most
    `neighbour_km` away from centre to centre. `jump` is in percentage points, between rates of which both denominators
    are `jump_denominator` or more.
    """

    repeated: int = 10
    equal: int = 12
    neighbour: int = 6
    neighbour_km: int = 15
    jump: Decimal = Decimal(20)
    jump_denominator: int = 20


@dataclass(frozen=True)
class CommuneCounts:
    """One commune's counts of a period and of the one before; `stated` are totals from signed paper, by measure."""

    line: CommuneLine
    counts: Counts
    previous: Counts = field(default_factory=dict)
    stated: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Measures:
    """The names of measures by id, and those that are levels, which may stay equal without copying."""

    names: Mapping[str, str]
    stocks: frozenset[str] = frozenset()

    def compared(self, counts: Counts) -> Compared:
        """The counts without zeros: a zero that is written or left out makes no difference."""
        return {key: count for key, count in counts.items() if count}

    def count_significant(self, compared: Compared) -> int:
        """The number of compared counts that are flows; equal levels are no sign of copying."""
        return sum(measure not in self.stocks for measure, _ in compared)
