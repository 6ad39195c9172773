"""The communes that owe a report and whether each has readings of it, without any figure; the days of its changes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.reporting.domain.content.report_content import CommuneLine
from services.reporting.domain.territory.territory_map import TerritoryMap
from services.reporting.read_models.change_days import ChangeDays
from services.reporting.read_models.knowledge import Knowledge
from services.reporting.read_models.territory import territory_of
from shared.clock import end_of
from shared.periods import halves_of
from shared.record.event_store import NO_END
from shared.vietnamese import collation_key

# Those whose last total that was known, of any half month of a window and field, has readings.
REPORTED: LiteralString = """
    SELECT DISTINCT asked.commune, first, last
    FROM unnest(%(communes)s::text[], %(firsts)s::int[], %(lasts)s::int[]) AS asked (commune, first, last)
    WHERE EXISTS (
        SELECT FROM generate_series(first, last) AS asked_half (half)
        CROSS JOIN counted_fields
        CROSS JOIN LATERAL (
            SELECT readings FROM field_totals
            WHERE field_totals.commune = asked.commune AND field_totals.half = asked_half.half
                AND field_totals.field = counted_fields.field AND known_on <= %(known_on)s
            ORDER BY known_on DESC LIMIT 1
        ) AS known
        WHERE readings > 0
    )
"""

Window = tuple[date, date]


class Reporters:
    """RebuildNeeded from each method where the tables are of another version."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._knowledge = Knowledge(pool)
        self._days = ChangeDays()

    def lines(self, province: str, window: tuple[date, date], known_at: date) -> list[CommuneLine]:
        """As a report of the window has them, in its order, without figures."""
        with self._knowledge.connection() as connection:
            shown = TerritoryMap(territory_of(connection, end_of(known_at)), window[1])
            later = shown.established_later(province)
            sources = shown.sources_of(each.commune for each in (*shown.of_province(province), *later))
            reported = {commune for commune, _ in _reported(connection, ((each, window) for each in sources), known_at)}
        listed = [*shown.of_province(province), *(each for each in later if each.commune in reported)]
        communes = sorted(listed, key=lambda each: (collation_key(each.name), each.commune))
        return [
            CommuneLine(
                each.commune, each.code, each.name, not reported.isdisjoint(shown.sources_of([each.commune])), ()
            )
            for each in communes
        ]

    def windows_reported(self, commune: str, windows: Collection[Window], known_at: date) -> set[Window]:
        """Those of which a commune, or one that it succeeds, has readings."""
        with self._knowledge.connection() as connection:
            territory = territory_of(connection, end_of(known_at))
            sources = {window: TerritoryMap(territory, window[1]).sources_of([commune]) for window in windows}
            asked = [(each, window) for window in windows for each in sources[window]]
            reported = _reported(connection, asked, known_at) if asked else set()
        return {window for window in windows if any((each, halves_of(window)) in reported for each in sources[window])}

    def reports_changed_on(self, reports: Sequence[UUID]) -> set[date]:
        """The days on which something of these reports was recorded."""
        with self._knowledge.connection() as connection:
            rows = connection.execute(
                "SELECT DISTINCT (recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM reporting_events"
                " WHERE originator_id = ANY(%s)",
                (list(reports),),
            )
            return {day for (day,) in rows}

    def figures_changed_on(self, province: str, window: tuple[date, date]) -> set[date]:
        """The days on which something that a province's figures of a window rest on was recorded."""
        with self._knowledge.connection() as connection:
            shown = TerritoryMap(territory_of(connection, NO_END), window[1])
            own = [each.commune for each in (*shown.of_province(province), *shown.established_later(province))]
            return set(self._days.of(connection, shown.sources_of(own), province, window))


def _reported(
    connection: Connection, asked: Iterable[tuple[str, Window]], known_at: date
) -> set[tuple[str, tuple[int, int]]]:
    """Of communes and windows those with readings: the commune with the first and the last half month."""
    rows = {(commune, *halves_of(window)) for commune, window in asked}
    communes, firsts, lasts = ([row[n] for row in rows] for n in range(3))
    fields = {"communes": communes, "firsts": firsts, "lasts": lasts, "known_on": known_at}
    found = connection.execute(REPORTED, fields, prepare=False)
    return {(commune, (first, last)) for commune, first, last in found}
