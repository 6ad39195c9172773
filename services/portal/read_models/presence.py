"""Whether each service answered when it was looked last, and since when: kept over restarts of the portal."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from psycopg_pool import ConnectionPool

TABLES = """
CREATE TABLE IF NOT EXISTS presence (
    service text PRIMARY KEY, answers boolean NOT NULL, since timestamptz NOT NULL, seen_at timestamptz NOT NULL
);
"""


class Seen(NamedTuple):
    """Whether a service answers; `since` is when that was seen first, as exactly as it is looked."""

    answers: bool
    since: datetime


class KeptPresence:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def of(self, looked_after: datetime) -> dict[str, Seen]:
        """Of each service that was looked at since that moment: how it was while nobody looked, nobody knows."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT service, answers, since FROM presence WHERE seen_at >= %s", (looked_after,)
            ).fetchall()
        return {service: Seen(answers, since) for service, answers, since in rows}

    def keep(self, seen: Iterable[tuple[str, Seen]], now: datetime) -> None:
        with self._pool.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO presence VALUES (%s, %s, %s, %s) ON CONFLICT (service) DO UPDATE"
                " SET answers = excluded.answers, since = excluded.since, seen_at = excluded.seen_at",
                [(service, *each, now) for service, each in sorted(seen)],
            )
