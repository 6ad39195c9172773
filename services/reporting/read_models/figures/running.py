"""Running totals: what counted in a commune's half month at the end of each day that changed it.

`flows` are amounts by measure. `levels` are stocks, the latest day's amount: by field under the measure, of a whole
half under `measure/field`. `said` is what nobody asks for and the next day goes on from: how many readings say each
amount, of a stock day by day with what they say. What nobody says any more is gone, not zero.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, LiteralString

from psycopg import Connection

from services.reporting.read_models.figures.changes import Change, Place

# What questions read stays in the row, unpacked; `said` is packed or moved out before it. That saves a quarter of their
# time and costs half as much disk again.
TABLES = """
CREATE TABLE IF NOT EXISTS totals (
    commune text, half int, known_on date, readings int NOT NULL, flows json STORAGE MAIN NOT NULL,
    levels json STORAGE MAIN NOT NULL, said json NOT NULL,
    PRIMARY KEY (commune, half, known_on)
) WITH (toast_tuple_target = 4080);
CREATE TABLE IF NOT EXISTS field_totals (
    commune text, half int, field text, known_on date, readings int NOT NULL, flows json STORAGE MAIN NOT NULL,
    levels json STORAGE MAIN NOT NULL, said json NOT NULL,
    PRIMARY KEY (commune, half, field, known_on)
) WITH (toast_tuple_target = 4080);
CREATE TABLE IF NOT EXISTS counted_fields (field text PRIMARY KEY);
"""
# The same figures are the same bytes, whatever the batches in which they came.
_encode = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode

Amounts = dict[str, int]
Half = tuple[str, int]


@dataclass(slots=True)
class Running:
    """The totals of a place, or of a whole half. `known_on` is the day of their latest row, None without one."""

    known_on: date | None = None
    readings: int = 0
    flows: Amounts = field(default_factory=dict)
    levels: Amounts = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    def change(self, change: Change) -> None:
        """As a place's own totals."""
        self.readings += change.readings
        for key, count in change.counts.items():
            if isinstance(key, str):
                self._flow(key, *count)
            else:
                self._level(*key, *count)

    def follow(self, change: Change, place: Place, changed: "Running") -> None:
        """As the totals of a half in which a place changed."""
        self.readings += change.readings
        for key, count in change.counts.items():
            if isinstance(key, str):
                self._flow(key, *count)
                continue
            measure, _ = key
            if measure in changed.levels:
                self.levels[f"{measure}/{place.field}"] = changed.levels[measure]
            else:
                self.levels.pop(f"{measure}/{place.field}", None)

    def row(self, key: Sequence[Any], known_on: date) -> tuple[Any, ...]:
        return (*key, known_on, self.readings, _encode(self.flows), _encode(self.levels), _encode(self.said))

    def _flow(self, measure: str, amount: int, saying: int) -> None:
        saying += self.said.get(measure, 0)
        if saying:
            self.flows[measure] = self.flows.get(measure, 0) + amount
            self.said[measure] = saying
        elif self.said.pop(measure, None):
            del self.flows[measure]

    def _level(self, measure: str, day: str, amount: int, saying: int) -> None:
        days = self.said.setdefault(measure, {})
        before = days.pop(day, (0, 0))
        if saying + before[1]:
            days[day] = [before[0] + amount, before[1] + saying]
        if days:
            self.levels[measure] = days[max(days, key=int)][0]
        else:
            del self.said[measure]
            self.levels.pop(measure, None)


# Planned each time: a plan kept from when a table was small would read all of it for each place.
def latest_of_places(connection: Connection[Any], places: Collection[Place]) -> dict[Place, Running]:
    """Where each place stands; a place of which nothing was said yet stands at nothing."""
    rows = connection.execute(
        """
        SELECT place.commune, place.half, place.field, latest.known_on, latest.readings,
            latest.flows, latest.levels, latest.said
        FROM unnest(%s::text[], %s::int[], %s::text[]) AS place (commune, half, field) CROSS JOIN LATERAL (
            SELECT known_on, readings, flows, levels, said FROM field_totals AS known
            WHERE (known.commune, known.half, known.field) = (place.commune, place.half, place.field)
            ORDER BY known_on DESC LIMIT 1
        ) latest
        """,
        _columns(places, 3),
        prepare=False,
    )
    running = {place: Running() for place in places}
    return running | {Place(commune, half, name): Running(*known) for commune, half, name, *known in rows}


def latest_of_halves(connection: Connection[Any], halves: Collection[Half]) -> dict[Half, Running]:
    """Where each half of a commune stands."""
    rows = connection.execute(
        """
        SELECT place.commune, place.half, latest.known_on, latest.readings,
            latest.flows, latest.levels, latest.said
        FROM unnest(%s::text[], %s::int[]) AS place (commune, half) CROSS JOIN LATERAL (
            SELECT known_on, readings, flows, levels, said FROM totals AS known
            WHERE (known.commune, known.half) = (place.commune, place.half)
            ORDER BY known_on DESC LIMIT 1
        ) latest
        """,
        _columns(halves, 2),
        prepare=False,
    )
    running = {half: Running() for half in halves}
    return running | {(commune, half): Running(*known) for commune, half, *known in rows}


def insert(connection: Connection[Any], table: LiteralString, rows: Collection[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)


def update_places(connection: Connection[Any], rows: Collection[tuple[Any, ...]]) -> None:
    if rows:
        connection.execute(
            "INSERT INTO field_totals SELECT * FROM unnest(%s::text[], %s::int[], %s::text[], %s::date[], %s::int[],"
            " %s::json[], %s::json[], %s::json[]) ON CONFLICT (commune, half, field, known_on) DO UPDATE SET"
            " readings = excluded.readings, flows = excluded.flows, levels = excluded.levels, said = excluded.said",
            _columns(rows, 8),
        )


def update_halves(connection: Connection[Any], rows: Collection[tuple[Any, ...]]) -> None:
    if rows:
        connection.execute(
            "INSERT INTO totals SELECT * FROM unnest(%s::text[], %s::int[], %s::date[], %s::int[], %s::json[],"
            " %s::json[], %s::json[]) ON CONFLICT (commune, half, known_on) DO UPDATE SET"
            " readings = excluded.readings, flows = excluded.flows, levels = excluded.levels, said = excluded.said",
            _columns(rows, 7),
        )


def insert_fields(connection: Connection[Any], fields: set[str]) -> None:
    connection.execute("INSERT INTO counted_fields SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", (sorted(fields),))


def _columns(rows: Collection[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[n] for row in rows] for n in range(width)]
