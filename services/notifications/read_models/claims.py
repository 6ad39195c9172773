"""Claims of notices: each waiting notice is sent by one instance, as long as that instance lives."""

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import Connection

from services.notifications.read_models.followers import FOLLOWS
from services.notifications.read_models.outbox import WaitingNotice
from shared.settings import Settings

CLAIMED, CLAIMED_TOGETHER = 20, 5000
LONGEST_DELAY = 60
LOCKS = 1835626088  # the advisory locks of senders, each with its sender's number: "minh" read as a number
NO_LONGER_FOLLOWED: LiteralString = f"""
    DELETE FROM outbox WHERE followed_by IS NOT NULL
        AND (claimed_by IS NULL OR claimed_by NOT IN
            (SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND classid = %(locks)s::oid))
        AND NOT EXISTS (SELECT FROM followers WHERE task_id = followed_by ->> 'task'
            AND followed_by -> 'followers' ? follower AND {FOLLOWS})
"""  # noqa: S608  a constant

log = logging.getLogger(__name__)


class Claims:
    """A claim holds while its sender's connection does: no lease that a slow mail server could outlast.

    A killed sender's claims are free as soon as PostgreSQL sees its connection end; a stopped one keeps its few.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sender = secrets.randbelow(2**31)
        connection.execute("SELECT pg_advisory_lock(%s::int, %s::int)", (LOCKS, self._sender))

    @classmethod
    @contextmanager
    def open(cls, settings: Settings, service: str) -> "Iterator[Claims]":
        # A sender whose machine is gone is noticed within a minute, not after the two hours of the default.
        probing = " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
        database: dict[str, Any] = settings.database(service)
        database["options"] += probing
        with psycopg.connect(**database, connect_timeout=5, autocommit=True) as connection:
            yield cls(connection)

    def take(self, day: date, *, together: bool = False) -> list[WaitingNotice]:
        """Claim some notices that are due and that no living sender has claimed; `together` all of their recipients.

        A remark comes with the same one to the same recipient on other tasks, due or not. Those for followers of whom
        none follows the task on the day are dropped: whoever stopped gets none, unless it is being sent.
        """
        due = "SELECT 1 FROM outbox WHERE next_attempt_at <= clock_timestamp() LIMIT 1"
        if not self._connection.execute(due).fetchone():
            return []
        with self._connection.transaction():
            # One sender at a time: the living senders are looked up before the rows, and one may begin in between.
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCKS,))
            dropped = self._connection.execute(NO_LONGER_FOLLOWED, {"locks": LOCKS, "day": day}).rowcount
            if dropped:
                log.info("%s notices of tasks are not sent: nobody for whom they are follows them now", dropped)
            rows = self._connection.execute(
                """
                WITH living AS (
                    SELECT objid::int AS sender FROM pg_locks WHERE locktype = 'advisory' AND classid = %s::oid
                ), due AS (
                    SELECT * FROM outbox
                    WHERE next_attempt_at <= clock_timestamp()
                        AND (claimed_by IS NULL OR claimed_by NOT IN (SELECT sender FROM living))
                    ORDER BY next_attempt_at LIMIT %s FOR UPDATE SKIP LOCKED
                ), first AS (SELECT * FROM due ORDER BY next_attempt_at LIMIT %s)
                UPDATE outbox SET claimed_by = %s WHERE notice_id IN (
                    SELECT notice_id FROM first
                    UNION SELECT notice_id FROM due WHERE %s AND recipient IN (SELECT recipient FROM first)
                    UNION SELECT other.notice_id FROM first JOIN outbox AS other USING (recipient, template)
                    WHERE template = 'task_commented'
                        AND other.context -> 'by' = first.context -> 'by'
                        AND other.context -> 'note' = first.context -> 'note'
                        AND (other.claimed_by IS NULL OR other.claimed_by NOT IN (SELECT sender FROM living))
                )
                RETURNING notice_id, about_event, commune, recipient, channel, template, context, created_at
                """,
                (LOCKS, CLAIMED_TOGETHER if together else CLAIMED, CLAIMED, self._sender, together),
            ).fetchall()
        return [WaitingNotice(*row) for row in rows]

    def give_back(self, notices: Sequence[WaitingNotice], error: str | None = None) -> None:
        """They were not tried, or the server was away: they are due at once, for any sender."""
        self._connection.execute(
            "UPDATE outbox SET claimed_by = NULL, last_error = coalesce(%s, last_error) WHERE notice_id = ANY(%s)",
            (error, [notice.notice_id for notice in notices]),
        )

    def put_off(self, notice_id: UUID, error: str) -> None:
        """The server put this one off: it waits 1, 2, 4 … 60 seconds."""
        self._connection.execute(
            "UPDATE outbox SET claimed_by = NULL, attempts = attempts + 1, last_error = %s,"
            " next_attempt_at = clock_timestamp() + least(%s, 2 ^ least(attempts, 10)) * interval '1 second'"
            " WHERE notice_id = %s",
            (error, LONGEST_DELAY, notice_id),
        )
