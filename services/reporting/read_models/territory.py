"""The communes with their successors and later names, as known at each time."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import LiteralString

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.reporting.domain.territory.communes import Commune, Share, Succession, Territory
from services.reporting.domain.territory.territory_map import TerritoryMap
from services.reporting.read_models.table_version import require
from shared.communes import CommuneChange, on_day
from shared.contracts.planning import (
    CommuneDivided,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
)
from shared.grants import Place

# A succession has a row for each successor, the main one in place 0. Of two changes of one day the later one holds.
TABLES = """
CREATE TABLE IF NOT EXISTS communes (
    commune text PRIMARY KEY, code text NOT NULL, name text NOT NULL, kind text NOT NULL, province text NOT NULL,
    province_name text NOT NULL, latitude float8, longitude float8, in_force_from date, known_from timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS successions (
    commune text, place int, successor text NOT NULL, share text, in_force_from date NOT NULL, position bigint NOT NULL,
    known_from timestamptz NOT NULL, PRIMARY KEY (commune, place)
);
CREATE TABLE IF NOT EXISTS commune_changes (
    position bigint PRIMARY KEY, commune text NOT NULL, in_force_from date NOT NULL, code text, name text,
    province text, province_name text, known_from timestamptz NOT NULL
);
"""
COMMUNES: LiteralString = """
    SELECT commune, code, name, province, province_name, latitude, longitude, in_force_from FROM communes
"""
CHANGES: LiteralString = """
    SELECT commune, in_force_from, code, name, province, province_name FROM commune_changes
"""


def remember_communes(connection: Connection, received: Sequence[tuple[int, CommuneRegistered]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO communes VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (commune) DO NOTHING",
            [
                (
                    event.commune,
                    event.code,
                    event.name,
                    event.kind,
                    event.province,
                    event.province_name,
                    event.latitude,
                    event.longitude,
                    event.in_force_from,
                    event.recorded_at,
                )
                for _, event in received
            ],
        )


def remember_successions(
    connection: Connection, received: Sequence[tuple[int, CommuneMerged | CommuneDivided]]
) -> None:
    rows = [
        (event.commune, place, successor, share, event.in_force_from, position, event.recorded_at)
        for position, event in received
        for place, (successor, share) in enumerate(_successors(event))
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO successions VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", rows)


def _successors(event: CommuneMerged | CommuneDivided) -> list[tuple[str, str | None]]:
    if isinstance(event, CommuneMerged):
        return [(event.into, None)]
    return [(part.commune, part.share) for part in event.into]


def remember_changes(
    connection: Connection, received: Sequence[tuple[int, CommuneRenamed | CommuneMovedToProvince]]
) -> None:
    unchanged = {"code": None, "name": None, "province": None, "province_name": None}
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO commune_changes VALUES (%(position)s, %(commune)s, %(in_force_from)s, %(code)s, %(name)s,
                %(province)s, %(province_name)s, %(recorded_at)s) ON CONFLICT DO NOTHING
            """,
            [{**unchanged, **event.model_dump(), "position": position} for position, event in received],
        )


class Communes:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def registered(self, code: str) -> tuple[str, str] | None:
        """A commune's id and province, as in `commune_with`."""
        with self._pool.connection() as connection:
            require(connection)
            return commune_with(connection, code)

    def on_day(self, commune: str, day: date) -> Commune | None:
        """The commune of this id, with the code, name and province that it has on a day."""
        with self._pool.connection() as connection:
            return _on_day(connection, [commune], day).get(commune)

    def place(self, commune: str, day: date) -> Place:
        """Its last successor by a day, itself while it exists, and the province of that one on the day."""
        return self.places([commune], day)[commune]

    def places(self, communes: Collection[str], day: date) -> dict[str, Place]:
        """The same of each."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                """
                WITH RECURSIVE chain AS (SELECT origin, origin AS commune, 0 AS step
                    FROM unnest(%(communes)s::text[]) AS origin UNION ALL
                    SELECT origin, successor, step + 1 FROM chain JOIN successions USING (commune)
                    WHERE place = 0 AND in_force_from <= %(day)s AND step < 50)
                SELECT DISTINCT ON (origin) origin, commune FROM chain ORDER BY origin, step DESC
                """,
                {"communes": list(communes), "day": day},
            ).fetchall()
            found = _on_day(connection, [last for _, last in rows], day)
        return {origin: Place(last, found[last].province if last in found else None) for origin, last in rows}

    def all_on(self, day: date, known_until: datetime) -> Collection[Commune]:
        """The communes that exist on a day, as far as it was known before an instant."""
        with self._pool.connection() as connection:
            require(connection)
            return TerritoryMap(territory_of(connection, known_until), day).communes.values()


def _on_day(connection: Connection, communes: Collection[str], day: date) -> dict[str, Commune]:
    """By id those that are known, with the code, name and province of each on a day."""
    require(connection)
    ids = (list(communes),)
    rows = connection.execute(f"{COMMUNES} WHERE commune = ANY(%s)", ids).fetchall()
    changes: dict[str, list[CommuneChange]] = {}
    for change in connection.execute(f"{CHANGES} WHERE commune = ANY(%s) ORDER BY position", ids):
        changes.setdefault(change[0], []).append(CommuneChange(*change))
    return {commune: on_day(Commune(commune, *row), changes.get(commune, []), day) for commune, *row in rows}


def territory_of(connection: Connection, known_until: datetime) -> Territory:
    """All communes with their successors and changes, as known before an instant."""
    communes = connection.execute(f"{COMMUNES} WHERE known_from < %s ORDER BY commune", (known_until,))
    changes = connection.execute(f"{CHANGES} WHERE known_from < %s ORDER BY position", (known_until,))
    return Territory(
        [Commune(*row) for row in communes.fetchall()],
        _successions(connection, known_until),
        [CommuneChange(*row) for row in changes.fetchall()],
    )


def commune_with(connection: Connection, code: str) -> tuple[str, str] | None:
    """The id and the province of the commune that bears a code, or that has this id; last of all one that is gone."""
    row = connection.execute(
        """
        SELECT commune, province FROM communes WHERE %(code)s IN (code, commune)
        ORDER BY EXISTS (SELECT FROM successions WHERE successions.commune = communes.commune), commune <> %(code)s
        """,
        {"code": code},
    ).fetchone()
    return (row[0], row[1]) if row else None


def _successions(connection: Connection, known_until: datetime) -> list[Succession]:
    rows = connection.execute(
        """
        SELECT commune, in_force_from, array_agg(successor ORDER BY place), array_agg(share ORDER BY place)
        FROM successions WHERE known_from < %s GROUP BY commune, in_force_from, position ORDER BY position
        """,
        (known_until,),
    )
    return [Succession(commune, day, _into(successors, shares)) for commune, day, successors, shares in rows]


def _into(successors: list[str], shares: list[str | None]) -> tuple[Share, ...]:
    parts = zip(successors, shares, strict=True)
    return tuple(Share(successor, None if share is None else Fraction(share)) for successor, share in parts)
