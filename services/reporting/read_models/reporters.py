"""The communes that owe a report and whether each has readings of it, without any figure; the days of its changes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.reporting.domain.content.report_content import CommuneLine
from services.reporting.domain.territory.territory_map import TerritoryMap
from services.reporting.read_models.figure_sources import changed_on
from services.reporting.read_models.knowledge import Knowledge
from services.reporting.read_models.territory import territory_of
from shared.clock import end_of
from shared.periods import halves_of
from shared.record.event_store import NO_END
from shared.vietnamese import collation_key

# Those whose last total that was known, of any half month and field, has readings.
REPORTED: LiteralString = """
    SELECT asked.commune FROM unnest(%(communes)s::text[]) AS asked (commune) WHERE EXISTS (
        SELECT FROM generate_series(%(first)s::int, %(last)s::int) AS asked_half (half)
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


class Reporters:
    """RebuildNeeded from each method where the tables are of another version."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._knowledge = Knowledge(pool)

    def lines(self, province: str, window: tuple[date, date], known_at: date) -> list[CommuneLine]:
        """As a report of the window has them, in its order, without figures."""
        with self._knowledge.connection() as connection:
            shown = TerritoryMap(territory_of(connection, end_of(known_at)), window[1])
            later = shown.established_later(province)
            sources = shown.sources_of(each.commune for each in (*shown.of_province(province), *later))
            reported = _reported(connection, sources, window, known_at)
        listed = [*shown.of_province(province), *(each for each in later if each.commune in reported)]
        communes = sorted(listed, key=lambda each: (collation_key(each.name), each.commune))
        return [
            CommuneLine(
                each.commune, each.code, each.name, not reported.isdisjoint(shown.sources_of([each.commune])), ()
            )
            for each in communes
        ]

    def has_reported(self, commune: str, window: tuple[date, date], known_at: date) -> bool:
        """Whether a commune, or one that it succeeds, has readings of the window."""
        with self._knowledge.connection() as connection:
            sources = TerritoryMap(territory_of(connection, end_of(known_at)), window[1]).sources_of([commune])
            return bool(_reported(connection, sources, window, known_at))

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
            return set(changed_on(connection, list(shown.sources_of(own)), province, window))


def _reported(connection: Connection, communes: Iterable[str], window: tuple[date, date], known_at: date) -> set[str]:
    first, last = halves_of(window)
    fields = {"communes": list(communes), "first": first, "last": last, "known_on": known_at}
    return {commune for (commune,) in connection.execute(REPORTED, fields, prepare=False)}
