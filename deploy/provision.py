"""Streams, consumers, schemas and roles: made once, and safe to run again."""

import secrets
from collections.abc import Mapping
from typing import LiteralString
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eventsourcing.application import Application
from psycopg import sql

from services.indicators import read_models as indicators
from services.notifications import read_models as notifications
from services.planning import read_models as planning
from services.portal import read_models as portal
from services.reporting import read_models as reporting
from services.reporting.read_models.table_version import VERSION
from shared.messaging import stream_provision, streams
from shared.messaging.announcing.announced import KEY_BYTES, KEY_TABLE
from shared.messaging.announcing.stream_owner import claim
from shared.messaging.connection import connect
from shared.messaging.following import follower, grants
from shared.messaging.following.set_aside import SET_ASIDE_TABLE
from shared.messaging.intake import intake
from shared.messaging.intake.desk_signature import PUBLIC_TABLE
from shared.record import checkpoints, owner_changes
from shared.record.event_store import EventStore
from shared.record.protected_tables import REFUSE_CHANGE, TIMES, recorded_at
from shared.settings import Settings, SettingsError

# Tables by service. Rows of the first kind are never changed: the service may add them and read them, no more.
APPEND_ONLY: Mapping[str, tuple[str, ...]] = {
    "planning": ("inbox", "parked", "set_aside", "evidence_files", "evidence_senders", "evidence_scans"),
    "indicators": ("inbox", "parked", "set_aside", "readings", "refused_readings", "definitions"),
    "reporting": ("inbox", "parked", "set_aside", "contents", "editions", "announced_checkpoints"),
    "notifications": ("set_aside",),
    "portal": (
        "set_aside",
        "accounts",
        "identities",
        "keys",
        "broker_keys",
        "broker_key_ends",
        "desk_signing_key",
        "sign_ins",
    ),
}
TABLES: Mapping[str, tuple[LiteralString, ...]] = {
    "planning": (intake.TABLES, follower.TABLES, SET_ASIDE_TABLE, grants.TABLES, planning.TABLES),
    "indicators": (intake.TABLES, follower.TABLES, SET_ASIDE_TABLE, grants.TABLES, indicators.TABLES),
    "reporting": (intake.TABLES, follower.TABLES, SET_ASIDE_TABLE, grants.TABLES, reporting.TABLES),
    "notifications": (follower.TABLES, SET_ASIDE_TABLE, grants.TABLES, notifications.TABLES),
    "portal": (follower.TABLES, SET_ASIDE_TABLE, portal.TABLES),
}
# What an audit reads beside the event stores and the seals: what leads to the events that a figure rests on, and the
# tables of Reporting that it compares with the stores.
AUDITED: Mapping[str, tuple[str, ...]] = {
    "indicators": ("readings", "refused_readings"),
    "reporting": (
        "communes", "successions", "commune_changes", "measures", "indicators", "fields", "field_totals",
        "counted_fields", "plans", "plan_closings", "targets", "tasks", "task_changes", "refusals", "parked_messages",
        "known_positions", "corrections", "late_readings", "reports", "editions", "contents", "announced_checkpoints",
        "read_model_version",
    ),
}  # fmt: skip
OWNER = "minhbach_owner"
AUDITOR = "minhbach_auditor"

# The environment of a stack on which a test records events at times of its own choice.
TIMES_OF_SERVICES = {"MINHBACH_RECORDED_AT": "service"}
# A position comes from the sequence: no service may name one.
WRITTEN_BY_SERVICES = ("originator_id", "originator_version", "topic", "state", "recorded_at")


async def provision(settings: Settings) -> list[str]:
    """Create what is missing and update what differs. Returns a line for each change.

    DATABASE_URL must log in as an owner of the database who may create roles; MINHBACH_<ROLE>_PASSWORD, where given,
    lets a role log in.
    """
    servers = settings.nats  # wrong settings end it before anything is done
    done = _provision_database(settings)
    client = await connect(servers, connect_timeout=5, max_reconnect_attempts=10, reconnect_time_wait=0.5)
    try:
        done += await stream_provision.provision(client.jetstream(), _replicas(settings.env))
        done += await claim(client.jetstream(), _key_of(settings))
    finally:
        await client.close()
    return done


def _provision_database(settings: Settings) -> list[str]:
    with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
        # One provisioning at a time: two at once would both find nothing there.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('minhbach provision'))")
        before = _inventory(connection)
        _function(connection, "public.refuse_change", REFUSE_CHANGE)
        _role(connection, OWNER, None)
        _role(connection, AUDITOR, settings.env.get("MINHBACH_AUDITOR_PASSWORD"))
        for service in streams.SERVICES:
            _role(connection, f"minhbach_{service}", settings.env.get(f"MINHBACH_{service.upper()}_PASSWORD"))
            _schema(connection, service)
        _announcement_key(connection)
        connection.commit()
        times = _times(settings.env)
        changed = []
        for service in streams.SERVICES:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('minhbach provision'))")
            _events(connection, settings, service)
            if _protect_events(connection, service, times):
                changed.append(f"the time of {service}'s events is set by the {times} from now on")
            _tables(connection, service)
            connection.commit()
            for table in (f"{service}_events", *checkpoints.APPEND_ONLY):
                _refuse_changes(connection, service, table)
            connection.commit()
        _desk_key(connection)
        _watch_owner(connection)
        connection.commit()
        created = sorted(f"{name} created" for name in _inventory(connection) - before)
        return created + changed + _outdated(connection)


