"""The counts of communes' half months as known at the end of a day: read, and kept until a reading of them changes."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from threading import Lock
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection
from psycopg.types.json import set_json_loads
from pydantic_core import from_json

from services.reporting.domain.drafts.pairing import DayGroup, FieldCounts, LevelDay
from services.reporting.domain.drafts.places import Places

Half = tuple[int, str]
"""A half month and a commune."""
Version = tuple[int, int | None]
"""The table that has the counts, which a rebuild replaces, and the position of their last change."""

MOST = 3_000  # half months of communes, some ten kilobytes each
MOST_STATES = 4  # of one, as known on different days
MOST_WINDOWS = 600  # of communes, some fifty kilobytes each
# One row of each half month, commune and field: the last that was known, and the day of the next. Planned each time: a
# plan kept from when a table was small would read all of it.
HALVES_KNOWN: LiteralString = """
    SELECT asked.half, asked.commune, counted_fields.field, known.known_on, later.known_on, known.readings, known.flows,
        known.levels
    FROM unnest(%(halves)s::int[], %(communes)s::text[]) AS asked (half, commune)
    CROSS JOIN counted_fields
    LEFT JOIN LATERAL (
        SELECT known_on, readings, flows, levels FROM field_totals
        WHERE field_totals.commune = asked.commune AND field_totals.half = asked.half
            AND field_totals.field = counted_fields.field AND known_on <= %(known_on)s
        ORDER BY known_on DESC LIMIT 1
    ) known ON true
    LEFT JOIN LATERAL (
        SELECT known_on FROM field_totals
        WHERE field_totals.commune = asked.commune AND field_totals.half = asked.half
            AND field_totals.field = counted_fields.field AND known_on > %(known_on)s
        ORDER BY known_on LIMIT 1
    ) later ON true
    WHERE known.known_on IS NOT NULL OR later.known_on IS NOT NULL
"""
LEVELS_KNOWN: LiteralString = HALVES_KNOWN.replace("known.flows", "'[]'::json")
VERSIONS: LiteralString = """
    SELECT half, commune, 'field_totals'::regclass::oid::bigint, position
    FROM unnest(%s::int[], %s::text[]) AS asked (half, commune) LEFT JOIN recounts USING (half, commune)
"""


class HalfCounts(NamedTuple):
    """Counts by field that were known from `since` to the day before `until`; None where there is no such day."""

    places: Sequence[FieldCounts] = ()
    readings: int = 0
    since: date | None = None
    until: date | None = None

    def were_known_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class KeptHalves:
    """Most half months are the same on many days, and on all since their last correction.

    Nothing kept is ever of other data than its question's: the table's identity and the position of the last change of
    a half month are read in the snapshot of the question, and `recounts` gets that position in the transaction that
    changes the counts. Where one of them is another, the counts are read again. On which other days the same counts
    were known is read with them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Half, tuple[Version, list[HalfCounts]]] = OrderedDict()
        self._together: OrderedDict[tuple[int, ...], tuple[Sequence[HalfCounts], Places]] = OrderedDict()

    def of(self, connection: Connection, asked: Collection[Half], known_on: date) -> Mapping[Half, HalfCounts]:
        """In the order of `asked`, as `halves_known`; in one snapshot with everything else of an answer."""
        versions = _versions(connection, asked)
        known = {half: self._found(half, versions[half], known_on) for half in asked}
        read = halves_known(connection, [half for half, counts in known.items() if counts is None], known_on)
        for half, counts in read.items():
            self._keep(half, versions[half], counts)
        return {half: counts or read[half] for half, counts in known.items()}

    def together(self, halves: Sequence[HalfCounts]) -> Places:
        """The half months of a window; of the same kept ones the same list, with what was computed of it."""
        key = tuple(map(id, halves))  # those of a list that is kept are kept with it: nothing else has their ids
        with self._lock:
            known = self._together.pop(key) if key in self._together else (halves, places_of(halves))
            self._together[key] = known
            while len(self._together) > MOST_WINDOWS:
                self._together.popitem(last=False)
        return known[1]

    def _found(self, half: Half, version: Version, known_on: date) -> HalfCounts | None:
        with self._lock:
            kept_version, states = self._kept.get(half, (None, ()))
            if kept_version != version:
                return None
            self._kept.move_to_end(half)
            return next((counts for counts in states if counts.were_known_on(known_on)), None)

    def _keep(self, half: Half, version: Version, counts: HalfCounts) -> None:
        with self._lock:
            kept_version, states = self._kept.pop(half, (None, []))
            others = states if kept_version == version else []
            self._kept[half] = version, [counts, *others[: MOST_STATES - 1]]
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


def places_of(halves: Iterable[HalfCounts]) -> Places:
    return Places(place for half in halves for place in half.places)


def halves_known(
    connection: Connection, asked: Collection[Half], known_on: date, *, flows: bool = True
) -> dict[Half, HalfCounts]:
    """The counts of half months of communes as known at the end of a day, in the order of `asked`.

    Without `flows` their levels alone.
    """
    found: dict[Half, list[tuple[FieldCounts | None, date | None, date | None]]] = {half: [] for half in asked}
    if not found:
        return {}
    with connection.cursor() as cursor:
        set_json_loads(from_json, cursor)  # half of the time of Python's own reader
        columns = {"halves": [half for half, _ in asked], "communes": [commune for _, commune in asked]}
        rows = cursor.execute(
            HALVES_KNOWN if flows else LEVELS_KNOWN, columns | {"known_on": known_on}, prepare=False
        ).fetchall()
    for half, commune, field, since, until, *known in sorted(rows, key=itemgetter(2)):
        counts = _counts(half, field, *known) if since else None
        found[half, commune].append((counts, since, until))
    return {half: _half_counts(fields) for half, fields in found.items()}


def _counts(
    half: int, field: str, readings: int, flows: Sequence[Sequence[Any]], levels: Sequence[Sequence[Any]]
) -> FieldCounts:
    groups = [DayGroup(days, tuple(sets)) for days, *sets in flows]
    return FieldCounts(half, field, groups, [LevelDay(day, tuple(sets)) for day, *sets in levels], readings)


def _half_counts(fields: Sequence[tuple[FieldCounts | None, date | None, date | None]]) -> HalfCounts:
    places = [counts for counts, _, _ in fields if counts]
    return HalfCounts(
        places,
        sum(place.readings for place in places),
        max((since for _, since, _ in fields if since), default=None),
        min((until for _, _, until in fields if until), default=None),
    )


def _versions(connection: Connection, asked: Collection[Half]) -> dict[Half, Version]:
    rows = connection.execute(VERSIONS, ([half for half, _ in asked], [commune for _, commune in asked]))
    return {(half, commune): (table, position) for half, commune, table, position in rows}
