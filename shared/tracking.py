"""From a stream into a service, in order: each position of another service is applied once, in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from nats.aio.msg import Msg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from shared.contracts import Event

TABLES = """
CREATE TABLE IF NOT EXISTS tracking (source text PRIMARY KEY, position bigint NOT NULL);
"""

AGAIN_AFTER = 0.2
LONGEST_DELAY = 60


class Heard(NamedTuple):
    """An announcement, with its position in its service's history."""

    position: int
    event: Event


Apply = Callable[[Connection[Any], Sequence[Heard]], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Announced:
    """A message of another service, with its place in that service's history."""

    position: int
    previous: int
    subject: str
    body: bytes

    @classmethod
    def of(cls, message: Msg) -> "Announced":
        headers = message.headers or {}
        return cls(int(headers["x-position"]), int(headers["x-previous"]), message.subject, message.data)


class Follower:
    """Applies what one service announces to this service's tables.

    `events` are the announcements it knows; others only move the position (a newer version may announce more).
    """

    def __init__(self, pool: "ConnectionPool[Any]", source: str, events: Iterable[type[Event]], apply: Apply) -> None:
        self._pool = pool
        self._source = source
        self._events = {event.subject: event for event in events}
        self._apply = apply

    async def take(self, messages: Sequence[Msg]) -> None:
        """Apply the contiguous prefix of a batch, commit, then acknowledge; what is beyond a gap comes again."""
        try:
            announced = sorted((Announced.of(message) for message in messages), key=lambda a: a.position)
            applied_until = await asyncio.to_thread(self.apply, announced)
        except Exception:  # it may pass (the database is away): everything again, for ever, later and later
            log.exception("following %s", self._source)
            for message in messages:
                await message.nak(delay=min(LONGEST_DELAY, 2 ** min(message.metadata.num_delivered, 6)))
            return
        for message in messages:
            if int((message.headers or {})["x-position"]) <= applied_until:
                await message.ack()
            else:
                await message.nak(delay=AGAIN_AFTER)

    def apply(self, announced: Sequence[Announced]) -> int:
        """The position up to which everything is applied now."""
        with self._pool.connection() as connection, connection.transaction():
            position = self._position(connection)
            fresh = []
            for message in announced:
                if message.previous <= position < message.position:
                    fresh.append(message)
                    position = message.position
            if fresh:
                self._apply(connection, [Heard(m.position, self._read(m)) for m in fresh if m.subject in self._events])
                connection.execute("UPDATE tracking SET position = %s WHERE source = %s", (position, self._source))
            return position

    def _position(self, connection: Connection[Any]) -> int:
        connection.execute("INSERT INTO tracking VALUES (%s, 0) ON CONFLICT DO NOTHING", (self._source,))
        row = connection.execute(
            "SELECT position FROM tracking WHERE source = %s FOR UPDATE", (self._source,)
        ).fetchone()
        assert row
        return int(row[0])

    def _read(self, message: Announced) -> Event:
        return self._events[message.subject].model_validate_json(message.body)
