"""The last position of each source at the end of each day, by the time at which the source recorded it."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from psycopg import Connection

from shared.clock import day_of, last_day_before
from shared.messaging.following.follower import Apply, ReceivedEvent

TABLES = """
CREATE TABLE IF NOT EXISTS known_positions (
    source text, known_on date, position bigint NOT NULL, PRIMARY KEY (source, known_on)
);
"""

log = logging.getLogger(__name__)


def remember_positions(source: str) -> Apply:
    """After a batch of received events of a source. A time that went back is reported, once in a process."""
    reported: set[date] = set()

    def remember(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
        last = {day_of(event.recorded_at): position for position, event in received}
        ahead = _latest_day(connection, source)
        if last and ahead and ahead > max(last) and ahead not in reported:
            reported.add(ahead)
            log.error(
                "%s recorded events on %s, and then on %s: its clock was ahead. Run minhbach report rebuild; until then"
                " reports of earlier days lack what was recorded meanwhile",
                source, ahead, max(last),
            )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO known_positions VALUES (%s, %s, %s) ON CONFLICT (source, known_on) DO UPDATE"
                " SET position = greatest(known_positions.position, excluded.position)",
                [(source, known_on, position) for known_on, position in last.items()],
            )

    return remember


def _latest_day(connection: Connection, source: str) -> date | None:
    row = connection.execute("SELECT max(known_on) FROM known_positions WHERE source = %s", (source,)).fetchone()
    return row[0] if row else None


def positions_of(connection: Connection, known_until: datetime) -> dict[str, int]:
    """The last position of each source that was recorded before the end of a day."""
    rows = connection.execute(
        "SELECT source, max(position) FROM known_positions WHERE known_on <= %s GROUP BY source ORDER BY source",
        (last_day_before(known_until),),
    )
    return dict(rows.fetchall())
