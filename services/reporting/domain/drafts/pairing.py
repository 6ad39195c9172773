"""Pairs the two sides of a formula: a count enters a rate only where its counterpart was reported too.

A flow counts in the smallest unit in which every flow of the formula was reported: a reading; else the readings of one
day and field together; else those of a half month and field; else those of a half month. Of levels the latest day
counts on which a field had all of the formula; else the latest of each in the field; else in the commune. What no unit
completes is left out: it was not reported, which is not zero. Communes are those that sent the counts, before any map.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from services.reporting.domain.content.versions import OWN_MEASURES
from services.reporting.domain.drafts.formula import Counts, Formula, Measures, Split
from services.reporting.domain.drafts.sums import add, sums_of

DAYS_OF_A_HALF = 31  # bits of a half month in a mask of days: the day of the month is the place of its bit


class DayGroup(NamedTuple):
    """Days of a half month on which readings had the same sets of measures: a mask, and the sums for each set."""

    days: int
    readings: tuple[Counts, ...]

    @property
    def measures(self) -> Measures:
        return _measures(tuple(map(tuple, self.readings)))


class LevelDay(NamedTuple):
    """A day of the month, and its levels for each set of measures that readings had together."""

    day: int
    readings: tuple[Counts, ...]


@dataclass
class FieldCounts:
    """The counts of one commune in a half month and field ("" without one); `levels` have the latest day first.

    `readings` is their number.
    """

    half: int
    field: str
    flows: Sequence[DayGroup]
    levels: Sequence[LevelDay]
    readings: int = 0


@dataclass
class Paired:
    """The sums of both sides, flows and levels apart: (numerator, denominator), None where nothing was complete.

    `days` is a mask of the days with a complete unit, `incomplete` of those with counts that were left out. Levels
    have no days: one a window is enough.
    """

    flows: tuple[int, int] | None = None
    levels: tuple[int, int] | None = None
    days: int = 0
    incomplete: int = 0

    def is_whole(self, formula: Formula) -> bool:
        """Whether all of the formula was complete somewhere, its flows and its levels."""
        return not ((formula.flows and self.flows is None) or (formula.levels and self.levels is None))

    def add(self, over: int, under: int, days: int) -> None:
        """Flows of a complete unit."""
        known = self.flows
        self.flows = (known[0] + over, known[1] + under) if known else (over, under)
        self.days |= days


@dataclass(slots=True)
class Unpaired:
    """Counts of a field in a half month that are not complete on their days: a mask of these, and the sums."""

    days: int
    sums: dict[str, int]


@dataclass(slots=True)
class Joined:
    """Days on which the readings have both sides together: a mask, and the sums of the sides."""

    days: int = 0
    over: int = 0
    under: int = 0


Place = tuple[int, str]  # half month and field
Groups = Sequence[tuple[Place, int, tuple[Counts, ...]]]  # mask of days in the window, counts of each set of measures
Partial = Sequence[tuple[Split, Groups]]


@dataclass
class ReportedCounts:
    """The counts of one commune in a window; masks of its days begin with those of the half month `first`."""

    places: Sequence[FieldCounts]
    first: int
    _summed: dict[Measures, tuple[int, list[dict[str, int]]]] = field(default_factory=dict, init=False)

    def _alike(self, key: Measures) -> tuple[int, list[dict[str, int]]]:
        """All days with the same sets of measures, summed over the window and its fields: few, and often one."""
        known = self._summed.get(key)
        if known is None:
            days, groups = 0, self._groups[key]
            for _, own, _ in groups:
                days |= own
            sums = list(map(sums_of, zip(*(readings for _, _, readings in groups), strict=True)))
            known = self._summed[key] = days, sums
        return known

    def _with_some(self, flows: frozenset[str]) -> Iterable[Measures]:
        """The sets of measures with some of these: of a formula few."""
        if len(flows) == 1:
            return self._by_measure.get(next(iter(flows)), ())
        return dict.fromkeys(key for measure in flows for key in self._by_measure.get(measure, ()))

    @cached_property
    def _by_measure(self) -> dict[str, list[Measures]]:
        found: dict[str, list[Measures]] = {}
        for key in self._groups:
            for measure in frozenset().union(*key):
                found.setdefault(measure, []).append(key)
        return found

    @cached_property
    def _groups(self) -> dict[Measures, list[tuple[Place, int, tuple[Counts, ...]]]]:
        """By the sets of measures that readings had."""
        found: dict[Measures, list[tuple[Place, int, tuple[Counts, ...]]]] = {}
        for counts in self.places:
            place, shift = (counts.half, counts.field), DAYS_OF_A_HALF * (counts.half - self.first)
            for group in counts.flows:
                found.setdefault(group.measures, []).append((place, group.days << shift, group.readings))
        return found

    @cached_property
    def levels(self) -> dict[str, list[LevelDay]]:
        """By field, the latest day first."""
        found: dict[str, list[LevelDay]] = {}
        for place in sorted(self.places, key=lambda place: -place.half):
            if place.levels:
                found.setdefault(place.field, []).extend(place.levels)
        return found

    @cached_property
    def _reported_levels(self) -> dict[str, set[str]]:
        return {
            name: {measure for day in days for counts in day.readings for measure in counts}
            for name, days in self.levels.items()
        }

    def paired(self, formula: Formula, computation: int) -> Paired:
        """By the way of computing that an edition may pin."""
        found = Paired()
        if formula.flows:
            self._pair_flows(formula, found, own_measures=computation >= OWN_MEASURES)
        if formula.levels:
            self._pair_levels(formula, found)
        return found

    def _pair_flows(self, formula: Formula, found: Paired, *, own_measures: bool) -> None:
        partial: list[tuple[Split, Groups]] = []
        for key in self._with_some(formula.flows):
            split = formula.split(key)
            if split.whole:
                days, sums = self._alike(key)
                for place in split.whole:
                    found.add(*formula.sides(sums[place]), days)
            if split.part:
                partial.append((split, self._groups[key]))
        if partial:
            _pair_partial(formula, partial, found, own_measures)

    def _pair_levels(self, formula: Formula, found: Paired) -> None:
        levels = formula.levels
        total: dict[str, int] = {}
        rest: dict[str, int] = {}
        complete = False
        for name, days in self.levels.items():
            if levels.isdisjoint(self._reported_levels[name]):
                continue
            counts = _latest(days, levels)
            if counts.keys() >= levels:
                add(total, counts)
                complete = True
            else:
                add(rest, counts)
        if rest.keys() >= levels:
            add(total, rest)
            complete = True
        if complete:
            found.levels = formula.sides(total)


@lru_cache(maxsize=4096)
def _measures(readings: tuple[tuple[str, ...], ...]) -> Measures:
    """The same object for the same sets, whatever the commune: it is compared with itself at once."""
    return tuple(map(frozenset, readings))


def _pair_partial(formula: Formula, partial: Partial, found: Paired, own_measures: bool) -> None:
    """Readings without some measure of the formula: together with others of their day, or of their half month."""
    complete = _complete_days(partial, own_measures)
    for joined in complete.values():
        found.add(joined.over, joined.under, joined.days)
    waiting: dict[Place, Unpaired] = {}
    for at, (split, groups) in enumerate(partial):
        has_all, part = split.joined, split.part
        for place, days, readings in groups:
            if has_all and (place, 0 if own_measures else at) in complete:
                continue
            known = waiting.get(place)
            if known is None:
                known = waiting[place] = Unpaired(0, {})
            known.days |= days
            sums = known.sums
            for reading, measure in part:
                sums[measure] = sums.get(measure, 0) + readings[reading][measure]
    halves: dict[int, list[Unpaired]] = {}
    for (half, _), known in waiting.items():
        halves.setdefault(half, []).append(known)
    for fields in halves.values():
        _pair_half(fields, formula, found)


def _complete_days(partial: Partial, own_measures: bool) -> dict[tuple[Place, int], Joined]:
    """The days of a place on which readings without some measure of the formula have all of it together.

    Days with a part over its whole are none: one side is of more days than these, so both belong to the half month.
    Until computation 3 days were looked at apart by all measures that came on them, those of other formulas too.
    """
    found: dict[tuple[Place, int], Joined] = {}
    for at, (split, groups) in enumerate(partial):
        if not split.joined:
            continue
        for place, days, readings in groups:
            over = under = 0
            for reading, measure in split.over:
                over += readings[reading][measure]
            for reading, measure in split.under:
                under += readings[reading][measure]
            unit = place, 0 if own_measures else at
            known = found.get(unit)
            if known is None:
                found[unit] = Joined(days, over, under)
            else:
                known.days |= days
                known.over += over
                known.under += under
    return {unit: joined for unit, joined in found.items() if joined.over <= joined.under}


def _pair_half(fields: Iterable[Unpaired], formula: Formula, found: Paired) -> None:
    """The counts of a half month that are not complete on their day: by field, then of the remaining fields."""
    rest = Unpaired(0, {})
    for each in fields:
        if each.sums.keys() >= formula.flows:
            found.add(*formula.sides(each.sums), each.days)
        else:
            add(rest.sums, each.sums)
            rest.days |= each.days
    if rest.sums.keys() >= formula.flows:
        found.add(*formula.sides(rest.sums), rest.days)
    else:
        found.incomplete |= rest.days


def _latest(days: Iterable[LevelDay], levels: frozenset[str]) -> dict[str, int]:
    """The levels of the latest day that has all; else the latest of each that there is."""
    latest: dict[str, int] = {}
    for _, readings in days:
        if len(readings) == 1 and readings[0].keys() >= levels:
            return {measure: readings[0][measure] for measure in levels}
        whole = [counts for counts in readings if counts.keys() >= levels]
        sums = _sums_of(levels, whole or readings)
        if sums.keys() >= levels:
            return sums
        latest = sums | latest
    return latest


def _sums_of(measures: Set[str], readings: Iterable[Counts]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for counts in readings:
        for measure in measures:
            count = counts.get(measure)
            if count is not None:
                sums[measure] = sums.get(measure, 0) + count
    return sums
