"""The readings behind a figure: found by Indicators' tables, taken from its stored events with every act on them.

Only events of readings that ever held one of the measures, in the days asked for, are read.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, LiteralString, NamedTuple, Protocol
from uuid import UUID

from psycopg import Connection

from services.reporting.audit.explaining.stored_facts import Fact, facts_of
from services.reporting.audit.stored_events import UNREADABLE
from services.reporting.domain.drafts.pairing import DayGroup, FieldCounts, LevelDay
from services.reporting.domain.drafts.places import Places
from services.reporting.read_models.figures.changes import CountChange, CountPlace
from services.reporting.read_models.figures.questions import WindowCounts
from services.reporting.read_models.figures.running import Running
from shared.periods import half_of

Window = tuple[date, date]
ACTS = ("recorded", "corrected", "withdrawn")

# A reading keeps its day: one pass over the days finds each version that holds a measure, and each withdrawal. Versions
# before the measure came into a reading are few, and looked up.
FOUND_IN: LiteralString = """
    commune = ANY(%s) AND observed_on BETWEEN %s AND %s AND (%s::text[] IS NULL OR coalesce(field, '') = ANY(%s))
        AND (jsonb_exists_any(counts, %s) OR counts = '{}')
"""
FOUND: LiteralString = f"""
    SELECT commune, reading_id, version, event, counts <> '{{}}' FROM indicators.readings WHERE {FOUND_IN}
"""  # noqa: S608  no input
EARLIER: LiteralString = """
    SELECT event FROM indicators.readings JOIN unnest(%s::text[], %s::text[]) AS held (commune, reading_id)
        USING (commune, reading_id)
"""


day_of_reading = lru_cache(date.fromisoformat)  # of thousands of readings few


class Act(NamedTuple):
    """What an event did to a reading; `reading` is the item of the event, `by` the account that sent it, or None."""

    kind: str
    reading: Mapping[str, Any]
    fact: Fact
    by: str | None = None
    by_account: str | None = None


@dataclass
class ReadingHistory:
    """A reading with the acts on it in order; the last one counts."""

    commune: str
    acts: list[Act] = field(default_factory=list)

    @property
    def last(self) -> Mapping[str, Any]:
        return self.acts[-1].reading

    @property
    def values(self) -> Mapping[str, int]:
        """What counts today: nothing of a withdrawn reading."""
        values: Mapping[str, int] = self.last["values"]
        return values

    @property
    def field_id(self) -> str:
        return self.last["field"] or ""

    @property
    def observed_on(self) -> date:
        return day_of_reading(self.last["observed_on"])


class WantedReadings(NamedTuple):
    """The readings of communes in a window, both days inclusive, that hold or held one of the measures.

    `fields`: only those of some fields ("" without one).
    """

    communes: Collection[str]
    window: Window
    measures: Collection[str]
    fields: Collection[str] | None = None


class Standing(Protocol):
    """A reading as it counts: in a history, or alone."""

    @property
    def commune(self) -> str: ...

    @property
    def field_id(self) -> str: ...

    @property
    def observed_on(self) -> date: ...

    @property
    def values(self) -> Mapping[str, int]: ...


def parameters_of(asked: WantedReadings) -> tuple[Any, ...]:
    """Of the condition FOUND_IN."""
    fields = None if asked.fields is None else list(asked.fields)
    return (list(asked.communes), *asked.window, fields, fields, list(asked.measures))


def readings_of(connection: Connection, asked: WantedReadings, until: int) -> list[ReadingHistory]:
    """In the order of their days; with the acts up to a position of Indicators."""
    if not asked.measures:
        return []
    rows = connection.execute(FOUND, parameters_of(asked), prepare=False).fetchall()
    wanted = {(commune, reading_id) for commune, reading_id, _, _, holds in rows if holds}
    events = {event for commune, reading_id, _, event, _ in rows if (commune, reading_id) in wanted}
    events |= _earlier(connection, [(row[0], row[1], row[2]) for row in rows if (row[0], row[1]) in wanted])
    found: dict[tuple[str, str], ReadingHistory] = {}
    for fact in facts_of(connection, "indicators", events, until):
        try:
            receipt = json.loads(fact.row.state)  # no field of it is a typed one: half the time of `Fact.fields`
        except UNREADABLE as fault:
            raise fact.unreadable from fault
        commune, sender = receipt["commune"], (receipt.get("by"), receipt.get("by_account"))
        for kind in ACTS:
            for reading in receipt[kind]:
                key = (commune, reading["reading_id"])
                if key in wanted:
                    found.setdefault(key, ReadingHistory(commune)).acts.append(Act(kind, reading, fact, *sender))
    return sorted(found.values(), key=lambda each: (each.last["observed_on"], each.commune, each.last["reading_id"]))


def _earlier(connection: Connection, versions: Sequence[tuple[str, str, int]]) -> set[UUID]:
    """The events of readings of which a version is missing among these."""
    numbers = Counter[tuple[str, str]]()
    last = dict[tuple[str, str], int]()
    for *key, version in versions:
        reading = (str(key[0]), str(key[1]))
        numbers[reading] += 1
        last[reading] = max(version, last.get(reading, 0))
    missing = [reading for reading, version in last.items() if numbers[reading] < version]
    if not missing:
        return set()
    columns = [commune for commune, _ in missing], [reading_id for _, reading_id in missing]
    return {row[0] for row in connection.execute(EARLIER, columns, prepare=False)}


def counts_of(readings: Iterable[Standing], stocks: frozenset[str]) -> WindowCounts:
    """What the readings amount to, in the form in which reports count and pair them."""
    places: dict[CountPlace, CountChange] = {}
    standing: dict[str, int] = {}
    for each in readings:
        if each.values:
            standing[each.commune] = standing.get(each.commune, 0) + 1
            place = CountPlace(each.commune, half_of(each.observed_on), each.field_id)
            if place not in places:
                places[place] = CountChange()
            places[place].add(each.values, each.observed_on, 1)
    reported: dict[str, list[FieldCounts]] = {}
    for place in sorted(places, key=lambda place: (place.half, place.commune, place.field)):
        running = Running(stocks, None, places[place].days)
        flows = [DayGroup(days, tuple(sets)) for days, sets in running.flows()]
        levels = [LevelDay(day, tuple(sets)) for day, sets in running.levels()]
        reported.setdefault(place.commune, []).append(FieldCounts(place.half, place.field, flows, levels))
    return WindowCounts({commune: Places(counts) for commune, counts in reported.items()}, standing)


def amounts_of(readings: Iterable[Standing], stocks: frozenset[str]) -> dict[tuple[str, str, str], int]:
    """By (commune, measure, field): flows summed, of a stock the latest day's; what the cells of forms are made of."""
    amounts: dict[tuple[str, str, str], int] = {}
    latest: dict[tuple[str, str, str], date] = {}
    for each in readings:
        for measure, count in each.values.items():
            key = each.commune, measure, each.field_id
            if measure in stocks:
                day = latest.get(key, date.min)
                if each.observed_on < day:
                    continue
                if each.observed_on > day:
                    latest[key], amounts[key] = each.observed_on, 0
            amounts[key] = amounts.get(key, 0) + count
    return amounts


def sums_of(amounts: Mapping[tuple[str, str, str], int]) -> dict[tuple[str, str], int]:
    """By (commune, measure)."""
    sums: dict[tuple[str, str], int] = {}
    for (commune, measure, _), amount in amounts.items():
        sums[commune, measure] = sums.get((commune, measure), 0) + amount
    return sums
