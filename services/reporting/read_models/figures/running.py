"""Running counts: a commune's half month and field at the end of each day that changed them.

`flows` and `levels` answer questions: which measures came together, and what they sum to. `days` serve the next update
only: by day of the month and by set of measures, the number of readings and their amounts.
"""

import json
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from psycopg import Connection

from services.reporting.read_models.figures.changes import CountChange, CountPlace, add_readings

# What questions read stays in the row, unpacked; `days` is packed or moved out before it. That saves a quarter of their
# time and costs half as much disk again.
TABLES = """
CREATE TABLE IF NOT EXISTS field_totals (
    commune text, half int, field text, known_on date, readings int NOT NULL, flows json STORAGE MAIN NOT NULL,
    levels json STORAGE MAIN NOT NULL, days json NOT NULL,
    PRIMARY KEY (commune, half, field, known_on)
) WITH (toast_tuple_target = 4080);
CREATE TABLE IF NOT EXISTS counted_fields (field text PRIMARY KEY);
"""
# The same figures are the same bytes, whatever the batches in which they came.
_encode = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode

Amounts = dict[str, int]


@dataclass(slots=True)
class Running:
    """The counts of a place. `known_on` is the day of their latest row, None without one."""

    known_on: date | None = None
    days: dict[str, dict[str, Any]] = field(default_factory=dict)

    def change(self, change: CountChange) -> None:
        for day, changed in change.days.items():
            sets = self.days.setdefault(day, {})
            for measures, (readings, amounts) in changed.items():
                known = sets.get(measures)
                if known is None:
                    sets[measures] = [readings, dict(amounts)]  # type: ignore[arg-type]
                else:
                    add_readings(known, readings, amounts)  # type: ignore[arg-type]
                if not sets[measures][0]:
                    del sets[measures]
            if not sets:
                del self.days[day]

    def row(self, place: CountPlace, known_on: date, stocks: Set[str]) -> tuple[Any, ...]:
        readings = sum(known[0] for sets in self.days.values() for known in sets.values())
        flows, levels = _encode(self.flows(stocks)), _encode(self.levels(stocks))
        return (*place, known_on, readings, flows, levels, _encode(self.days))

    def flows(self, stocks: Set[str]) -> list[list[Any]]:
        """Days whose readings have the same sets of measures, together: [mask of days, amounts of each set, …]."""
        alike: dict[tuple[tuple[str, ...], ...], list[Any]] = {}
        for day, sets in self.days.items():
            found = _amounts(sets, stocks, levels=False)
            group = alike.get(tuple(found))
            if group is None:
                if found:
                    alike[tuple(found)] = [1 << (int(day) - 1), *found.values()]
                continue
            group[0] |= 1 << (int(day) - 1)
            for total, amounts in zip(group[1:], found.values(), strict=True):
                _add(total, amounts)
        return [alike[key] for key in sorted(alike)]

    def levels(self, stocks: Set[str]) -> list[list[Any]]:
        """[day of the month, amounts of each set, …], the latest first, without days that a later one replaces.

        A later day replaces one if it has all its measures.
        """
        kept: list[list[Any]] = []
        covered: list[set[str]] = []
        for day in sorted(self.days, key=int, reverse=True):
            found = _amounts(self.days[day], stocks, levels=True)
            measures = {measure for amounts in found.values() for measure in amounts}
            if measures and not any(measures <= later for later in covered):
                kept.append([int(day), *found.values()])
                covered.append(measures)
        return kept


def _amounts(sets: Mapping[str, Any], stocks: Set[str], levels: bool) -> dict[tuple[str, ...], Amounts]:
    """The amounts of a day by the set of flows, or of levels, that its readings have; in order."""
    found: dict[tuple[str, ...], Amounts] = {}
    for _, amounts in sets.values():
        part = {measure: amount for measure, amount in amounts.items() if (measure in stocks) == levels}
        if part:
            _add(found.setdefault(tuple(sorted(part)), {}), part)
    return {key: found[key] for key in sorted(found)}


def _add(total: Amounts, amounts: Mapping[str, int]) -> None:
    for measure, amount in amounts.items():
        total[measure] = total.get(measure, 0) + amount


# Planned each time: a plan kept from when a table was small would read all of it for each place.
def latest_of_places(connection: Connection[Any], places: Collection[CountPlace]) -> dict[CountPlace, Running]:
    """The running counts of each place; empty for a place without readings."""
    rows = connection.execute(
        """
        SELECT place.commune, place.half, place.field, latest.known_on, latest.days
        FROM unnest(%s::text[], %s::int[], %s::text[]) AS place (commune, half, field) CROSS JOIN LATERAL (
            SELECT known_on, days FROM field_totals AS known
            WHERE (known.commune, known.half, known.field) = (place.commune, place.half, place.field)
            ORDER BY known_on DESC LIMIT 1
        ) latest
        """,
        _columns(list(places), 3),
        prepare=False,
    )
    running = {place: Running() for place in places}
    return running | {CountPlace(commune, half, name): Running(*known) for commune, half, name, *known in rows}


def delete_from(connection: Connection[Any], rows: Collection[tuple[Any, ...]]) -> None:
    """Rows (place, day): what is known of the place on that day or later."""
    if rows:
        connection.execute(
            "DELETE FROM field_totals AS known USING unnest(%s::text[], %s::int[], %s::text[], %s::date[])"
            " AS place (commune, half, field, known_on) WHERE (known.commune, known.half, known.field)"
            " = (place.commune, place.half, place.field) AND known.known_on >= place.known_on",
            _columns(rows, 4),
        )


def insert(connection: Connection[Any], rows: Collection[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor, cursor.copy("COPY field_totals FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def update(connection: Connection[Any], rows: Collection[tuple[Any, ...]]) -> None:
    if rows:
        connection.execute(
            "INSERT INTO field_totals SELECT * FROM unnest(%s::text[], %s::int[], %s::text[], %s::date[], %s::int[],"
            " %s::json[], %s::json[], %s::json[]) ON CONFLICT (commune, half, field, known_on) DO UPDATE SET"
            " readings = excluded.readings, flows = excluded.flows, levels = excluded.levels, days = excluded.days",
            _columns(rows, 8),
        )


def insert_fields(connection: Connection[Any], fields: set[str]) -> None:
    connection.execute("INSERT INTO counted_fields SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", (sorted(fields),))


def _columns(rows: Collection[Sequence[Any]], width: int) -> list[list[Any]]:
    return [[row[n] for row in rows] for n in range(width)]
