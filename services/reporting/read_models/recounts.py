"""The half months of communes whose counts changed, and how far they were compared with approved reports."""

from collections.abc import Sequence
from typing import LiteralString, NamedTuple

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.reporting.domain.lifecycle.commune_report_events import APPROVED
from services.reporting.read_models.table_version import require
from shared.contracts.indicators import SubmissionReceipted
from shared.periods import half_of

# `position` is Indicators', of the last change.
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS recounts (
    commune text, half int, position bigint NOT NULL, PRIMARY KEY (commune, half)
);
CREATE INDEX IF NOT EXISTS recounts_position ON recounts (position);
"""
# Reporting's own progress: a rebuild keeps it. It begins with what was followed before there was such a table.
COMPARED: LiteralString = """
CREATE TABLE IF NOT EXISTS recounts_compared (position bigint NOT NULL);
INSERT INTO recounts_compared
    SELECT coalesce((SELECT position FROM tracking WHERE source = 'indicators'), 0)
    WHERE NOT EXISTS (SELECT FROM recounts_compared);
"""
_AT_ONCE = 500  # half months, and those of the last one's submission


class ApprovedReport(NamedTuple):
    commune: str
    province: str
    regime: str
    period: str


class Recounted(NamedTuple):
    """Half months that changed up to a position, and the approved reports of their communes and of their successors."""

    position: int
    halves: frozenset[int]
    approved: list[ApprovedReport]


def remember_recounts(connection: Connection, received: Sequence[tuple[int, SubmissionReceipted]]) -> None:
    last = {
        (event.commune, half_of(reading.observed_on)): position
        for position, event in received
        for reading in (*event.recorded, *event.corrected, *event.withdrawn)
    }
    if last:
        connection.execute(
            "INSERT INTO recounts SELECT * FROM unnest(%s::text[], %s::int[], %s::bigint[])"
            " ON CONFLICT (commune, half) DO UPDATE SET position = excluded.position",
            ([commune for commune, _ in last], [half for _, half in last], list(last.values())),
        )


class Recounts:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def not_compared(self) -> Recounted | None:
        """The changes that come next, some hundred; None where all are compared."""
        with self._pool.connection() as connection:
            require(connection)
            rows = connection.execute(
                "SELECT commune, half, position FROM recounts"
                " WHERE position > (SELECT max(position) FROM recounts_compared)"
                " ORDER BY position FETCH FIRST %s ROWS WITH TIES",
                (_AT_ONCE,),
            ).fetchall()
            if not rows:
                return None
            approved = _approved(connection, {commune for commune, _, _ in rows})
        return Recounted(rows[-1][2], frozenset(half for _, half, _ in rows), approved)

    def compared(self, position: int) -> None:
        """All changes up to this position are compared."""
        with self._pool.connection() as connection:
            connection.execute("UPDATE recounts_compared SET position = greatest(position, %s)", (position,))


def _approved(connection: Connection, communes: set[str]) -> list[ApprovedReport]:
    rows = connection.execute(
        """
        WITH RECURSIVE reached (commune) AS (
            SELECT unnest(%s::text[]) UNION
            SELECT successor FROM successions JOIN reached USING (commune)
        )
        SELECT commune, province, regime, period FROM reports JOIN reached USING (commune) WHERE state = %s
        """,
        (sorted(communes), APPROVED),
    )
    return [ApprovedReport(*row) for row in rows]
