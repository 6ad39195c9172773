"""Which communes take part, what became of them, and the announcements that still wait for one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, LiteralString

from psycopg import Connection

from services.notifications.domain.recipients import Change, Commune
from shared.contracts import Event
from shared.contracts.planning import (
    CommuneDivided,
    CommuneEvent,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
)

# `kept` holds, by commune, what was announced about a commune before it was registered here (two services are followed
# independently), and by province its published reports, for communes whose registration is heard after them.
TABLES = """
CREATE TABLE IF NOT EXISTS communes (
    commune text PRIMARY KEY, code text NOT NULL, name text NOT NULL, province text NOT NULL,
    registered_at timestamptz NOT NULL
);
ALTER TABLE communes ADD COLUMN IF NOT EXISTS province_name text;
ALTER TABLE communes ADD COLUMN IF NOT EXISTS gone_from date;
ALTER TABLE communes ADD COLUMN IF NOT EXISTS successor text;
CREATE TABLE IF NOT EXISTS commune_changes (
    position bigint PRIMARY KEY, commune text NOT NULL, in_force_from date NOT NULL, code text, name text,
    province text, province_name text
);
CREATE INDEX IF NOT EXISTS communes_of_province ON communes (province);
CREATE TABLE IF NOT EXISTS kept (
    event_id text PRIMARY KEY, subject text NOT NULL, announced text NOT NULL, commune text, province text
);
CREATE INDEX IF NOT EXISTS kept_for_commune ON kept (commune);
CREATE INDEX IF NOT EXISTS kept_for_province ON kept (province);
"""

_COLUMNS: LiteralString = "commune, code, name, province, province_name, registered_at"


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


def remember_change(connection: Connection[Any], position: int, event: CommuneEvent) -> None:
    match event:
        case CommuneMerged(into=successor):
            _remember_end(connection, event, successor)
        case CommuneDivided(into=parts):
            _remember_end(connection, event, parts[0].commune)
        case CommuneRenamed() | CommuneMovedToProvince():
            said = {"name": None, "province": None, "province_name": None, "position": position} | event.model_dump()
            connection.execute(
                "INSERT INTO commune_changes VALUES (%(position)s, %(commune)s, %(in_force_from)s, %(code)s, %(name)s,"
                " %(province)s, %(province_name)s) ON CONFLICT DO NOTHING",
                said,
            )


def known(connection: Connection[Any], communes: Iterable[str]) -> dict[str, Commune]:
    """Those communes, and the successors in which those that are gone go on."""
    found: dict[str, Commune] = {}
    wanted = set(communes)
    while wanted:
        found |= {c.commune: c for c in _asked(connection, "commune = ANY(%s)", list(wanted))}
        wanted = {c.successor for c in found.values() if c.successor} - found.keys() - wanted
    return found


def of_province(connection: Connection[Any], province: str, day: date) -> list[Commune]:
    """The communes that a province has on a day."""
    condition: LiteralString = "province = %s OR commune IN (SELECT commune FROM commune_changes)"
    candidates = [c for c in _asked(connection, condition, province) if not c.is_gone(day)]
    return [called for called in (c.on(day) for c in candidates) if called.province == province]


def _remember_end(connection: Connection[Any], event: CommuneEvent, successor: str) -> None:
    connection.execute(
        "UPDATE communes SET gone_from = %s, successor = %s WHERE commune = %s",
        (event.in_force_from, successor, event.commune),
    )


def _asked(connection: Connection[Any], condition: LiteralString, asked: object) -> list[Commune]:
    changes: dict[str, list[Change]] = {}
    for commune, *change in connection.execute(
        "SELECT commune, in_force_from, code, name, province, province_name FROM commune_changes"
        " ORDER BY in_force_from, position"
    ):
        changes.setdefault(commune, []).append(Change(*change))
    query: LiteralString = f"SELECT {_COLUMNS}, gone_from, successor FROM communes WHERE {condition} ORDER BY code"  # noqa: S608  our own words
    found = [Commune(*row) for row in connection.execute(query, (asked,))]
    return [replace(commune, changes=tuple(changes.get(commune.commune, ()))) for commune in found]


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
