"""What protects the tables of history, and whether they are still as provisioning made them.

Their owner can put a view, a rule, a policy or a trigger of its own between a table and whoever reads or writes it. A
seal proves what is shown, so nothing is sealed until it is gone, and audits name it.
"""

from collections.abc import Iterator, Mapping
from typing import LiteralString, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Identifier

REFUSE_CHANGE: LiteralString = """
CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME;
END $$;
"""
# BEFORE INSERT: whoever writes, the database sets the time, and it does not go back, except to the present from a time
# that only a wrong clock can have set. SECURITY DEFINER, so that it reads the table whatever the writer may read.
RECORDED_AT: LiteralString = """
CREATE OR REPLACE FUNCTION {schema}.set_recorded_at() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
    NEW.recorded_at := greatest({time}, (
        SELECT recorded_at FROM (SELECT recorded_at FROM {table} ORDER BY notification_id DESC LIMIT 1) AS last
        WHERE recorded_at < clock_timestamp() + interval '1 day'
    ));
    RETURN NEW;
END $$;
"""
TIMES: Mapping[str, LiteralString] = {"database": "statement_timestamp()", "service": "NEW.recorded_at"}

FORM: LiteralString = """
    SELECT relkind = 'r', relrowsecurity OR EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid),
        EXISTS (SELECT FROM pg_rewrite WHERE ev_class = pg_class.oid),
        EXISTS (SELECT FROM pg_inherits WHERE pg_class.oid IN (inhrelid, inhparent))
    FROM pg_class WHERE oid = to_regclass(%s)
"""
TRIGGERS: LiteralString = """
    SELECT tgname, tgenabled::text, tgtype, tgqual IS NOT NULL, pronamespace::regnamespace::text, proname, prosrc
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal
"""
FORMS = ("table", "row-security", "rule", "partition")
# Of pg_trigger: before update, delete or truncate of a statement; before insert of a row.
REFUSES, SETS_TIME = 58, 7
VIETNAMESE = {
    "table": "không phải là bảng",
    "row-security": "có chính sách che dòng",
    "rule": "có luật (rule) viết lại câu lệnh",
    "partition": "là một phần, hoặc có phần, của bảng khác",
    "trigger": "có trigger khác với khi cài đặt",
}


class AlteredTable(NamedTuple):
    """A table of history that is not as it was made. `kind` is one of VIETNAMESE; `trigger` names one that is."""

    table: str
    kind: str
    trigger: str = ""

    @property
    def text(self) -> str:
        """For the operator."""
        return f"{self.table}: {self.kind} {self.trigger}".rstrip()

    @property
    def sentence(self) -> str:
        """For everybody else."""
        return f"{self.table} {VIETNAMESE[self.kind]}{f' ({self.trigger})' if self.trigger else ''}"


def altered_tables(connection: Connection, service: str) -> list[AlteredTable]:
    """Of a service's events, checkpoints and keys, what is not as provisioning makes it; with any login."""
    events = f"{service}_events"
    return [
        each for table in (events, "checkpoints", "seal_keys") for each in _altered(connection, service, table, events)
    ]


def recorded_at(connection: Connection, service: str, time: str) -> str:
    """The statement that makes the function by which `time`, one of TIMES, sets the time of a service's events."""
    names = {"schema": Identifier(service), "table": Identifier(service, f"{service}_events")}
    return SQL(RECORDED_AT).format(time=SQL(TIMES[time]), **names).as_string(connection)


def _altered(connection: Connection, service: str, table: str, events: str) -> Iterator[AlteredTable]:
    name = f"{service}.{table}"
    form = connection.execute(FORM, (name,)).fetchone() or (False, False, False, False)
    is_table, *others = form
    for kind, wrong in zip(FORMS, (not is_table, *others), strict=True):
        if wrong:
            yield AlteredTable(name, kind)
    sources = {("public", "refuse_change", REFUSES): [_body(REFUSE_CHANGE)]}
    if table == events:
        times = [_body(recorded_at(connection, service, time)) for time in TIMES]
        sources[service, "set_recorded_at", SETS_TIME] = times
    missing = {function for _, function, _ in sources}
    for trigger, enabled, kind, is_conditional, schema, function, source in connection.execute(TRIGGERS, (name,)):
        known = sources.get((schema, function, kind), ())
        if source in known and enabled in "AO"[: 1 + (kind == SETS_TIME)] and not is_conditional:
            missing.discard(function)
        else:
            yield AlteredTable(name, "trigger", trigger)
            missing.discard(trigger)
    for trigger in sorted(missing):
        yield AlteredTable(name, "trigger", trigger)


def _body(statement: str) -> str:
    return statement.split("$$")[1]
