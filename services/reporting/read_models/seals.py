"""The checkpoints of all histories as they were announced: those that an edition's documents bear."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString, NamedTuple

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.reporting.domain.lifecycle.province_report import Report
from shared.contracts.seals import CheckpointSigned

# Rows are added and never changed. Two checkpoints of one size are two histories: both are kept.
TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS announced_checkpoints (
    service text, size bigint, root text, position bigint NOT NULL, note text NOT NULL, sealed_at timestamptz NOT NULL,
    PRIMARY KEY (service, size, root)
);
"""


PUBLISHED = (Report.Published.TOPIC, Report.Restated.TOPIC)


class Seal(NamedTuple):
    """A checkpoint of a service's history, which covers the events up to a position."""

    service: str
    size: int
    root: str
    position: int
    note: str
    sealed_at: datetime


def remember_checkpoint(connection: Connection, signed: CheckpointSigned) -> None:
    """Once; the same again changes nothing."""
    row = (signed.service, signed.size, signed.root, signed.position, signed.note, signed.sealed_at)
    connection.execute("INSERT INTO announced_checkpoints VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", row)


class Seals:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def of_edition(self, report_id: str, number: int, positions: Mapping[str, int]) -> Sequence[Seal]:
        """Those that cover an edition's publication and the events up to the positions on which it rests."""
        published = self.publication(report_id, number)
        return self.covering({**positions, **({"reporting": published} if published else {})})

    def publication(self, report_id: str, number: int) -> int | None:
        """The position of the event that published an edition."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT notification_id FROM reporting_events WHERE originator_id = %s AND topic = ANY(%s)"
                " ORDER BY originator_version OFFSET %s LIMIT 1",
                (report_id, list(PUBLISHED), number - 1),
            ).fetchone()
        return row[0] if row else None

    def covering(self, positions: Mapping[str, int]) -> Sequence[Seal]:
        """Of each service the first checkpoint that covers its position; none where it is not sealed so far."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT DISTINCT ON (service) service, size, root, a.position, note, sealed_at"
                " FROM announced_checkpoints AS a JOIN unnest(%s::text[], %s::bigint[]) AS wanted (service, position)"
                " USING (service) WHERE a.position >= wanted.position ORDER BY service, size, sealed_at, root",
                (list(positions), list(positions.values())),
            ).fetchall()
        return [Seal(*row) for row in rows]
