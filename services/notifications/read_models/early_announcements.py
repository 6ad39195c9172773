"""Announcements that are kept until a commune is registered: those about it, and its province's published reports.

The services are followed independently, so an event about a commune may come before the commune's registration.
"""

from collections.abc import Iterable, Sequence

from psycopg import Connection

from shared.contracts import Event

TABLES = """
CREATE TABLE IF NOT EXISTS kept (
    event_id text PRIMARY KEY, subject text NOT NULL, announced text NOT NULL, commune text, province text
);
CREATE INDEX IF NOT EXISTS kept_for_commune ON kept (commune);
CREATE INDEX IF NOT EXISTS kept_for_province ON kept (province);
"""


def keep(connection: Connection, events: Sequence[Event], *, communes: Sequence[str | None]) -> None:
    """Keep announcements, each for its commune."""
    _keep(connection, events, communes, [None] * len(events))


def keep_for_province(connection: Connection, event: Event, province: str) -> None:
    """Keep an announcement for the communes of a province that will be registered later."""
    _keep(connection, [event], [None], [province])


def take(connection: Connection, communes: Sequence[str]) -> list[tuple[str, str]]:
    """Subject and body of each announcement kept for these communes; they are kept no longer."""
    return connection.execute(
        "DELETE FROM kept WHERE commune = ANY(%s) RETURNING subject, announced", (list(communes),)
    ).fetchall()


def reports(connection: Connection, provinces: Iterable[str]) -> list[str]:
    """The bodies of the published reports of these provinces."""
    rows = connection.execute("SELECT announced FROM kept WHERE province = ANY(%s)", (list(provinces),))
    return [announced for (announced,) in rows]


def waiting_for_registration(connection: Connection, communes: Sequence[str] | None = None) -> int:
    """The number of announcements about communes that are not registered, or about some of them."""
    row = connection.execute(
        "SELECT count(*) FROM kept WHERE commune IS NOT NULL"
        " AND (%(communes)s::text[] IS NULL OR commune = ANY(%(communes)s))",
        {"communes": communes},
    ).fetchone()
    return int(row[0]) if row else 0


def _keep(
    connection: Connection,
    events: Sequence[Event],
    communes: Sequence[str | None],
    provinces: Sequence[str | None],
) -> None:
    # As they came: fields that an older version did not announce are not filled in.
    bodies = [event.model_dump_json(exclude_unset=True) for event in events]
    connection.execute(
        "INSERT INTO kept SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
        " ON CONFLICT DO NOTHING",
        ([event.event_id for event in events], [event.subject for event in events], bodies, communes, provinces),
    )
