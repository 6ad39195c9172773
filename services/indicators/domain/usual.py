"""The usual range of a commune's counts of a measure in a field, from its own last counts.

Tukey's outer fences (J. W. Tukey, Exploratory Data Analysis, 1977): three times the distance between the quartiles
outside of them. A few wrong counts do not move them. That distance is taken as at least the square root of the upper
quartile, the chance variation of counts, so that small counts and those that are nearly always equal have a range.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil, floor, sqrt
from statistics import quantiles
from typing import NamedTuple

from shared.vietnamese import number

PERIOD = timedelta(days=365)
MOST_READINGS = 120  # of a field, the last ones
LEAST_COUNTS = 8  # fewer say nothing about what is usual
DISTANCES = 3


class Usual(NamedTuple):
    """The first and the last count that is not far from the usual; of how many counts."""

    least: int
    most: int
    counts: int

    @property
    def sentence(self) -> str:
        """The end of a sentence that begins with a count."""
        return (
            f"khác xa mức thường có của đơn vị: từ {number(self.least)} đến {number(self.most)},"
            f" theo {number(self.counts)} lần ghi trong 12 tháng"
        )


def usual_of(counts: Sequence[int]) -> Usual | None:
    """A zero is a count like any other. None where there are fewer than LEAST_COUNTS."""
    if len(counts) < LEAST_COUNTS:
        return None
    lower, _, upper = quantiles(counts, n=4, method="inclusive")
    margin = DISTANCES * max(upper - lower, sqrt(max(upper, 0)), 1)
    return Usual(max(ceil(lower - margin), 0), floor(upper + margin), len(counts))
