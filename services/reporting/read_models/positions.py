"""How far each source had been followed at the end of a day, as the source's own clock tells days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from shared.clock import day_of
from shared.tracking import Heard

TABLES = """
CREATE TABLE IF NOT EXISTS known_positions (
    source text, known_on date, position bigint NOT NULL, PRIMARY KEY (source, known_on)
);
"""


def remember(connection: Connection[Any], source: str, heard: Sequence[Heard]) -> None:
    last = {day_of(event.recorded_at): position for position, event in heard}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO known_positions VALUES (%s, %s, %s) ON CONFLICT (source, known_on) DO UPDATE"
            " SET position = greatest(known_positions.position, excluded.position)",
            [(source, known_on, position) for known_on, position in last.items()],
        )


def positions_of(connection: Connection[Any], known_until: datetime) -> dict[str, int]:
    """The last position of each source that was recorded before the end of a day."""
    rows = connection.execute(
        "SELECT source, max(position) FROM known_positions WHERE known_on <= %s GROUP BY source ORDER BY source",
        (day_of(known_until - timedelta(microseconds=1)),),
    )
    return dict(rows.fetchall())
