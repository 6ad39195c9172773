"""Replaces the old tables by the new ones in one transaction, while followers and readers wait."""

from collections.abc import Callable

import psycopg
from psycopg import sql

from deploy.provision import grant_tables
from deploy.rebuild.next_tables import SCHEMA, NextTables
from deploy.rebuild.sources import SOURCES
from services.reporting.read_models import RETIRED, table_version
from shared.settings import Settings


def swap(settings: Settings, tables: NextTables, catch_up: Callable[[], int]) -> dict[str, int]:
    """Returns the positions of the new tables. Interrupted before the commit, it changes nothing."""
    with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
        connection.execute("SET LOCAL idle_in_transaction_session_timeout TO 0")  # while the rest is applied
        # First the followers' own lock, then the readers': in the order in which a follower takes them.
        connection.execute(
            "INSERT INTO reporting.tracking SELECT unnest(%s::text[]), 0 ON CONFLICT DO NOTHING", (list(SOURCES),)
        )
        connection.execute("SELECT FROM reporting.tracking WHERE source = ANY(%s) FOR UPDATE", (list(SOURCES),))
        catch_up()
        connection.execute("LOCK TABLE reporting.read_model_version IN ACCESS EXCLUSIVE MODE")
        _replace(connection, tables.names())
        connection.execute("UPDATE reporting.read_model_version SET version = %s", (table_version.VERSION,))
        positions = _move_on(connection)
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(SCHEMA)))
        grant_tables(connection, "reporting")
    return positions


def _replace(connection: psycopg.Connection, tables: list[str]) -> None:
    for table in (*RETIRED, *tables):
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("reporting", table)))
    for table in tables:
        connection.execute(sql.SQL("ALTER TABLE {} SET SCHEMA reporting").format(sql.Identifier(SCHEMA, table)))


def _move_on(connection: psycopg.Connection) -> dict[str, int]:
    """Set the positions. The table of positions is not replaced: followers wait for its rows."""
    connection.execute(
        sql.SQL(
            "INSERT INTO reporting.tracking SELECT source, position FROM {} ON CONFLICT (source)"
            " DO UPDATE SET position = excluded.position"
        ).format(sql.Identifier(SCHEMA, "tracking"))
    )
    rows = connection.execute(
        "SELECT source, position FROM reporting.tracking WHERE source = ANY(%s)", (list(SOURCES),)
    )
    return dict(rows.fetchall())
