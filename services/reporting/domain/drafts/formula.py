"""The two sides of an indicator's formula, and which sets of measures that came together have all of its flows."""

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

Counts = Mapping[str, int]
Measures = tuple[frozenset[str], ...]
Part = tuple[int, str]
"""A measure of one of the sets: the place of the set, and the measure."""
Sides = tuple[Sequence[Part], Sequence[Part]]


class Split(NamedTuple):
    """How a formula counts days whose readings have some sets of measures.

    `whole` are both sides of the sets with all flows of the formula, None without such a set. `part` are the flows in
    the others, `sides` both sides of these; `joined`: whether they are all flows of the formula together.
    """

    whole: Sides | None
    part: Sequence[Part]
    sides: Sides
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
            whole = [(at, m) for at, measures in enumerate(key) if measures >= self.flows for m in measures]
            part = [
                (at, m) for at, measures in enumerate(key) if not measures >= self.flows for m in measures & self.flows
            ]
            joined = {measure for _, measure in part} >= self.flows
            known = self._splits[key] = Split(self._sides(whole) if whole else None, part, self._sides(part), joined)
        return known

    def _sides(self, parts: Sequence[Part]) -> Sides:
        over, under = (
            [part for measure in side for part in parts if part[1] == measure]
            for side in (self._numerator, self._denominator)
        )
        return over, under
