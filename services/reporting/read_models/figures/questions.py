"""What counted in a window, as it was known at the end of a day: a few rows a commune, however much was counted."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection

from services.reporting.read_models.figures.halves import halves_of
from shared.clock import day_of, end_of

Window = tuple[date, date]
# One row of each commune and half: the last that was known. Planned each time: a plan kept from when a table was small
# would read all of it.
TOTALS_KNOWN: LiteralString = """
    SELECT known.half, asked.commune, known.readings, known.flows, known.levels
    FROM unnest(%(communes)s::text[]) AS asked (commune)
    CROSS JOIN generate_series(%(first)s::int, %(last)s::int) AS asked_half (half)
    CROSS JOIN LATERAL (
        SELECT half, readings, flows, levels FROM totals
        WHERE totals.commune = asked.commune AND totals.half = asked_half.half AND known_on <= %(known_on)s
        ORDER BY known_on DESC LIMIT 1
    ) known
"""
FIELD_TOTALS_KNOWN: LiteralString = """
    SELECT known.half, asked.commune, counted_fields.field, known.flows, known.levels
    FROM unnest(%(communes)s::text[]) AS asked (commune)
    CROSS JOIN generate_series(%(first)s::int, %(last)s::int) AS asked_half (half)
    CROSS JOIN counted_fields
    CROSS JOIN LATERAL (
        SELECT half, flows, levels FROM field_totals
        WHERE field_totals.commune = asked.commune AND field_totals.half = asked_half.half
            AND field_totals.field = counted_fields.field AND known_on <= %(known_on)s
        ORDER BY known_on DESC LIMIT 1
    ) known
"""


class Summed(NamedTuple):
    """Sums by (commune, measure), and how many readings stand by commune."""

    sums: dict[tuple[str, str], int]
    readings: dict[str, int]


def summed(connection: Connection[Any], communes: list[str], window: Window, known_until: datetime) -> Summed:
    """Flows and surveys summed over a window (both days inclusive); of a stock each field's latest day's counts.

    ValueError for a window that is not of half months, or an instant that is not the end of a day in Viet Nam.
    """
    rows = _by_half(connection, TOTALS_KNOWN, _asked(communes, window, known_until))
    readings: dict[str, int] = {}
    known: dict[str, _Known] = {}
    for _, commune, standing, flows, levels in rows:
        if standing:
            readings[commune] = readings.get(commune, 0) + standing
        known.setdefault(commune, _Known()).add(flows, levels)
    sums = {(commune, measure): n for commune, said in known.items() for measure, n in said.flows.items()}
    for commune, said in known.items():
        for level, amount in said.levels.items():
            key = commune, level.partition("/")[0]
            sums[key] = sums.get(key, 0) + amount
    return Summed(sums, readings)


def by_field(
    connection: Connection[Any], communes: list[str], window: Window, known_until: datetime
) -> dict[tuple[str, str, str], int]:
    """The same by (commune, measure, field); the field is empty for what is not counted by field."""
    rows = _by_half(connection, FIELD_TOTALS_KNOWN, _asked(communes, window, known_until))
    known: dict[tuple[str, str], _Known] = {}
    for _, commune, name, flows, levels in rows:
        known.setdefault((commune, name), _Known()).add(flows, levels)
    return {
        (commune, measure, name): amount
        for (commune, name), said in known.items()
        for measure, amount in (said.flows | said.levels).items()
    }


@dataclass(slots=True)
class _Known:
    """What halves, one after the other, add up to: flows are summed, of levels the later half's holds."""

    flows: dict[str, int] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)

    def add(self, flows: dict[str, int], levels: dict[str, int]) -> None:
        sums = self.flows
        for measure, amount in flows.items():
            sums[measure] = sums.get(measure, 0) + amount
        self.levels.update(levels)


def _by_half(connection: Connection[Any], query: LiteralString, asked: dict[str, Any]) -> list[Any]:
    """Put in order here: PostgreSQL would sort megabytes of totals, on disk where they exceed its work_mem."""
    return sorted(connection.execute(query, asked, prepare=False).fetchall(), key=itemgetter(0))


def _asked(communes: list[str], window: Window, known_until: datetime) -> dict[str, Any]:
    first, last = halves_of(window)
    known_on = day_of(known_until - timedelta(microseconds=1))
    if known_until != end_of(known_on):
        raise ValueError(f"{known_until} is not the end of a day in Viet Nam")
    return {"communes": communes, "first": first, "last": last, "known_on": known_on}
