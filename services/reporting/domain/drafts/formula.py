"""The two sides of an indicator's formula, and which sets of measures that came together have all of its flows."""

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

Counts = Mapping[str, int]
Measures = tuple[frozenset[str], ...]


class Split(NamedTuple):
    """Of the sets of measures of some days the places of those with all flows of a formula, and of those with some.

    The latter with the flows that each has; `joined`: whether they have all of them together.
    """

    whole: tuple[int, ...]
    part: tuple[tuple[int, tuple[str, ...]], ...]
    joined: bool


class Formula:
    """The measures of a formula, what is counted over what it is counted of; its flows and its levels."""

    def __init__(self, numerator: Sequence[str], denominator: Sequence[str], stocks: Set[str]) -> None:
        measures = {*numerator, *denominator}
        self.flows, self.levels = frozenset(measures - stocks), frozenset(measures & stocks)
        self._numerator, self._denominator = tuple(numerator), tuple(denominator)
        self._splits: dict[Measures, Split] = {}

    def sides(self, counts: Counts) -> tuple[int, int]:
        """The sums of both sides, of the measures that there are."""
        over = under = 0
        for measure in self._numerator:
            over += counts.get(measure, 0)
        for measure in self._denominator:
            under += counts.get(measure, 0)
        return over, under

    def split(self, key: Measures) -> Split:
        """Computed once for all communes: few sets of measures come together, and comparing sets takes long."""
        known = self._splits.get(key)
        if known is None:
            flows = self.flows
            whole = tuple(at for at, measures in enumerate(key) if measures >= flows)
            some = ((at, tuple(measures & flows)) for at, measures in enumerate(key) if not measures >= flows)
            part = tuple((at, measures) for at, measures in some if measures)
            joined = {measure for _, measures in part for measure in measures} >= flows
            known = self._splits[key] = Split(whole, part, joined)
        return known
