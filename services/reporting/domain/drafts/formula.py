"""The two sides of an indicator's formula, and which sets of measures that came together have all of its flows."""

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

Counts = Mapping[str, int]
Measures = tuple[frozenset[str], ...]


class Split(NamedTuple):
    """Of the sets of measures of some days the places of those with all flows of a formula; of the others their flows.

    `part` are these, each with the place of its set, `over` and `under` those of them on each side; `joined`: whether
    they are all flows of the formula together.
    """

    whole: tuple[int, ...]
    part: tuple[tuple[int, str], ...]
    over: tuple[tuple[int, str], ...]
    under: tuple[tuple[int, str], ...]
    joined: bool


class Formula:
    """The measures of a formula, what is counted over what it is counted of; its flows and its levels."""

    def __init__(self, numerator: Sequence[str], denominator: Sequence[str], stocks: Set[str]) -> None:
        measures = {*numerator, *denominator}
        self.flows, self.levels = frozenset(measures - stocks), frozenset(measures & stocks)
        self._numerator, self._denominator = tuple(numerator), tuple(denominator)
        self.key = self._numerator, self._denominator, self.levels  # equal for formulas that count the same
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
            whole = tuple(at for at, measures in enumerate(key) if measures >= self.flows)
            part = [(at, m) for at, measures in enumerate(key) if at not in whole for m in measures & self.flows]
            over, under = (
                tuple((at, m) for m in side for at, measure in part if measure == m)
                for side in (self._numerator, self._denominator)
            )
            joined = {measure for _, measure in part} >= self.flows
            known = self._splits[key] = Split(whole, tuple(part), over, under, joined)
        return known
