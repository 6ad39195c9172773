"""The counts of readings in a window, added up reading by reading."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from services.reporting.domain.drafts.pairing import DayGroup, FieldCounts, LevelDay
from services.reporting.domain.drafts.places import Places
from shared.periods import half_of

Window = tuple[date, date]
CountKey = tuple[str, str, str]  # commune, measure, field; "" without a field
Day = Mapping[frozenset[str], Counter[str]]  # of a day, by the measures that came together


class ReplayedReading(NamedTuple):
    """A reading after the events so far."""

    commune: str
    observed_on: date
    field: str
    values: Mapping[str, int]


class ReplayedCounts:
    """Flows and surveys are summed, of a stock the latest day's level counts; `stocks` are the measures of levels."""

    def __init__(self, window: Window, stocks: frozenset[str]) -> None:
        self._window, self._stocks = window, stocks
        self._flows: Counter[CountKey] = Counter()
        self._levels: dict[CountKey, tuple[date, int]] = {}
        self.readings: Counter[str] = Counter()

    def add(self, readings: Iterable[ReplayedReading]) -> None:
        for reading in readings:
            if self._window[0] <= reading.observed_on <= self._window[1]:
                self._count(reading)

    def reported(self, readings: Iterable[ReplayedReading]) -> dict[str, Places]:
        """By commune, for each half month and field: the sums of readings by the measures that came together."""
        places: dict[tuple[int, str, str], dict[int, dict[frozenset[str], Counter[str]]]] = {}
        numbers: Counter[tuple[int, str, str]] = Counter()
        reported: dict[str, list[FieldCounts]] = defaultdict(list)
        for reading in readings:
            if not self._window[0] <= reading.observed_on <= self._window[1]:
                continue
            self._count(reading)
            key = (half_of(reading.observed_on), reading.commune, reading.field)
            numbers[key] += 1
            day = places.setdefault(key, {}).setdefault(reading.observed_on.day, {})
            day.setdefault(frozenset(reading.values), Counter()).update(reading.values)
        for key in sorted(places):
            half, commune, name = key
            counts = FieldCounts(half, name, self._days(places[key]), self._latest(places[key]), numbers[key])
            reported[commune].append(counts)
        return {commune: Places(counts) for commune, counts in reported.items()}

    @property
    def by_field(self) -> dict[CountKey, int]:
        return dict(self._flows) | {key: level for key, (_, level) in self._levels.items()}

    @property
    def sums(self) -> dict[tuple[str, str], int]:
        """By (commune, measure)."""
        sums: Counter[tuple[str, str]] = Counter()
        for (commune, measure, _), count in self.by_field.items():
            sums[commune, measure] += count
        return dict(sums)

    def _count(self, reading: ReplayedReading) -> None:
        self.readings[reading.commune] += 1
        for measure, count in reading.values.items():
            key = (reading.commune, measure, reading.field)
            if measure not in self._stocks:
                self._flows[key] += count
                continue
            day, level = self._levels.get(key, (date.min, 0))
            if day <= reading.observed_on:
                before = level if day == reading.observed_on else 0
                self._levels[key] = reading.observed_on, before + count

    def _days(self, place: Mapping[int, Day]) -> list[DayGroup]:
        alike: dict[tuple[tuple[str, ...], ...], tuple[int, tuple[Counter[str], ...]]] = {}
        for day, readings in place.items():
            sums = _together(readings, lambda measure: measure not in self._stocks)
            mask, before = alike.get(tuple(sums), (0, tuple(Counter[str]() for _ in sums)))
            for total, own in zip(before, sums.values(), strict=True):
                total.update(own)
            if sums:
                alike[tuple(sums)] = mask | 1 << (day - 1), before
        return [DayGroup(mask, tuple(map(dict, sums))) for _, (mask, sums) in sorted(alike.items())]

    def _latest(self, place: Mapping[int, Day]) -> list[LevelDay]:
        """A day is left out where a later one has all its measures."""
        levels: list[LevelDay] = []
        for day in sorted(place, reverse=True):
            sums = _together(place[day], self._stocks.__contains__)
            measures = {measure for own in sums for measure in own}
            if measures and not any(measures <= {m for own in later.readings for m in own} for later in levels):
                levels.append(LevelDay(day, tuple(map(dict, sums.values()))))
        return levels


def _together(readings: Day, wanted: Callable[[str], bool]) -> dict[tuple[str, ...], Counter[str]]:
    """The sums of a day by the wanted measures that came together, in order."""
    sums: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for measures, own in readings.items():
        if kept := tuple(sorted(filter(wanted, measures))):
            sums[kept].update({measure: own[measure] for measure in kept})
    return dict(sorted(sums.items()))
