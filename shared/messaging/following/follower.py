"""Follows another service's events in order: each position is applied once, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg_pool import ConnectionPool

from shared.contracts import Event
from shared.messaging.announcing.announced import Announced
from shared.messaging.following.set_aside import SetAside, set_aside
from shared.record.pool import reading

TABLES = """
CREATE TABLE IF NOT EXISTS tracking (source text PRIMARY KEY, position bigint NOT NULL);
"""


class ReceivedEvent(NamedTuple):
    """An event of another service, with its position in that service's history."""

    position: int
    event: Event


# Each function declares the type of its own events.
Apply = Callable[[Connection, Sequence[Any]], None]


def nothing(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    """The default for `before` and `after`."""


@dataclass(frozen=True)
class Subscriptions:
    """The functions that a service applies to the events of another one.

    Consecutive events of one function are applied together. `before` and `after` run around each batch, in its
    transaction.
    """

    functions: Mapping[type[Event], Apply]
    before: Apply = nothing
    after: Apply = nothing

    def apply(self, connection: Connection, received: Sequence[ReceivedEvent]) -> None:
        """Apply events in order. Those without a function are passed over: a newer version may announce more."""
        known = [each for each in received if type(each.event) in self.functions]
        self.before(connection, known)
        for apply, events in groupby(known, lambda each: self.functions[type(each.event)]):
            apply(connection, list(events))
        self.after(connection, known)


class Follower:
    """Applies the events of one service to this service's tables. Events without a function only move the position."""

    def __init__(self, pool: ConnectionPool, source: str, subscriptions: Subscriptions) -> None:
        self.source = source
        self._pool = pool
        self._subscriptions = subscriptions
        self._events = {event.subject: event for event in subscriptions.functions}
        self.set_aside_count = 0
        self.not_kept_count = 0

    def position(self) -> int:
        """The position up to which everything is applied."""
        with reading(self._pool) as connection:
            row = connection.execute("SELECT position FROM tracking WHERE source = %s", (self.source,)).fetchone()
        return int(row[0]) if row else 0

    def apply(self, announced: Sequence[Announced]) -> int:
        """The position up to which everything is applied now. What cannot be read is set aside in its place."""
        unreadable = []
        with self._pool.connection() as connection, connection.transaction():
            position = self._locked_position(connection)
            fresh = []
            for message in announced:
                if message.previous <= position < message.position:
                    fresh.append(message)
                    position = message.position
            if fresh:
                received = []
                for message in fresh:
                    try:
                        received += self._read(message)
                    except ValueError as fault:
                        unreadable.append(SetAside.of(message, f"cannot be read: {fault}"))
                self._subscriptions.apply(connection, received)
                connection.execute("UPDATE tracking SET position = %s WHERE source = %s", (position, self.source))
            not_kept = set_aside(connection, self.source, unreadable)
        self.not_kept_count += not_kept
        self.set_aside_count += len(unreadable)
        return position

    def set_aside(self, messages: Sequence[SetAside]) -> None:
        """Keep messages that are no announcements of the source."""
        with self._pool.connection() as connection:
            not_kept = set_aside(connection, self.source, messages)
        self.not_kept_count += not_kept
        self.set_aside_count += len(messages)

    def _locked_position(self, connection: Connection) -> int:
        connection.execute("INSERT INTO tracking VALUES (%s, 0) ON CONFLICT DO NOTHING", (self.source,))
        row = connection.execute(
            "SELECT position FROM tracking WHERE source = %s FOR UPDATE", (self.source,)
        ).fetchone()
        assert row
        return int(row[0])

    def _read(self, message: Announced) -> list[ReceivedEvent]:
        event = self._events.get(message.subject)
        return [ReceivedEvent(message.position, event.model_validate_json(message.body))] if event else []
