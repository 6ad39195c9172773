"""The readings that were recorded after the day that they are about: a restatement and a comparison name them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import LiteralString

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb, set_json_loads
from psycopg_pool import ConnectionPool
from pydantic_core import from_json

from services.reporting.domain.content.restatement import ReadingLate
from services.reporting.read_models.corrections import by_commune
from shared.clock import day_of
from shared.contracts.indicators import SubmissionReceipted

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS late_readings (
    position bigint, number int, commune text NOT NULL, reading_id text NOT NULL, observed_on date NOT NULL, field text,
    counts jsonb NOT NULL, submission_id text NOT NULL, recorded_on date NOT NULL, PRIMARY KEY (position, number)
);
"""
LATE: LiteralString = """
    SELECT position, commune, reading_id, observed_on, field, counts AS values, submission_id, recorded_on
    FROM late_readings
"""


def remember_late_readings(connection: Connection, receipted: Sequence[tuple[int, SubmissionReceipted]]) -> None:
    rows = [
        (
            position,
            number,
            event.commune,
            reading.reading_id,
            reading.observed_on,
            reading.field or "",
            Jsonb(reading.values),
            event.submission_id,
            day_of(event.recorded_at),
        )
        for position, event in receipted
        for number, reading in enumerate(event.recorded)
        if reading.observed_on < day_of(event.recorded_at)
    ]
    if rows:
        with connection.cursor() as cursor, cursor.copy("COPY late_readings FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


class LateReadings:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def by_commune(
        self, communes: Sequence[str], window: tuple[date, date], until: int
    ) -> Iterator[tuple[str, list[ReadingLate]]]:
        """Those of a window up to a position, of one commune after the other."""
        return by_commune(self._pool, LATE, ReadingLate, (list(communes), *window, until))


def late_between(
    connection: Connection, communes: Sequence[str], window: tuple[date, date], positions: tuple[int, int]
) -> list[ReadingLate]:
    """Those of a window, both days inclusive, from after the first position up to the second, in order."""
    with connection.cursor(row_factory=class_row(ReadingLate)) as cursor:
        set_json_loads(from_json, cursor)
        return cursor.execute(
            f"{LATE} WHERE commune = ANY(%s) AND observed_on BETWEEN %s AND %s AND position > %s AND position <= %s"
            " ORDER BY position, number",
            (list(communes), *window, *positions),
        ).fetchall()
