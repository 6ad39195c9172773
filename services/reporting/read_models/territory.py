"""Which communes take part, since when."""

from datetime import datetime
from typing import Any

from psycopg import Connection

from shared.contracts import Event
from shared.contracts.planning import CommuneRegistered
from shared.territory import Commune, Territory

TABLES = """
CREATE TABLE IF NOT EXISTS communes (
    commune text PRIMARY KEY, code text NOT NULL, name text NOT NULL, kind text NOT NULL, province text NOT NULL,
    province_name text NOT NULL, latitude float8, longitude float8, in_force_from date, known_from timestamptz NOT NULL
);
"""
HEARD: tuple[type[Event], ...] = (CommuneRegistered,)


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


def territory_of(connection: Connection[Any], known_until: datetime) -> Territory:
    """All communes and what became of them, as far as it was known before an instant."""
    rows = connection.execute(
        """
        SELECT commune, code, name, province, province_name, latitude, longitude, in_force_from FROM communes
        WHERE known_from < %s
        """,
        (known_until,),
    )
    return Territory([Commune(*row) for row in rows])
