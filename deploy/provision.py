"""Streams, consumers, schemas and roles: made once, and safe to run again."""

from collections.abc import Mapping
from typing import Any, LiteralString
from uuid import UUID

import nats
import psycopg
from eventsourcing.application import Application
from psycopg import sql

from services.indicators import read_models as indicators
from services.notifications import read_models as notifications
from services.planning import read_models as planning
from services.reporting import read_models as reporting
from services.reporting.read_models.built import VERSION
from shared import intake, streams, tracking
from shared.event_store import EventStore
from shared.settings import Settings

# Tables by service. Rows of the first kind are never changed: the service may add them and read them, no more.
APPEND_ONLY: Mapping[str, tuple[str, ...]] = {
    "planning": ("inbox", "parked"),
    "indicators": ("inbox", "parked", "readings", "definitions"),
    "reporting": ("inbox", "parked", "contents", "editions"),
    "notifications": (),
}
TABLES: Mapping[str, tuple[LiteralString, ...]] = {
    "planning": (intake.TABLES, planning.TABLES),
    "indicators": (intake.TABLES, tracking.TABLES, indicators.TABLES),
    "reporting": (intake.TABLES, tracking.TABLES, reporting.TABLES),
    "notifications": (tracking.TABLES, notifications.TABLES),
}
OWNER = "minhbach_owner"
AUDITOR = "minhbach_auditor"

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME;
END $$;
"""


async def provision(settings: Settings) -> list[str]:
    """What was done, one line each; nothing when all was as it should be.

    DATABASE_URL must log in as an owner of the database who may create roles; MINHBACH_<ROLE>_PASSWORD, where given,
    lets a role log in.
    """
    done = _provision_database(settings)
    client = await nats.connect(
        settings.nats_url, connect_timeout=5, max_reconnect_attempts=10, reconnect_time_wait=0.5
    )
    try:
        done += await streams.provision(client.jetstream())
    finally:
        await client.close()
    return done


def _provision_database(settings: Settings) -> list[str]:
    with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
        # One provisioning at a time: two at once would both find nothing there.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('minhbach provision'))")
        before = _inventory(connection)
        connection.execute(REFUSE_CHANGE.encode())
        _role(connection, OWNER, None)
        _role(connection, AUDITOR, settings.env.get("MINHBACH_AUDITOR_PASSWORD"))
        for service in streams.SERVICES:
            _role(connection, f"minhbach_{service}", settings.env.get(f"MINHBACH_{service.upper()}_PASSWORD"))
            _schema(connection, service)
        connection.commit()
        for service in streams.SERVICES:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('minhbach provision'))")
            _events(connection, settings, service)
            _tables(connection, service)
            connection.commit()
        return sorted(f"{what} created" for what in _inventory(connection) - before) + _outdated(connection)


def _role(connection: psycopg.Connection[Any], role: str, password: str | None) -> None:
    name = sql.Identifier(role)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
    if password:
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(password)))
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))


def _schema(connection: psycopg.Connection[Any], service: str) -> None:
    schema = sql.Identifier(service)
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(schema, sql.Identifier(OWNER)))
    for role in (f"minhbach_{service}", AUDITOR):
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, sql.Identifier(role)))


def _events(connection: psycopg.Connection[Any], settings: Settings, service: str) -> None:
    table = sql.Identifier(service, f"{service}_events")
    if connection.execute("SELECT to_regclass(%s)", (f"{service}.{service}_events",)).fetchone() != (None,):
        return
    # The library makes its own table and type; what we add to them comes after.
    store: type[Application[UUID]] = type("Store", (EventStore,), {"name": service})
    store(settings, create_table=True).close()  # type: ignore[arg-type, call-arg]
    additions = sql.SQL(
        """
        ALTER TABLE {table} ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT clock_timestamp();
        CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
        ALTER TABLE {table} OWNER TO {owner};
        GRANT SELECT, INSERT, MAINTAIN ON {table} TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
        GRANT SELECT ON {table} TO {auditor};
        """
    )
    names = {"schema": service, "owner": OWNER, "role": f"minhbach_{service}", "auditor": AUDITOR}
    connection.execute(additions.format(table=table, **{key: sql.Identifier(name) for key, name in names.items()}))


def _tables(connection: psycopg.Connection[Any], service: str) -> None:
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(service)))
    for statements in TABLES[service]:
        connection.execute(statements)
    grant_tables(connection, service)


def grant_tables(connection: psycopg.Connection[Any], service: str) -> None:
    """What a service may do with its tables, as their owner gives it."""
    role = sql.Identifier(f"minhbach_{service}")
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
    for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (service,)).fetchall():
        if table == f"{service}_events":
            continue
        kept = table in APPEND_ONLY[service]
        rights = sql.SQL("SELECT, INSERT" if kept else "SELECT, INSERT, UPDATE, DELETE, TRUNCATE")
        # An earlier version may have let it be changed.
        connection.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(service, table), role))
        connection.execute(sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier(service, table), role))


def _outdated(connection: psycopg.Connection[Any]) -> list[str]:
    made_by = connection.execute("SELECT version FROM reporting.read_model_version").fetchone()
    if made_by == (VERSION,):
        return []
    return ["reporting's tables are of another version, and it answers nothing; run: minhbach report rebuild"]


def _inventory(connection: psycopg.Connection[Any]) -> set[str]:
    rows = connection.execute(
        """
        SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE 'minhbach%%'
        UNION SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = ANY(%(services)s)
        UNION SELECT 'table ' || schemaname || '.' || tablename FROM pg_tables WHERE schemaname = ANY(%(services)s)
        """,
        {"services": list(streams.SERVICES)},
    )
    return {what for (what,) in rows}
