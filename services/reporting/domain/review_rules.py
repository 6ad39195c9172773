"""What a review is told: a province's returns, which measures are levels, and from when on something is strange."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from services.reporting.domain.form_design import Counts
from services.reporting.domain.quarterly_report import CommuneLine

Compared = frozenset[tuple[str, str, int]]
"""Measure, field and count."""


@dataclass(frozen=True)
class Thresholds:
    """Returns are called equal from so many counts on that are not zero and no levels.

    `repeated` holds for the period before, `equal` for any commune of the province, `neighbour` for one that is not
    further than `neighbour_km` from centre to centre. `jump` is in percentage points, between rates that both count
    `jump_denominator` or more.
    """

    repeated: int = 10
    equal: int = 12
    neighbour: int = 6
    neighbour_km: int = 15
    jump: Decimal = Decimal(20)
    jump_denominator: int = 20


@dataclass(frozen=True)
class Return:
    """One commune's counts of a period and of the one before; `stated` are totals that were typed from signed paper."""

    line: CommuneLine
    counts: Counts
    previous: Counts = field(default_factory=dict)
    stated: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Measures:
    """The names of measures by id, and which of them are levels: those stay as they are without anybody copying."""

    names: Mapping[str, str]
    stocks: frozenset[str] = frozenset()

    def compared(self, counts: Counts) -> Compared:
        """What is not zero: a zero that was left out makes no other return."""
        return frozenset((measure, field, count) for (measure, field), count in counts.items() if count)

    def telling(self, compared: Compared) -> int:
        """How many of them are equal by no accident."""
        return sum(measure not in self.stocks for measure, _, _ in compared)
