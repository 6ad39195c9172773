"""Reads the event stores for the auditor: stored names and JSON, without the code of the services that wrote them."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from services.reporting.audit.stored_names import FIELDS, SUBMISSION_RECEIPTED
from services.reporting.domain.stores import store_name
from shared.settings import Settings
from shared.vietnamese import number


class UnreadableEvent(Exception):
    """A stored event without its name, its time or the fields that it was stored with: somebody changed it."""

    def __init__(self, service: str, position: int) -> None:
        super().__init__(service, position)
        self.vietnamese = (
            f"Sự kiện ở vị trí {number(position)} của sổ {store_name(service)} không đọc được: đã bị sửa trong cơ sở dữ"
            " liệu. Hãy kiểm chứng sổ: minhbach audit export, rồi minhbach audit verify."
        )


UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)
"""What reading such an event raises."""


class StoredEvent(NamedTuple):
    """One event in its store: its position in the service's history, and those of its fields that the auditor uses.

    `recorded_at` is the time at which it was known at the latest: an event after it may have been recorded before it,
    where the clock was ahead.
    """

    position: int
    recorded_at: datetime
    name: str
    fields: dict[str, Any]


Progress = Callable[[str, int, int], object]
"""Called now and then with a service, the position of its event that comes next, and its last position."""

_PROGRESS = 1000  # events between two calls of it
_AT_ONCE = 100  # events in memory, each with up to a thousand readings


def stored_events(
    settings: Settings,
    service: str,
    known_until: datetime,
    last_position: int | None = None,
    progress: Progress | None = None,
) -> Iterator[StoredEvent]:
    """A service's history in order, up to the last event recorded before an instant, or up to a position before it.

    PostgreSQL sends them while this process reads; few are in memory. UnreadableEvent.
    """
    parameters: dict[str, Any] = settings.database("auditor") | {"connect_timeout": "5"}
    with psycopg.connect(**parameters) as connection, connection.cursor(binary=True) as cursor:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        events = sql.Identifier(service, f"{service}_events")
        until = _last(connection, events, known_until, last_position)
        known_by = _KnownBy(connection, events)
        history = sql.SQL(
            "SELECT notification_id, recorded_at, topic, state FROM {events}"
            " WHERE notification_id <= %s ORDER BY notification_id"
        ).format(events=events)
        # Closed in any case: one that is left holds the connection, and ending the transaction waits for it for ever.
        rows: Any = cursor.stream(history, (until,), size=_AT_ONCE)
        with closing(rows):
            for place, (position, recorded_at, name, state) in enumerate(rows):
                if progress and not place % _PROGRESS:
                    progress(service, position, until)
                if not (name and recorded_at):
                    raise UnreadableEvent(service, position)
                try:
                    fields = fields_of(name, state)
                except UNREADABLE as fault:
                    raise UnreadableEvent(service, position) from fault
                yield StoredEvent(position, known_by(position, recorded_at), name, fields)


def _last(connection: psycopg.Connection, events: sql.Identifier, known_until: datetime, position: int | None) -> int:
    query = sql.SQL("SELECT max(notification_id) FROM {events} WHERE recorded_at < %s").format(events=events)
    row = connection.execute(query, (known_until,)).fetchone()
    known = row[0] if row and row[0] is not None else 0
    return known if position is None else min(known, position)


class _KnownBy:
    """When an event was known at the latest: with the next one at which the clock went back, where that is earlier."""

    def __init__(self, connection: psycopg.Connection, events: sql.Identifier) -> None:
        query = sql.SQL(
            "SELECT notification_id, recorded_at FROM (SELECT notification_id, recorded_at,"
            " lag(recorded_at) OVER (ORDER BY notification_id) AS before FROM {events}) AS each"
            " WHERE recorded_at < before ORDER BY notification_id DESC"
        ).format(events=events)
        self._coming: list[tuple[int, datetime]] = []  # the next one last, each with the earliest time from there on
        for position, recorded_at in connection.execute(query):
            earliest = min(recorded_at, self._coming[-1][1]) if self._coming else recorded_at
            self._coming.append((position, earliest))

    def __call__(self, position: int, recorded_at: datetime) -> datetime:
        while self._coming and self._coming[-1][0] <= position:
            self._coming.pop()
        return min(recorded_at, self._coming[-1][1]) if self._coming else recorded_at


def fields_of(name: str, state: bytes) -> dict[str, Any]:
    """The fields in a stored state that the auditor uses; none of an event that it does not read."""
    if name not in FIELDS:
        return {}
    # Nearly all events are submissions, whose days are plain texts.
    stored = json.loads(state.decode(), object_hook=None if name == SUBMISSION_RECEIPTED else _plain)
    return {field: stored[field] for field in FIELDS[name]}


def _plain(stored: dict[str, Any]) -> Any:
    """The store writes dates as {"_type_": "date_iso", "_data_": "2025-09-30"}; the text is enough here."""
    return stored["_data_"] if stored.keys() == {"_type_", "_data_"} else stored


def every_field_of(state: bytes) -> dict[str, Any]:
    """All fields of a stored state, as the version that stored it has them."""
    fields: dict[str, Any] = json.loads(state, object_hook=_plain)
    return fields
