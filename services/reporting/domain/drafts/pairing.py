"""Pairs the two sides of a formula: a count enters a rate only where its counterpart was reported too.

A flow counts in the smallest unit in which every flow of the formula was reported: a reading; else the readings of one
day and field together; else those of a half month and field; else those of a half month. Of levels the latest day
counts on which a field had all of the formula; else the latest of each in the field; else in the commune. What no unit
completes is left out: it was not reported, which is not zero. Communes are those that sent the counts, before any map.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from services.reporting.domain.content.versions import OWN_MEASURES
from services.reporting.domain.drafts.formula import Counts, Formula, Measures, Part, Sides, Split
from services.reporting.domain.drafts.sums import add

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
    """Counts that are not complete on their days: a mask of these, and the sums."""

    days: int = 0
    sums: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class AlikeDays:
    """The days of a commune on which readings had the same sets of measures.

    `places` are places in the list of its counts, each with its mask of days and the counts of each set.
    """

    places: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    readings: list[tuple[Counts, ...]] = field(default_factory=list)
    all_days: int = 0
    _counts: dict[Part, list[int]] = field(default_factory=dict, init=False)

    def add(self, place: int, days: int, readings: tuple[Counts, ...]) -> None:
        self.places.append(place)
        self.days.append(days)
        self.readings.append(readings)
        self.all_days |= days

    def counts(self, part: Part) -> list[int]:
        """In the order of the places; many formulas have a part in common."""
        known = self._counts.get(part)
        if known is None:
            at, measure = part
            known = self._counts[part] = [sets[at][measure] for sets in self.readings]
        return known

    def sums(self, sides: Sides) -> tuple[int, int]:
        over = under = 0
        for part in sides[0]:
            over += sum(self.counts(part))
        for part in sides[1]:
            under += sum(self.counts(part))
        return over, under


Partial = Sequence[tuple[Split, AlikeDays]]


@dataclass
class ReportedCounts:
    """The counts of one commune in a window; masks of its days begin with those of the half month `first`."""

    places: Sequence[FieldCounts]
    first: int

    def _with_some(self, flows: frozenset[str]) -> Iterable[Measures]:
        """The sets of measures with some of these: of a formula few."""
        if len(flows) == 1:
            return self._by_measure.get(next(iter(flows)), ())
        return dict.fromkeys(key for measure in flows for key in self._by_measure.get(measure, ()))

    @cached_property
    def _by_measure(self) -> dict[str, list[Measures]]:
        found: dict[str, list[Measures]] = {}
        for key in self._alike:
            for measure in frozenset().union(*key):
                found.setdefault(measure, []).append(key)
        return found

    @cached_property
    def _alike(self) -> dict[Measures, AlikeDays]:
        """By the sets of measures that readings had."""
        found: dict[Measures, AlikeDays] = {}
        for place, counts in enumerate(self.places):
            shift = DAYS_OF_A_HALF * (counts.half - self.first)
            for group in counts.flows:
                key = group.measures
                known = found.get(key)
                if known is None:
                    known = found[key] = AlikeDays()
                known.add(place, group.days << shift, group.readings)
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
        joined: list[tuple[Split, AlikeDays]] = []
        apart: list[tuple[Split, AlikeDays]] = []
        for key in self._with_some(formula.flows):
            split, alike = formula.split(key), self._alike[key]
            if split.whole:
                found.add(*alike.sums(split.whole), alike.all_days)
            if split.joined:
                found.add(*alike.sums(split.sides), alike.all_days)
                joined.append((split, alike))
            elif split.part:
                apart.append((split, alike))
        if apart:
            together = [joined] if own_measures else [[each] for each in joined]
            uneven = set[int]().union(*map(_uneven_places, together))
            self._pair_halves(formula, _waiting(apart), uneven, found)

    def _pair_halves(self, formula: Formula, waiting: Mapping[int, Unpaired], uneven: Set[int], found: Paired) -> None:
        """Counts without the other side on their day: by field with those of its half month, then of the rest of it."""
        halves: dict[int, Unpaired] = {}
        for place, own in waiting.items():
            if place in uneven or own.sums.keys() >= formula.flows:
                found.add(*formula.sides(own.sums), own.days)
            else:
                rest = halves.setdefault(self.places[place].half, Unpaired())
                add(rest.sums, own.sums)
                rest.days |= own.days
        for rest in halves.values():
            if rest.sums.keys() >= formula.flows:
                found.add(*formula.sides(rest.sums), rest.days)
            else:
                found.incomplete |= rest.days

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


def _uneven_places(joined: Partial) -> set[int]:
    """The places where days with all of a formula, in several readings, have a part over its whole.

    One side is of more days than these, so what else was reported of the half month belongs to them. Until computation
    3 days were looked at apart by all measures that came on them, those of other formulas too.
    """
    excess: dict[int, int] = {}
    for split, alike in joined:
        for sign, side in zip((1, -1), split.sides, strict=True):
            for part in side:
                for place, count in zip(alike.places, alike.counts(part), strict=True):
                    excess[place] = excess.get(place, 0) + sign * count
    return {place for place, count in excess.items() if count > 0}


def _waiting(apart: Partial) -> dict[int, Unpaired]:
    """By place the counts of readings that lack some measure of a formula, which no other of their day has."""
    waiting: dict[int, Unpaired] = {}
    for split, alike in apart:
        for place, days, readings in zip(alike.places, alike.days, alike.readings, strict=True):
            known = waiting.get(place)
            if known is None:
                known = waiting[place] = Unpaired()
            known.days |= days
            for at, measure in split.part:
                known.sums[measure] = known.sums.get(measure, 0) + readings[at][measure]
    return waiting


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
