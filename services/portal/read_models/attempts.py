"""Sign-ins that have begun and not ended, each for one browser, and the failures by which the next ones are delayed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

TABLES = """
CREATE TABLE IF NOT EXISTS attempts (
    token_sha256 text PRIMARY KEY, content jsonb NOT NULL, until timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS failures (
    bucket text PRIMARY KEY, failed integer NOT NULL, last_at timestamptz NOT NULL, free_at timestamptz NOT NULL
);
"""


class Attempts:
    """`content` is what the answer is compared with: a challenge, a state and a nonce, the secret of a code."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def begin(self, digest: str, content: dict[str, str], now: datetime, lasts: timedelta) -> None:
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM attempts WHERE until < %s", (now,))
            connection.execute("INSERT INTO attempts VALUES (%s, %s, %s)", (digest, Jsonb(content), now + lasts))

    def content(self, digest: str, now: datetime) -> dict[str, str] | None:
        return self._one("SELECT content FROM attempts WHERE token_sha256 = %s AND until > %s", digest, now)

    def take(self, digest: str, now: datetime) -> dict[str, str] | None:
        """The same, once."""
        return self._one("DELETE FROM attempts WHERE token_sha256 = %s AND until > %s RETURNING content", digest, now)

    def _one(self, query: str, digest: str, now: datetime) -> dict[str, str] | None:
        with self._pool.connection() as connection:
            row = connection.execute(query.encode(), (digest, now)).fetchone()
        return row[0] if row else None


class Failures:
    """A bucket is an account or an address. An attempt counts as a failure from its beginning, until it succeeds."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def claim(
        self, bucket: str, now: datetime, delay_after: Callable[[int], timedelta], forgotten_after: timedelta
    ) -> timedelta:
        """Nothing where an attempt may be made now, which counts; else how long it has to wait. One at a time."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM failures WHERE last_at < %s", (now - forgotten_after,))
            connection.execute("INSERT INTO failures VALUES (%s, 0, %s, %s) ON CONFLICT DO NOTHING", (bucket, now, now))
            query = "SELECT failed, free_at FROM failures WHERE bucket = %s FOR UPDATE"
            row = connection.execute(query, (bucket,)).fetchone()
            failed, free_at = row or (0, now)
            wait: timedelta = free_at - now
            if wait > timedelta():
                return wait
            connection.execute(
                "UPDATE failures SET failed = %s, last_at = %s, free_at = %s WHERE bucket = %s",
                (failed + 1, now, now + delay_after(failed + 1), bucket),
            )
        return timedelta()

    def forget(self, bucket: str) -> None:
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM failures WHERE bucket = %s", (bucket,))

    def take_back(self, bucket: str, now: datetime) -> None:
        """One attempt succeeded."""
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE failures SET failed = greatest(failed - 1, 0), free_at = %s WHERE bucket = %s", (now, bucket)
            )
