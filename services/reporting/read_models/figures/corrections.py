"""Every reading that was corrected or withdrawn: what it said before and after, by whom and why."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.reporting.read_models.figures.changes import before
from shared.contracts.indicators import SubmissionReceipted

TABLES = """
CREATE TABLE IF NOT EXISTS corrections (
    position bigint, number int, commune text NOT NULL, reading_id text NOT NULL, version int NOT NULL,
    observed_on date NOT NULL, field text NOT NULL, before jsonb NOT NULL, after jsonb NOT NULL, reason text NOT NULL,
    by text, submission_id text NOT NULL, known_from timestamptz NOT NULL, PRIMARY KEY (position, number)
);
CREATE INDEX IF NOT EXISTS corrections_observed_on ON corrections (commune, observed_on);
"""


class Corrected(NamedTuple):
    """A reading corrected, or withdrawn (`after` is empty). `field` is empty for what is not counted by field."""

    position: int
    commune: str
    reading_id: str
    version: int
    observed_on: date
    field: str
    before: dict[str, int]
    after: dict[str, int]
    reason: str
    by: str | None
    submission_id: str
    known_from: datetime


def remember(connection: Connection[Any], receipted: Sequence[tuple[int, SubmissionReceipted]]) -> None:
    rows = [row for position, event in receipted for row in _rows(position, event)]
    if rows:
        with connection.cursor() as cursor, cursor.copy("COPY corrections FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _rows(position: int, event: SubmissionReceipted) -> Iterator[tuple[Any, ...]]:
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


def corrections_between(
    connection: Connection[Any],
    communes: list[str],
    window: tuple[date, date],
    after_position: int,
    known_until: datetime,
) -> list[Corrected]:
    """What was corrected or withdrawn of a window (both days inclusive) after a position and before an instant.

    `after_position` is Indicators', as an edition pins it. In the order in which it became known.
    """
    rows = connection.execute(
        """
        SELECT position, commune, reading_id, version, observed_on, field, before, after, reason, by, submission_id,
            known_from
        FROM corrections WHERE commune = ANY(%s) AND observed_on BETWEEN %s AND %s
            AND position > %s AND known_from < %s
        ORDER BY position, number
        """,
        (communes, *window, after_position, known_until),
    )
    return [Corrected(*row) for row in rows]
