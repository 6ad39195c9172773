"""The counts in a window as known at the end of a day, from a few rows per commune whatever the number of readings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from itertools import chain

from psycopg import Connection

from services.reporting.domain.drafts.evidence import ReadByCommune, Reported
from services.reporting.domain.drafts.formula import Counts
from services.reporting.domain.drafts.pairing import FieldCounts, LevelDay
from services.reporting.domain.drafts.places import Places
from services.reporting.domain.drafts.sums import add, sums_of
from services.reporting.read_models.figures.halves import HalfCounts, KeptHalves, halves_known, places_of
from shared.clock import end_of, last_day_before
from shared.periods import halves_of

Window = tuple[date, date]
Amounts = Mapping[str, Mapping[str, int]]
"""By field and measure."""
FEW = 8  # communes that are read at once


@dataclass(frozen=True)
class WindowCounts:
    """The counts of each commune by half month and field, and its number of valid readings.

    `measures` are those of which alone there are sums, None of all.
    """

    reported: Reported
    readings: dict[str, int]
    measures: frozenset[str] | None = None

    def of(self, measures: frozenset[str]) -> "WindowCounts":
        """With the sums of some measures alone."""
        return replace(self, measures=measures)

    @cached_property
    def by_field(self) -> dict[tuple[str, str, str], int]:
        """Flows summed, of a stock the latest day's counts: by (commune, measure, field)."""
        return {
            (commune, measure, field): amount
            for commune, fields in self._by_commune.items()
            for field, amounts in fields.items()
            for measure, amount in amounts.items()
        }

    @cached_property
    def sums(self) -> dict[tuple[str, str], int]:
        """By (commune, measure)."""
        sums: dict[tuple[str, str], int] = {}
        for commune, fields in self._by_commune.items():
            total: dict[str, int] = {}
            for amounts in fields.values():
                add(total, amounts)
            for measure, amount in total.items():
                sums[commune, measure] = amount
        return sums

    @cached_property
    def _by_commune(self) -> dict[str, Amounts]:
        """By commune and field the amounts of each measure: each count is read once for both sums."""
        return {commune: self._amounts(places) for commune, places in self.reported.items()}

    def _amounts(self, places: Places) -> Amounts:
        return _of_measures(places.once("amounts", lambda: _amounts(places)), self.measures)


def counts_in(
    connection: Connection,
    communes: list[str],
    window: Window,
    known_until: datetime,
    kept: KeptHalves | None = None,
    *,
    flows: bool = True,
) -> WindowCounts:
    """Counts of a window, both days inclusive, as known before an instant, in the order of half months.

    Without `flows` levels alone, unless the counts are kept.
    ValueError for a window that is not of half months, or an instant that is not the end of a day in Viet Nam.
    """
    first, last = halves_of(window)
    known_on = last_day_before(known_until)
    if known_until != end_of(known_on):
        raise ValueError(f"{known_until} is not the end of a day in Viet Nam")
    asked = [(half, commune) for half in range(first, last + 1) for commune in communes]
    read, together = (kept.of, kept.together) if kept else (partial(halves_known, flows=flows), places_of)
    halves: dict[str, list[HalfCounts]] = {}
    standing: dict[str, int] = {}
    for (_, commune), counts in read(connection, asked, known_on).items():
        if counts.places:
            halves.setdefault(commune, []).append(counts)
        if counts.readings:
            standing[commune] = standing.get(commune, 0) + counts.readings
    return WindowCounts({commune: together(own) for commune, own in halves.items()}, standing)


def counts_by_commune(
    connection: Connection, communes: list[str], window: Window, known_until: datetime
) -> WindowCounts:
    """As `counts_in`, in little memory: what was reported together is read when a commune is asked for, of a few."""
    few = {each: communes[at : at + FEW] for at in range(0, len(communes), FEW) for each in communes[at : at + FEW]}
    last_read: dict[str, Places] = {}

    def of(commune: str) -> Places:
        if commune not in last_read:
            last_read.clear()
            found = counts_in(connection, few[commune], window, known_until).reported
            last_read.update({each: found.get(each, Places(())) for each in few[commune]})
        return last_read[commune]

    reported = ReadByCommune(communes, of)
    standing = {commune: sum(place.readings for place in places) for commune, places in reported.items()}
    return WindowCounts(reported, {commune: readings for commune, readings in standing.items() if readings})


def _of_measures(amounts: Amounts, wanted: frozenset[str] | None) -> Amounts:
    if wanted is None:
        return amounts
    return {field: {m: n for m, n in own.items() if m in wanted} for field, own in amounts.items()}


def _amounts(places: Iterable[FieldCounts]) -> Amounts:
    """By field and measure."""
    fields: dict[str, dict[str, int]] = {}
    levels: dict[str, list[tuple[int, LevelDay]]] = {}
    flows: dict[str, list[Counts]] = {}
    for place in places:
        flows.setdefault(place.field, []).extend(chain.from_iterable(day.readings for day in place.flows))
        if place.levels:
            levels.setdefault(place.field, []).extend((place.half, day) for day in place.levels)
    for field, counts in flows.items():
        fields[field] = sums_of(counts)
    for field, reported in levels.items():
        add(fields[field], _latest(reported))
    return fields


def _latest(reported: Iterable[tuple[int, LevelDay]]) -> dict[str, int]:
    """Each level of the latest (half month, day) on which it was reported, summed over the readings of that day."""
    levels: dict[str, int] = {}
    for _, (_, sets) in sorted(reported, key=lambda each: (each[0], each[1].day)):
        levels.update(sets[0] if len(sets) == 1 else sums_of(sets))
    return levels
