"""Which communes take part, and the announcements that still wait for one."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection

from services.notifications.domain.recipients import Commune
from shared.contracts import Event
from shared.contracts.planning import CommuneRegistered

# `kept` holds, by commune, what was announced about a commune before it was registered here (two services are followed
# independently), and by province its published reports, for communes whose registration is heard after them.
TABLES = """
CREATE TABLE IF NOT EXISTS communes (
    commune text PRIMARY KEY, code text NOT NULL, name text NOT NULL, province text NOT NULL,
    registered_at timestamptz NOT NULL
);
ALTER TABLE communes ADD COLUMN IF NOT EXISTS province_name text;
CREATE INDEX IF NOT EXISTS communes_of_province ON communes (province);
CREATE TABLE IF NOT EXISTS kept (
    event_id text PRIMARY KEY, subject text NOT NULL, announced text NOT NULL, commune text, province text
);
CREATE INDEX IF NOT EXISTS kept_for_commune ON kept (commune);
CREATE INDEX IF NOT EXISTS kept_for_province ON kept (province);
"""

_COLUMNS = "commune, code, name, province, province_name, registered_at"


def register(connection: Connection[Any], registered: Sequence[CommuneRegistered]) -> list[Commune]:
    """The communes that were not known before; of the others the name, code and province are brought up to date."""
    latest = {event.commune: event for event in registered}
    rows = connection.execute(
        f"""
        INSERT INTO communes AS known ({_COLUMNS})
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
        ON CONFLICT (commune) DO UPDATE
        SET code = excluded.code, name = excluded.name, province = excluded.province,
            province_name = excluded.province_name
        RETURNING {_COLUMNS}, known.xmax = 0
        """,  # noqa: S608  our own column names
        (
            list(latest),
            [event.code for event in latest.values()],
            [event.name for event in latest.values()],
            [event.province for event in latest.values()],
            [event.province_name for event in latest.values()],
            [event.recorded_at for event in latest.values()],
        ),
    ).fetchall()
    return [Commune(*row) for *row, new in rows if new]


def known(connection: Connection[Any], communes: Iterable[str]) -> dict[str, Commune]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM communes WHERE commune = ANY(%s)", (list(set(communes)),))  # noqa: S608  our own column names
    return {row[0]: Commune(*row) for row in rows}


def of_province(connection: Connection[Any], province: str) -> list[Commune]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM communes WHERE province = %s ORDER BY code", (province,))  # noqa: S608  our own column names
    return [Commune(*row) for row in rows]


def keep(
    connection: Connection[Any],
    events: Sequence[Event],
    *,
    communes: Sequence[str | None],
    provinces: Sequence[str | None],
) -> None:
    """Keep announcements for a commune, or for all communes of a province, that are not registered here yet.

    As they came: what an older version did not announce is not filled in.
    """
    connection.execute(
        "INSERT INTO kept SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
        " ON CONFLICT DO NOTHING",
        (
            [event.event_id for event in events],
            [event.subject for event in events],
            [event.model_dump_json(exclude_unset=True) for event in events],
            list(communes),
            list(provinces),
        ),
    )


def take_kept(connection: Connection[Any], new: Sequence[Commune]) -> list[tuple[str, Any]]:
    """Subject and content of what was kept for these communes; it is kept no longer."""
    return connection.execute(
        "DELETE FROM kept WHERE commune = ANY(%s) RETURNING subject, announced", ([c.commune for c in new],)
    ).fetchall()


def kept_reports(connection: Connection[Any], provinces: Iterable[str]) -> list[Any]:
    rows = connection.execute("SELECT announced FROM kept WHERE province = ANY(%s)", (list(set(provinces)),))
    return [announced for (announced,) in rows]


def waiting_for_registration(connection: Connection[Any], commune: str | None = None) -> int:
    """The number of announcements about communes that nobody has registered."""
    row = connection.execute(
        "SELECT count(*) FROM kept WHERE commune IS NOT NULL AND (%(commune)s::text IS NULL OR commune = %(commune)s)",
        {"commune": commune},
    ).fetchone()
    return int(row[0]) if row else 0
