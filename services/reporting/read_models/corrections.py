"""The corrections and withdrawals of readings, which a restatement names as its causes."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import LiteralString, TypeVar

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb, set_json_loads
from psycopg_pool import ConnectionPool
from pydantic_core import from_json

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import ReadingCorrected
from services.reporting.domain.territory.territory_map import TerritoryMap
from services.reporting.read_models.figures.changes import before
from services.reporting.read_models.table_version import require
from services.reporting.read_models.territory import territory_of
from shared.clock import end_of
from shared.contracts.indicators import SubmissionReceipted

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS corrections (
    position bigint, number int, commune text NOT NULL, reading_id text NOT NULL, version int NOT NULL,
    observed_on date NOT NULL, field text, before jsonb, after jsonb NOT NULL, reason text NOT NULL, by text,
    submission_id text NOT NULL, known_from timestamptz NOT NULL, PRIMARY KEY (position, number)
);
"""
CORRECTIONS: LiteralString = """
    SELECT position, commune, reading_id, version, observed_on, field, before, after, reason, by, submission_id
    FROM corrections
"""


def remember_corrections(connection: Connection, receipted: Sequence[tuple[int, SubmissionReceipted]]) -> None:
    rows = [row for position, event in receipted for row in _rows(position, event)]
    if rows:
        with connection.cursor() as cursor, cursor.copy("COPY corrections FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _rows(position: int, event: SubmissionReceipted) -> Iterator[tuple[object, ...]]:
    for number, replaced in enumerate((*event.corrected, *event.withdrawn)):
        yield (
            position,
            number,
            event.commune,
            replaced.reading_id,
            replaced.version,
            replaced.observed_on,
            replaced.field or "",
            Jsonb(before(replaced, event)),
            Jsonb(replaced.values),
            replaced.reason,
            replaced.by,
            event.submission_id,
            event.recorded_at,
        )


class Corrections:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def since(self, position: int, after: ReportContent, window: tuple[date, date]) -> list[ReadingCorrected]:
        """Those of a window, both days inclusive, that a report of its communes knows, from after a position."""
        positions = position, after.positions.get("indicators", 0)
        with self._pool.connection() as connection:
            require(connection)
            return corrections_between(connection, source_communes(connection, after), window, positions)

    def by_commune(
        self, communes: Sequence[str], window: tuple[date, date], until: int
    ) -> Iterator[tuple[str, list[ReadingCorrected]]]:
        """Those of readings in a window up to a position, of one commune after the other."""
        return by_commune(self._pool, CORRECTIONS, ReadingCorrected, (list(communes), *window, until))


Row = TypeVar("Row")


def by_commune(
    pool: ConnectionPool, query: LiteralString, kind: type[Row], parameters: Sequence[object]
) -> Iterator[tuple[str, list[Row]]]:
    """The rows of one commune after the other; the parameters are communes, a window and the last position."""
    with pool.connection() as connection, connection.transaction():
        require(connection)
        with connection.cursor("by_commune", row_factory=class_row(kind)) as cursor:
            cursor.execute(
                f"{query} WHERE commune = ANY(%s) AND observed_on BETWEEN %s AND %s AND position <= %s"
                " ORDER BY commune, position, number",
                parameters,
            )
            for commune, rows in groupby(cursor, attrgetter("commune")):
                yield commune, list(rows)


def source_communes(connection: Connection, content: ReportContent) -> list[str]:
    """The communes of a report, with the former ones whose counts they have."""
    shown = TerritoryMap(territory_of(connection, end_of(content.known_at)), content.map_day or content.counted_until)
    return sorted(shown.sources_of(line.commune for line in content.communes))


def corrections_between(
    connection: Connection,
    communes: Sequence[str],
    window: tuple[date, date],
    positions: tuple[int, int],
) -> list[ReadingCorrected]:
    """Those of readings in a window, both days inclusive, from after the first position up to the second.

    In the order in which they were recorded.
    """
    with connection.cursor(row_factory=class_row(ReadingCorrected)) as cursor:
        set_json_loads(from_json, cursor)  # half of the time of Python's own reader
        return cursor.execute(
            f"{CORRECTIONS} WHERE commune = ANY(%s) AND observed_on BETWEEN %s AND %s"
            " AND position > %s AND position <= %s ORDER BY position, number",
            (list(communes), *window, *positions),
        ).fetchall()
