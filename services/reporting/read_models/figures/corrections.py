"""Every reading that was corrected or withdrawn, kept with what it said before, for restatements to name as causes."""

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from services.reporting.read_models.figures.changes import before
from shared.contracts.indicators import SubmissionReceipted


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
