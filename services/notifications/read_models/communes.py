"""The communes that take part, with their changes and ends."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import LiteralString

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.notifications.domain.commune import Commune
from shared.communes import CommuneChange
from shared.contracts.planning import (
    CommuneDivided,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
)
from shared.grants import Place
from shared.messaging.following.follower import ReceivedEvent
from shared.record.pool import reading

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
"""

_COLUMNS: LiteralString = "commune, code, name, province, province_name, registered_at"


def lock(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    """One source at a time: of a registration and an event about that commune, the later one must see the earlier."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('notifications hear'))")


def register(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    """A registration that comes again brings name, code and province up to date; `registered_at` stays the first."""
    latest = {event.commune: event for _, event in received if isinstance(event, CommuneRegistered)}
    connection.execute(
        f"""
        INSERT INTO communes ({_COLUMNS})
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
        ON CONFLICT (commune) DO UPDATE
        SET code = excluded.code, name = excluded.name, province = excluded.province,
            province_name = excluded.province_name
        """,  # noqa: S608  our own column names
        (
            list(latest),
            [event.code for event in latest.values()],
            [event.name for event in latest.values()],
            [event.province for event in latest.values()],
            [event.province_name for event in latest.values()],
            [event.recorded_at for event in latest.values()],
        ),
    )


def set_end(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, CommuneMerged | CommuneDivided)
        successor = event.into if isinstance(event, CommuneMerged) else event.into[0].commune  # the main one is first
        connection.execute(
            "UPDATE communes SET gone_from = %s, successor = %s WHERE commune = %s",
            (event.in_force_from, successor, event.commune),
        )


def add_change(connection: Connection, received: Sequence[ReceivedEvent]) -> None:
    for position, event in received:
        assert isinstance(event, CommuneRenamed | CommuneMovedToProvince)
        row = {"name": None, "province": None, "province_name": None, "position": position} | event.model_dump()
        connection.execute(
            "INSERT INTO commune_changes VALUES (%(position)s, %(commune)s, %(in_force_from)s, %(code)s, %(name)s,"
            " %(province)s, %(province_name)s) ON CONFLICT DO NOTHING",
            row,
        )


def known(connection: Connection, communes: Iterable[str]) -> dict[str, Commune]:
    """Those communes that are registered, and the successors of those that are gone."""
    found: dict[str, Commune] = {}
    wanted = set(communes)
    while wanted:
        found |= {each.commune: each for each in _select(connection, "commune = ANY(%s)", list(wanted))}
        wanted = {each.successor for each in found.values() if each.successor} - found.keys() - wanted
    return found


class Communes:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def place(self, commune: str, day: date) -> Place:
        """Its last successor by a day, itself while it exists, and the province of that one on the day."""
        return self.places([commune], day)[commune]

    def places(self, communes: Collection[str], day: date) -> dict[str, Place]:
        """The same of each."""
        with reading(self._pool) as connection:
            every = known(connection, communes)

        def place(commune: str) -> Place:
            if commune not in every:
                return Place(commune, None)
            last = every[commune].successor_on(day, every) or every[commune].on(day)
            return Place(last.commune, last.province)

        return {commune: place(commune) for commune in communes}

    def in_province(self, province: str, day: date) -> list[str]:
        """The ids of the communes of a province on a day, and of those that went into them."""
        with reading(self._pool) as connection:
            every = ever_in_province(connection, province)
        return [each.commune for each in every if each.on(day).province == province]


def ever_in_province(connection: Connection, province: str) -> list[Commune]:
    """The communes that are registered in a province, and those of others that have changed."""
    return _select(connection, "province = %s OR commune IN (SELECT commune FROM commune_changes)", province)


def _select(connection: Connection, condition: LiteralString, parameter: object) -> list[Commune]:
    changes: dict[str, list[CommuneChange]] = {}
    for row in connection.execute(
        "SELECT commune, in_force_from, code, name, province, province_name FROM commune_changes"
        " ORDER BY in_force_from, position"
    ):
        changes.setdefault(row[0], []).append(CommuneChange(*row))
    query: LiteralString = f"SELECT {_COLUMNS}, gone_from, successor FROM communes WHERE {condition} ORDER BY code"  # noqa: S608  our own text
    found = [Commune(*row) for row in connection.execute(query, (parameter,))]
    return [replace(commune, changes=tuple(changes.get(commune.commune, ()))) for commune in found]