def _replicas(env: Mapping[str, str]) -> int | None:
    """How many servers of a cluster keep a copy of each stream; None keeps what is set."""
    wanted = env.get("MINHBACH_NATS_REPLICAS")
    if wanted and wanted not in ("1", "3", "5"):
        raise SettingsError(f'MINHBACH_NATS_REPLICAS is "{wanted}"; it is 1, 3 or 5')
    return int(wanted) if wanted else None


def _role(connection: psycopg.Connection, role: str, password: str | None) -> None:
    name = sql.Identifier(role)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
    if password:
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(password)))
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))


def _schema(connection: psycopg.Connection, service: str) -> None:
    schema = sql.Identifier(service)
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(schema, sql.Identifier(OWNER)))
    for role in (f"minhbach_{service}", AUDITOR):
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, sql.Identifier(role)))


def _announcement_key(connection: psycopg.Connection) -> None:
    """The key by which followers know what a relay wrote: made once, read by the services and nobody else."""
    connection.execute(KEY_TABLE)
    connection.execute(
        "INSERT INTO public.announcement_key (key) VALUES (%s) ON CONFLICT DO NOTHING",
        (secrets.token_bytes(KEY_BYTES),),
    )
    for service in streams.SERVICES:
        role = sql.Identifier(f"minhbach_{service}")
        connection.execute(sql.SQL("GRANT SELECT ON public.announcement_key TO {}").format(role))


def _desk_key(connection: psycopg.Connection) -> None:
    """The key by which services know what the portal sent: its private part is read by the portal alone."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('minhbach provision'))")
    connection.execute(PUBLIC_TABLE)
    if connection.execute("SELECT 1 FROM portal.desk_signing_key").fetchone() is None:
        key = Ed25519PrivateKey.generate()
        connection.execute("INSERT INTO portal.desk_signing_key (key) VALUES (%s)", (key.private_bytes_raw(),))
        connection.execute(
            "INSERT INTO public.desk_key (key) VALUES (%s) ON CONFLICT (only_one) DO UPDATE SET key = EXCLUDED.key",
            (key.public_key().public_bytes_raw(),),
        )
    for service in streams.SERVICES:
        role = sql.Identifier(f"minhbach_{service}")
        connection.execute(sql.SQL("GRANT SELECT ON public.desk_key TO {}").format(role))


def _key_of(settings: Settings) -> bytes:
    with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
        row = connection.execute("SELECT key FROM public.announcement_key").fetchone()
    assert row
    return bytes(row[0])


def _events(connection: psycopg.Connection, settings: Settings, service: str) -> None:
    table = sql.Identifier(service, f"{service}_events")
    if connection.execute("SELECT to_regclass(%s)", (f"{service}.{service}_events",)).fetchone() != (None,):
        return
    # The library makes its own table and type; what we add to them comes after.
    store: type[Application[UUID]] = type("Store", (EventStore,), {"name": service})
    store(settings, create_table=True).close()  # type: ignore[arg-type, call-arg]
    additions = sql.SQL(
        """
        ALTER TABLE {table} ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT clock_timestamp();
        ALTER TABLE {table} OWNER TO {owner};
        GRANT SELECT, MAINTAIN ON {table} TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
        GRANT SELECT ON {table} TO {auditor};
        """
    )
    names = {"schema": service, "owner": OWNER, "role": f"minhbach_{service}", "auditor": AUDITOR}
    connection.execute(additions.format(table=table, **{key: sql.Identifier(name) for key, name in names.items()}))


def _refuse_changes(connection: psycopg.Connection, service: str, table: str) -> None:
    """By a trigger that session_replication_role does not silence. Each statement only where it is missing."""
    found = connection.execute(
        "SELECT tgenabled = 'A' FROM pg_trigger WHERE tgname = 'refuse_change' AND tgrelid = %s::regclass",
        (f"{service}.{table}",),
    ).fetchone()
    create = """
        CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
    """
    always = "ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change;"
    statements = "" if found == (True,) else always if found else create + always
    connection.execute(sql.SQL(statements).format(table=sql.Identifier(service, table)))


def _watch_owner(connection: psycopg.Connection) -> None:
    """Last, since provisioning changes the same tables. Event triggers only where a superuser provisions."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('minhbach provision'))")
    connection.execute(owner_changes.TABLE)
    for role in (AUDITOR, *(f"minhbach_{service}" for service in streams.SERVICES)):
        connection.execute(sql.SQL("GRANT SELECT ON public.owner_changes TO {}").format(sql.Identifier(role)))
    is_missing = (
        "SELECT rolsuper AND NOT EXISTS (SELECT FROM pg_event_trigger"
        " WHERE evtname = 'note_owner_change' AND evttags IS NULL)"
    )
    if connection.execute(f"{is_missing} FROM pg_roles WHERE rolname = current_user".encode()).fetchone() == (True,):
        connection.execute(owner_changes.EVENT_TRIGGERS)


