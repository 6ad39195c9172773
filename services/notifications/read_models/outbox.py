"""The notices that wait to be sent, and those that were sent or failed for good."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.notifications.domain.schedule import MailSchedule
from shared.record.event_store import Statement

# Times of attempts are PostgreSQL's own: a clock that is moved moves no mail server.
TABLES = """
CREATE TABLE IF NOT EXISTS outbox (
    notice_id uuid PRIMARY KEY, about_event text NOT NULL, commune text, recipient text NOT NULL,
    channel text NOT NULL, template text NOT NULL, context jsonb NOT NULL, created_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0, next_attempt_at timestamptz NOT NULL DEFAULT now(), last_error text,
    claimed_by int
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (next_attempt_at);
ALTER TABLE outbox ADD COLUMN IF NOT EXISTS followed_by jsonb;
CREATE INDEX IF NOT EXISTS outbox_followed ON outbox (notice_id) WHERE followed_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_remarks ON outbox (recipient) WHERE template = 'task_commented';
CREATE TABLE IF NOT EXISTS settled (
    notice_id uuid PRIMARY KEY, commune text, recipient text NOT NULL, template text NOT NULL, failed_because text,
    settled_at timestamptz NOT NULL
);
"""


class FollowedBy(NamedTuple):
    """The task and the keys of the followers for whom alone a notice is; it is not sent when none of them follows."""

    task: str
    followers: tuple[str, ...]


@dataclass(frozen=True)
class WaitingNotice:
    """A notice to be sent; `context` are the values of its template. `commune` is None where it is about a province.

    `followed_by` is None where the recipient gets it whoever follows; also of one that was claimed.
    """

    notice_id: UUID
    about_event: str
    commune: str | None
    recipient: str
    channel: str
    template: str
    context: Mapping[str, Any]
    created_at: datetime
    followed_by: FollowedBy | None = None


@dataclass(frozen=True)
class Counts:
    """How many notices wait, were sent and failed for good."""

    waiting: int
    sent: int
    failed: int


class Outbox:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def drop(self, notice_id: UUID) -> None:
        """The notice was settled before."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM outbox WHERE notice_id = %s", (notice_id,))

    @staticmethod
    def settle(notice_id: UUID, failed_because: str | None, at: datetime) -> Statement:
        """To be run in the transaction that records the notice's outcome."""
        return (
            "WITH done AS (DELETE FROM outbox WHERE notice_id = %s RETURNING notice_id, commune, recipient, template)"
            " INSERT INTO settled SELECT done.*, %s, %s FROM done ON CONFLICT DO NOTHING",
            (notice_id, failed_because, at),
        )

    def counts(self, communes: Sequence[str] | None = None) -> Counts:
        """Of all notices, or of those about some communes."""
        with self._pool.connection() as connection:
            row = connection.execute(
                """
                SELECT (SELECT count(*) FROM outbox WHERE %(communes)s::text[] IS NULL OR commune = ANY(%(communes)s)),
                    count(*) FILTER (WHERE failed_because IS NULL), count(failed_because)
                FROM settled WHERE %(communes)s::text[] IS NULL OR commune = ANY(%(communes)s)
                """,
                {"communes": communes},
            ).fetchone()
        assert row
        return Counts(*row)

    def failed(self, communes: Sequence[str] | None = None, most: int = 100) -> list[dict[str, Any]]:
        """The notices that the mail server refused for good, the last ones first, with its reason."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT notice_id::text, commune, recipient, template, settled_at, failed_because FROM settled
                WHERE failed_because IS NOT NULL AND (%(communes)s::text[] IS NULL OR commune = ANY(%(communes)s))
                ORDER BY settled_at DESC, notice_id LIMIT %(most)s
                """,
                {"communes": communes, "most": most},
            ).fetchall()
        names = ("notice_id", "commune", "recipient", "template", "failed_at", "reason")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def waiting(self, communes: Sequence[str] | None = None, most: int = 100) -> list[dict[str, Any]]:
        """The notices that wait longest, with the number of attempts and the last error."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT notice_id::text, commune, recipient, template, created_at, attempts, last_error FROM outbox
                WHERE %(communes)s::text[] IS NULL OR commune = ANY(%(communes)s)
                ORDER BY created_at, notice_id LIMIT %(most)s
                """,
                {"communes": communes, "most": most},
            ).fetchall()
        names = ("notice_id", "commune", "recipient", "template", "created_at", "attempts", "last_error")
        return [dict(zip(names, row, strict=True)) for row in rows]


def queue(connection: Connection, notices: Sequence[WaitingNotice], schedule: MailSchedule) -> None:
    """Add notices, each once for ever: neither one that waits nor one that was settled is added again.

    Those that wait for the daily mail are due at its next hour, by PostgreSQL's clock.
    """
    if notices:
        connection.execute(*queued(notices, schedule))


def queued(notices: Sequence[WaitingNotice], schedule: MailSchedule) -> Statement:
    """The statement of `queue`, for a transaction that records something."""
    return (
        """
        INSERT INTO outbox (notice_id, about_event, commune, recipient, channel, template, context, created_at,
            followed_by, next_attempt_at)
        SELECT notice_id, about_event, commune, recipient, channel, template, context, created_at, followed_by,
            CASE WHEN NOT waits THEN now() + gathered_for
                WHEN daily > now() THEN daily ELSE daily + interval '1 day' END
        FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[],
            %s::timestamptz[], %s::jsonb[], %s::bool[], %s::interval[]) AS new (notice_id, about_event,
            commune, recipient, channel, template, context, created_at, followed_by, waits, gathered_for),
            (SELECT ((now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + coalesce(%s::time, '00:00'))
                AT TIME ZONE 'Asia/Ho_Chi_Minh' AS daily) AS hour
        WHERE NOT EXISTS (SELECT FROM settled WHERE settled.notice_id = new.notice_id)
        ON CONFLICT DO NOTHING
        """,
        (
            [notice.notice_id for notice in notices],
            [notice.about_event for notice in notices],
            [notice.commune for notice in notices],
            [notice.recipient for notice in notices],
            [notice.channel for notice in notices],
            [notice.template for notice in notices],
            [json.dumps(notice.context, ensure_ascii=False) for notice in notices],
            [notice.created_at for notice in notices],
            [json.dumps(each._asdict()) if (each := notice.followed_by) else None for notice in notices],
            [schedule.waits(notice.template) for notice in notices],
            [schedule.gathered_for(notice.template) for notice in notices],
            schedule.daily_at,
        ),
    )
