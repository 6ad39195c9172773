"""Running counts: a commune's half month and field at the end of each day that changed them.

`field_totals` answers questions: which measures came together (`flows`, `levels`), and what they sum to. `day_counts`
serves the next update only: of each place as last known, by day of the month and by set of measures, the number of
readings and their amounts.
"""

import json
from collections.abc import Collection, ItemsView, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from psycopg import Connection
from pydantic_core import to_json

from services.reporting.read_models.figures.changes import Amounts, CountChange, CountPlace, Readings, added

# What questions read stays in the row, unpacked. That saves a quarter of their time and costs half as much disk again.
TABLES = """
CREATE TABLE IF NOT EXISTS field_totals (
    commune text, half int, field text, known_on date, readings int NOT NULL, flows json STORAGE MAIN NOT NULL,
    levels json STORAGE MAIN NOT NULL, PRIMARY KEY (commune, half, field, known_on)
) WITH (toast_tuple_target = 4080);
CREATE TABLE IF NOT EXISTS day_counts (
    commune text, half int, field text, known_on date NOT NULL, days json NOT NULL, PRIMARY KEY (commune, half, field)
);
CREATE TABLE IF NOT EXISTS counted_fields (field text PRIMARY KEY);
"""
# The same figures are the same bytes, whatever the batches in which they came.
_encode = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode

Together = dict[tuple[str, ...], Amounts]  # amounts by the measures that came together, both in order


class _Day(NamedTuple):
    """The amounts for each set of flows (`key` names them) and of levels that readings of the day have, in order."""

    readings: int
    key: tuple[tuple[str, ...], ...]
    flows: tuple[Amounts, ...]
    levels: tuple[Amounts, ...]


@dataclass(slots=True)
class Running:
    """The counts of a place; `stocks` are the measures that are levels.

    `known_on` is the day of their latest row, None without one.
    """

    stocks: frozenset[str]
    known_on: date | None = None
    days: dict[str, dict[str, Readings]] = field(default_factory=dict)
    _summed: dict[str, _Day] = field(default_factory=dict, init=False)

    def change(self, change: CountChange) -> None:
        for day, changed in change.days.items():
            self._summed.pop(day, None)
            sets = self.days.setdefault(day, {})
            for measures, (readings, amounts) in changed.items():
                known = sets.get(measures)
                sets[measures] = added(known, readings, amounts) if known else (readings, dict(amounts))
                if not sets[measures][0]:
                    del sets[measures]
            if not sets:
                del self.days[day]

    def row(self, place: CountPlace, known_on: date) -> tuple[Any, ...]:
        flows, levels = (
            to_json([(days, *sets) for days, sets in together]).decode() for together in (self.flows(), self.levels())
        )
        return (*place, known_on, sum(day.readings for day in self._summed.values()), flows, levels)

    def flows(self) -> list[tuple[int, Sequence[Amounts]]]:
        """Days whose readings have the same sets of measures, together: a mask of them, and the amounts of each set."""
        masks: dict[tuple[tuple[str, ...], ...], int] = {}
        sums: dict[tuple[tuple[str, ...], ...], list[Amounts]] = {}
        for day, (_, key, flows, _) in self._sums():
            if not key:
                continue
            mask = 1 << (int(day) - 1)
            totals = sums.get(key)
            if totals is None:
                masks[key], sums[key] = mask, [dict(amounts) for amounts in flows]
                continue
            masks[key] |= mask
            for total, amounts in zip(totals, flows, strict=True):
                for measure, amount in amounts.items():
                    total[measure] += amount
        return [(masks[key], sums[key]) for key in sorted(sums)]

    def levels(self) -> list[tuple[int, Sequence[Amounts]]]:
        """Day of the month and amounts of each set, the latest first, without days that a later one replaces.

        A later day replaces one if it has all its measures.
        """
        kept: list[tuple[int, Sequence[Amounts]]] = []
        covered: list[set[str]] = []
        for day, sums in sorted((int(day), sums) for day, sums in self._sums() if sums.levels)[::-1]:
            measures = {measure for amounts in sums.levels for measure in amounts}
            if not any(measures <= later for later in covered):
                kept.append((day, sums.levels))
                covered.append(measures)
        return kept

    def _sums(self) -> ItemsView[str, _Day]:
        """By day; computed again only for one that changed."""
        for day, sets in self.days.items():
            if day not in self._summed:
                flows, levels = (_together(sets, self.stocks, levels=levels) for levels in (False, True))
                readings = sum(readings for readings, _ in sets.values())
                self._summed[day] = _Day(readings, tuple(flows), tuple(flows.values()), tuple(levels.values()))
        return self._summed.items()