def _function(connection: psycopg.Connection, name: str, statement: str) -> bool:
    """Made where it is missing or another one, so that making it is no change by the owner. Whether it was another."""
    source = ("SELECT prosrc FROM pg_proc WHERE oid = to_regproc(%s)", (name,))
    before = connection.execute(*source).fetchone()
    if before is None or before[0] != statement.split("$$")[1]:
        connection.execute(statement.encode())
        return before is not None
    return False


def _times(env: Mapping[str, str]) -> str:
    """Who sets the time of an event: the database, or a service whose clock is moved by hand."""
    wanted = env.get("MINHBACH_RECORDED_AT") or ("service" if env.get("MINHBACH_CLOCK_FILE") else "database")
    if wanted not in TIMES:
        raise SettingsError(f'MINHBACH_RECORDED_AT is "{wanted}"; it is one of: {", ".join(TIMES)}')
    return wanted


def _protect_events(connection: psycopg.Connection, service: str, time: str) -> bool:
    """A service adds events, and chooses neither their time nor their position. Mends tables of earlier versions.

    Returns whether the time came from elsewhere before.
    """
    name = f"{service}_events"
    identifiers = {
        "schema": sql.Identifier(service),
        "table": sql.Identifier(service, name),
        "role": sql.Identifier(f"minhbach_{service}"),
        "owner": sql.Identifier(OWNER),
        "columns": sql.SQL(", ").join(map(sql.Identifier, WRITTEN_BY_SERVICES)),
    }
    changed = _function(connection, f"{service}.set_recorded_at", recorded_at(connection, service, time))
    # Each only where it is missing: they wait for whoever writes.
    if not connection.execute(
        "SELECT 1 FROM pg_trigger WHERE tgname = 'set_recorded_at' AND tgrelid = %s::regclass", (f"{service}.{name}",)
    ).fetchone():
        statements = """
        ALTER FUNCTION {schema}.set_recorded_at() OWNER TO {owner};
        CREATE TRIGGER set_recorded_at BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION {schema}.set_recorded_at();
        """
        connection.execute(sql.SQL(statements).format(**identifiers))
    statements = "REVOKE INSERT ON {table} FROM {role}; GRANT INSERT ({columns}) ON {table} TO {role};"
    connection.execute(sql.SQL(statements).format(**identifiers))
    return changed


def _tables(connection: psycopg.Connection, service: str) -> None:
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(service)))
    for statements in (*TABLES[service], checkpoints.TABLES):
        connection.execute(statements)
    grant_tables(connection, service)


def grant_tables(connection: psycopg.Connection, service: str) -> None:
    """What a service may do with its tables, as their owner gives it."""
    roles = {"role": sql.Identifier(f"minhbach_{service}"), "auditor": sql.Identifier(AUDITOR)}
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
    statements = []
    for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (service,)).fetchall():
        if table == f"{service}_events":
            continue
        kept = table in (*APPEND_ONLY[service], *checkpoints.APPEND_ONLY)
        rights = sql.SQL("SELECT, INSERT" if kept else "SELECT, INSERT, UPDATE, DELETE, TRUNCATE")
        # An earlier version may have let it be changed.
        text = "REVOKE ALL ON {table} FROM {role}, {auditor}; GRANT {rights} ON {table} TO {role};"
        if table in (*checkpoints.APPEND_ONLY, *AUDITED.get(service, ())):
            text += "GRANT SELECT ON {table} TO {auditor};"
        statements.append(sql.SQL(text).format(table=sql.Identifier(service, table), rights=rights, **roles))
    connection.execute(sql.SQL("").join(statements))


def _outdated(connection: psycopg.Connection) -> list[str]:
    made_by = connection.execute("SELECT version FROM reporting.read_model_version").fetchone()
    if made_by == (VERSION,):
        return []
    return ["reporting's tables are of another version, and it answers nothing; run: minhbach report rebuild"]


def _inventory(connection: psycopg.Connection) -> set[str]:
    rows = connection.execute(
        """
        SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE 'minhbach%%'
        UNION SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = ANY(%(services)s)
        UNION SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass FROM pg_trigger
            WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace::regnamespace::text = ANY(%(services)s))
                AND NOT tgisinternal
        UNION SELECT 'table ' || schemaname || '.' || tablename FROM pg_tables WHERE schemaname = ANY(%(services)s)
        """,
        {"services": list(streams.SERVICES)},
    )
    return {name for (name,) in rows}
