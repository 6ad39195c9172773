"""The auditor's login reads what an audit rests on, and no other table; it writes nothing."""

import psycopg
import pytest

from deploy.provision import AUDITOR
from shared.messaging.streams import SERVICES
from tests.journeys.tampering import KEYS, PRINTED

TABLES = """
    SELECT schemaname || '.' || tablename, has_any_column_privilege(%(auditor)s, to_regclass(name), 'SELECT'),
        has_any_column_privilege(%(auditor)s, to_regclass(name), 'INSERT, UPDATE, REFERENCES')
        OR has_table_privilege(%(auditor)s, to_regclass(name), 'DELETE, TRUNCATE, TRIGGER, MAINTAIN')
    FROM pg_tables, concat(quote_ident(schemaname), '.', quote_ident(tablename)) AS name
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""
OTHERS = """
    SELECT 'schema ' || nspname FROM pg_namespace WHERE has_schema_privilege(%(auditor)s, oid, 'CREATE')
        AND nspname !~ '^pg_(temp|toast)'
    UNION SELECT 'sequence ' || sequencename FROM pg_sequences WHERE has_sequence_privilege(
        %(auditor)s, concat(quote_ident(schemaname), '.', quote_ident(sequencename)), 'USAGE, UPDATE'
    )
    UNION SELECT 'role ' || rolname FROM pg_roles
        WHERE rolname <> %(auditor)s AND pg_has_role(%(auditor)s, oid, 'MEMBER')
    UNION SELECT 'attribute of the login' FROM pg_roles WHERE rolname = %(auditor)s
        AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
    UNION SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE prosecdef
        AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
        AND has_function_privilege(%(auditor)s, oid, 'EXECUTE')
"""
# Of Reporting: what it computes on with, and how far it has come.
PROGRESS = ("day_counts", "recounts", "recounts_compared", "tracking")
OF_EACH_SERVICE = ("checkpoints", "seal_keys")
# By which an explanation finds events; and what the owner of the database changed.
BESIDES = {"indicators.readings", "indicators.refused_readings", "public.owner_changes"}
SECRETS = (
    "portal.passwords", "portal.passkeys", "portal.sessions", "portal.keys", "portal.invitations", "portal.identities",
    "portal.desk_signing_key", "public.announcement_key", "notifications.outbox", "notifications.kept",
    "reporting.accounts", "reporting.grants", "reporting.inbox", "reporting.parked", "reporting.set_aside",
)  # fmt: skip


@pytest.fixture(scope="module")
def owner(stack):
    with psycopg.connect(stack.servers.database_url) as connection:
        yield connection


def test_the_auditor_reads_stores_seals_and_the_tables_that_an_audit_compares_and_no_other(owner):
    rows = owner.execute(TABLES, {"auditor": AUDITOR}).fetchall()
    read = {table for table, reads, _ in rows if reads}
    stores = {f"{service}.{service}_events" for service in SERVICES}
    seals = {f"{service}.{table}" for service in SERVICES for table in OF_EACH_SERVICE}
    compared = {f"reporting.{table}" for table in PRINTED.keys() | KEYS.keys() if table not in PROGRESS}
    assert read == stores | seals | compared | BESIDES


def test_the_auditor_writes_nothing(owner):
    assert [table for table, _, writes in owner.execute(TABLES, {"auditor": AUDITOR}) if writes] == []
    assert owner.execute(OTHERS, {"auditor": AUDITOR}).fetchall() == []


def test_the_auditor_is_refused_at_the_tables_of_secrets(owner, stack):
    known = {f"{schema}.{table}" for schema, table in owner.execute("SELECT schemaname, tablename FROM pg_tables")}
    asked = sorted(known & set(SECRETS))
    assert asked == sorted(SECRETS)
    with psycopg.connect(**stack.settings("auditor").database("auditor"), autocommit=True) as connection:
        for table in asked:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT FROM {table}")
