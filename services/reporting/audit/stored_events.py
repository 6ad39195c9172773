"""The event stores as an auditor reads them: stored names and JSON, with no service's code in between."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from shared.settings import Settings


class StoredEvent(NamedTuple):
    """One event in its store: `position` in the service's history, `said` its attributes."""

    position: int
    recorded_at: datetime
    name: str
    said: dict[str, Any]


def stored_events(
    settings: Settings, service: str, known_until: datetime, last_position: int | None = None
) -> Iterator[StoredEvent]:
    """A service's history in order, up to the last event recorded before an instant, or up to a position before it."""
    query = sql.SQL(
        "SELECT notification_id, recorded_at, topic, state FROM {} WHERE recorded_at < %s"
        " AND notification_id <= coalesce(%s, notification_id) ORDER BY notification_id"
    ).format(sql.Identifier(service, f"{service}_events"))
    with (
        psycopg.connect(**settings.database("auditor"), connect_timeout=5) as connection,  # type: ignore[arg-type]
        connection.cursor(name="replay") as cursor,
    ):
        cursor.itersize = 2000
        cursor.execute(query, (known_until, last_position))
        for position, recorded_at, name, state in cursor:
            yield StoredEvent(position, recorded_at, name, json.loads(state, object_hook=_plain))


def _plain(stored: dict[str, Any]) -> Any:
    """The store writes dates as {"_type_": "date_iso", "_data_": "2025-09-30"}; the text is enough here."""
    return stored["_data_"] if stored.keys() == {"_type_", "_data_"} else stored
