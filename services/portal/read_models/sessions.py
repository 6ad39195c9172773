"""Who is signed in, and the journal of every sign-in and refusal, to which rows are only added."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg_pool import ConnectionPool

from services.portal.domain.session import IDLE, KEPT, LASTS, SEEN_EVERY, Session
from shared.record.pool import reading

# Not events: they decide nothing about who may speak for whom, no answer about the past rests on them, and addresses
# of people have to be deleted one day. The owner of the database can do that; the portal itself can only add.
TABLES = """
CREATE TABLE IF NOT EXISTS sessions (
    token_sha256 text PRIMARY KEY, account text NOT NULL, method text NOT NULL, address text NOT NULL,
    agent text NOT NULL, began_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, ended_at timestamptz
);
CREATE INDEX IF NOT EXISTS sessions_by_account ON sessions (account);
CREATE TABLE IF NOT EXISTS sign_ins (
    at timestamptz NOT NULL, act text NOT NULL, account text NOT NULL, method text NOT NULL, session text NOT NULL,
    address text NOT NULL, agent text NOT NULL, by text NOT NULL
);
CREATE INDEX IF NOT EXISTS sign_ins_by_account ON sign_ins (account, at);
"""
SESSION = "left(token_sha256, 16), account, method, address, agent, began_at, seen_at"
ALIVE = "ended_at IS NULL AND seen_at > %(now)s - %(idle)s AND began_at > %(now)s - %(lasts)s"

log = logging.getLogger(__name__)


class Client(NamedTuple):
    """Where a request comes from: its address and what the browser calls itself."""

    address: str
    agent: str


class Sessions:
    """Times are given, so that no answer depends on the clock of the database."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def begin(self, digest: str, account: str, method: str, client: Client, now: datetime) -> None:
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM sessions WHERE began_at < %s", (now - KEPT,))
            connection.execute(
                "INSERT INTO sessions VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (digest, account, method, *client, now, now),
            )

    def alive(self, digest: str, now: datetime) -> Session | None:
        """The session of a token, which is seen by this; None for one that ended, was ended or never was."""
        with self._pool.connection() as connection:
            found = next(iter(_sessions(connection, "token_sha256 = %(digest)s", now, digest=digest)), None)
            if found and found.seen_at < now - SEEN_EVERY:
                connection.execute("UPDATE sessions SET seen_at = %s WHERE token_sha256 = %s", (now, digest))
        return found

    def of(self, account: str, now: datetime) -> list[Session]:
        """The sessions of an account that are alive, the last seen first."""
        with reading(self._pool) as connection:
            return _sessions(connection, "account = %(account)s", now, account=account)

    def end(self, account: str, now: datetime, *, only: str | None = None, but: str | None = None) -> list[str]:
        """End the sessions of an account: all, only one, or all but one. Returns those that were ended by it."""
        chosen = "coalesce(left(token_sha256, 16) = %(only)s, true) AND left(token_sha256, 16) IS DISTINCT FROM %(but)s"
        with self._pool.connection() as connection:
            rows = connection.execute(
                f"UPDATE sessions SET ended_at = %(now)s WHERE account = %(account)s AND ended_at IS NULL AND {chosen}"  # noqa: S608
                " RETURNING left(token_sha256, 16)",
                {"now": now, "account": account, "only": only, "but": but},
            ).fetchall()
        return [session for (session,) in rows]

    def note(  # noqa: PLR0917  a line of the journal has so many parts
        self, act: str, account: str, method: str, session: str, client: Client, now: datetime, by: str = ""
    ) -> None:
        with self._pool.connection() as connection:
            row = (now, act, account, method, session, *client, by)
            connection.execute("INSERT INTO sign_ins VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", row)
        # The log leaves this machine; what came from outside is quoted.
        log.info("sign-ins: %s of account %r by %r from %r", act, account, method or by, client.address)

    def has_signed_in_from(self, account: str, address: str) -> bool:
        with self._pool.connection() as connection:
            return bool(
                connection.execute(
                    "SELECT FROM sign_ins WHERE account = %s AND address = %s AND act = 'signed-in' LIMIT 1",
                    (account, address),
                ).fetchone()
            )


def _sessions(connection: Any, condition: str, now: datetime, **parameters: Any) -> list[Session]:
    query = f"SELECT {SESSION} FROM sessions WHERE {condition} AND {ALIVE} ORDER BY seen_at DESC"  # noqa: S608
    rows: Sequence[Any] = connection.execute(query, {**parameters, "now": now, "idle": IDLE, "lasts": LASTS}).fetchall()
    return [Session(*row) for row in rows]
