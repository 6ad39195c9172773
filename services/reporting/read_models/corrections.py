"""Which readings were corrected or withdrawn, when, by whom and why: what a restatement names as its causes."""

from collections.abc import Sequence
from datetime import date
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.read_models import built
from services.reporting.read_models.territory import territory_of
from shared.clock import end_of

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS corrections (
    position bigint, number int, commune text NOT NULL, reading_id text NOT NULL, version int NOT NULL,
    observed_on date NOT NULL, field text, before jsonb, after jsonb NOT NULL, reason text NOT NULL, by text,
    submission_id text NOT NULL, known_from timestamptz NOT NULL, PRIMARY KEY (position, number)
);
"""


class ReadingCorrected(NamedTuple):
    """One reading, from `before` to `after` (empty where it was withdrawn); `position` is Indicators'."""

    position: int
    commune: str
    reading_id: str
    version: int
    observed_on: date
    field: str | None
    before: dict[str, int] | None
    after: dict[str, int]
    reason: str
    by: str | None
    submission_id: str


class Corrections:
    def __init__(self, pool: "ConnectionPool[Any]") -> None:
        self._pool = pool

    def between(self, before: QuarterlyReport, after: QuarterlyReport) -> list[ReadingCorrected]:
        """Those that the later of two reports knows and the earlier one did not, of readings that count in it."""
        positions = before.positions.get("indicators", 0), after.positions.get("indicators", 0)
        day = after.map_day or after.counted_until
        with self._pool.connection() as connection:
            built.require(connection)
            shown = territory_of(connection, end_of(after.known_at)).on(day)
            communes = shown.sources_of(line.commune for line in after.communes)
            window = after.counted_from, after.counted_until
            return corrections_between(connection, sorted(communes), window, positions)


def corrections_between(
    connection: Connection[Any],
    communes: Sequence[str],
    window: tuple[date, date],
    positions: tuple[int, int],
) -> list[ReadingCorrected]:
    """Those of readings in a window, with both days inclusive, that came after the first position, to the second.

    In the order in which they were recorded.
    """
    with connection.cursor(row_factory=class_row(ReadingCorrected)) as cursor:
        return cursor.execute(
            "SELECT position, commune, reading_id, version, observed_on, field, before, after, reason, by,"
            " submission_id FROM corrections WHERE commune = ANY(%s) AND observed_on BETWEEN %s AND %s"
            " AND position > %s AND position <= %s ORDER BY position, number",
            (list(communes), *window, *positions),
        ).fetchall()
