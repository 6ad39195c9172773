"""Which readings were corrected or withdrawn, when, by whom and why: what a restatement names as its causes."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import class_row


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
