"""The communes and what became of them, as it was known at each time."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from psycopg import Connection

from shared.contracts import Event
from shared.contracts.planning import (
    CommuneDivided,
    CommuneEvent,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
)
from shared.territory import Change, Commune, Share, Succession, Territory

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
HEARD: tuple[type[Event], ...] = (
    CommuneRegistered,
    CommuneMerged,
    CommuneDivided,
    CommuneRenamed,
    CommuneMovedToProvince,
)


def remember(connection: Connection[Any], event: CommuneRegistered) -> None:
    connection.execute(
        "INSERT INTO communes VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (commune) DO NOTHING",
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
        ),
    )


def remember_change(connection: Connection[Any], position: int, event: CommuneEvent) -> None:
    match event:
        case CommuneMerged(into=into):
            _remember_succession(connection, position, event, [(into, None)])
        case CommuneDivided(into=parts):
            _remember_succession(connection, position, event, [(part.commune, part.share) for part in parts])
        case CommuneRenamed() | CommuneMovedToProvince():
            said = {"code": None, "name": None, "province": None, "province_name": None} | event.model_dump()
            connection.execute(
                """
                INSERT INTO commune_changes VALUES (%(position)s, %(commune)s, %(in_force_from)s, %(code)s, %(name)s,
                    %(province)s, %(province_name)s, %(recorded_at)s) ON CONFLICT DO NOTHING
                """,
                said | {"position": position},
            )


def _remember_succession(
    connection: Connection[Any], position: int, event: CommuneEvent, into: list[tuple[str, str | None]]
) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO successions VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (event.commune, place, successor, share, event.in_force_from, position, event.recorded_at)
                for place, (successor, share) in enumerate(into)
            ],
        )


def territory_of(connection: Connection[Any], known_until: datetime) -> Territory:
    """All communes and what became of them, as far as it was known before an instant."""
    communes = connection.execute(
        """
        SELECT commune, code, name, province, province_name, latitude, longitude, in_force_from FROM communes
        WHERE known_from < %s ORDER BY commune
        """,
        (known_until,),
    ).fetchall()
    changes = connection.execute(
        """
        SELECT commune, in_force_from, code, name, province, province_name FROM commune_changes
        WHERE known_from < %s ORDER BY position
        """,
        (known_until,),
    ).fetchall()
    return Territory(
        [Commune(*row) for row in communes], _successions(connection, known_until), [Change(*row) for row in changes]
    )


def commune_with(connection: Connection[Any], code: str) -> tuple[str, str] | None:
    """The id and the province of the commune that bears a code, or that has this id; last of all one that is gone."""
    row = connection.execute(
        """
        SELECT commune, province FROM communes WHERE %(said)s IN (code, commune)
        ORDER BY EXISTS (SELECT FROM successions WHERE successions.commune = communes.commune), commune <> %(said)s
        """,
        {"said": code},
    ).fetchone()
    return (row[0], row[1]) if row else None


def _successions(connection: Connection[Any], known_until: datetime) -> list[Succession]:
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