def _together(sets: Mapping[str, Readings], stocks: frozenset[str], levels: bool) -> Together:
    """The amounts of a day by the set of flows, or of levels, that its readings have; in order."""
    found: Together = {}
    for measures, (_, amounts) in sets.items():
        key = _split(measures, stocks)[levels]
        if not key:
            continue
        total = found.get(key)
        if total is None:
            found[key] = {measure: amounts[measure] for measure in key}
        else:
            for measure in key:
                total[measure] += amounts[measure]
    return found if len(found) < 2 else {key: found[key] for key in sorted(found)}


@lru_cache(maxsize=4096)
def _split(measures: str, stocks: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A set of measures, written as in `days`, in its flows and its levels."""
    names = measures.split(",") if measures else []
    return tuple(name for name in names if name not in stocks), tuple(name for name in names if name in stocks)


# Planned each time: a plan kept from when a table was small would read all of it for each place.
def latest_of_places(
    connection: Connection, places: Collection[CountPlace], stocks: frozenset[str]
) -> dict[CountPlace, Running]:
    """The running counts of each place; empty for a place without readings."""
    rows = connection.execute(
        """
        SELECT commune, half, field, known_on, days
        FROM unnest(%s::text[], %s::int[], %s::text[]) AS place (commune, half, field)
        JOIN day_counts USING (commune, half, field)
        """,
        _columns(list(places), 3),
        prepare=False,
    )
    running = {place: Running(stocks) for place in places}
    return running | {CountPlace(commune, half, name): Running(stocks, *known) for commune, half, name, *known in rows}


def delete_from(connection: Connection, rows: Collection[tuple[Any, ...]]) -> None:
    """Rows (place, day): what is known of the place on that day or later."""
    if rows:
        connection.execute(
            "DELETE FROM field_totals AS known USING unnest(%s::text[], %s::int[], %s::text[], %s::date[])"
            " AS place (commune, half, field, known_on) WHERE (known.commune, known.half, known.field)"
            " = (place.commune, place.half, place.field) AND known.known_on >= place.known_on",
            _columns(rows, 4),
        )


def insert(connection: Connection, rows: Collection[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor, cursor.copy("COPY field_totals FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def update(connection: Connection, rows: Collection[tuple[Any, ...]]) -> None:
    if rows:
        connection.execute(
            "INSERT INTO field_totals SELECT * FROM unnest(%s::text[], %s::int[], %s::text[], %s::date[], %s::int[],"
            " %s::json[], %s::json[]) ON CONFLICT (commune, half, field, known_on) DO UPDATE SET"
            " readings = excluded.readings, flows = excluded.flows, levels = excluded.levels",
            _columns(rows, 7),
        )


def replace_days(connection: Connection, running: Mapping[CountPlace, Running], known: Collection[CountPlace]) -> None:
    """`known` are the places that have a row."""
    if known:
        connection.execute(
            "DELETE FROM day_counts USING unnest(%s::text[], %s::int[], %s::text[]) AS place (commune, half, field)"
            " WHERE (day_counts.commune, day_counts.half, day_counts.field) = (place.commune, place.half, place.field)",
            _columns(list(known), 3),
        )
    with connection.cursor() as cursor, cursor.copy("COPY day_counts FROM STDIN") as copy:
        for place, own in running.items():
            copy.write_row((*place, own.known_on, _encode(own.days)))


def insert_fields(connection: Connection, fields: set[str]) -> None:
    connection.execute("INSERT INTO counted_fields SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", (sorted(fields),))


def _columns(rows: Collection[Sequence[Any]], width: int) -> list[list[Any]]:
    return [[row[n] for row in rows] for n in range(width)]
