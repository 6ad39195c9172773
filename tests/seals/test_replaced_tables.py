"""The administrator of the database puts something between the tables of history and whoever reads or writes them.

Each attempt is found by name, nothing is sealed until it is gone, and it is written down at once.
"""

import psycopg
import pytest

from services.reporting.audit.proof import verify
from services.reporting.audit.proof.export import export
from shared.record.owner_changes import owner_changes
from shared.record.protected_tables import altered_tables
from shared.record.sealing import SealRefused

EVENTS = "indicators.indicators_events"
LIE = "convert_to(replace(convert_from(state, 'UTF8'), 'Đất', 'Đai'), 'UTF8')"
COLUMNS = "notification_id, originator_id, originator_version, topic"
REPLACED = {
    "a view that shows another state": (
        ("table", ""),
        "ALTER TABLE {events} RENAME TO kept",
        f"CREATE VIEW {{events}} AS SELECT {COLUMNS}, {LIE} AS state, recorded_at FROM indicators.kept",
        "GRANT SELECT ON {events} TO minhbach_auditor",
    ),
    "a partitioned table with the events as a part": (
        ("table", ""),
        "ALTER TABLE {events} RENAME TO kept",
        "CREATE TABLE {events} (LIKE indicators.kept) PARTITION BY RANGE (notification_id)",
        "ALTER TABLE {events} ATTACH PARTITION indicators.kept DEFAULT",
        "GRANT SELECT ON {events} TO minhbach_auditor",
    ),
    "a table whose rows are shown with the events": (
        ("partition", ""),
        "CREATE TABLE indicators.more () INHERITS ({events})",
    ),
    "a policy that hides events from the auditor": (
        ("row-security", ""),
        "ALTER TABLE {events} ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY hides ON {events} USING (notification_id % 2 = 0)",
    ),
    "a rule that stores nothing": (
        ("rule", ""),
        "CREATE RULE nothing AS ON INSERT TO {events} DO INSTEAD NOTHING",
    ),
    "a trigger that changes what is stored": (
        ("trigger", "changes"),
        "CREATE FUNCTION public.changes() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.state := '{{}}'; RETURN NEW; END $$",
        "CREATE TRIGGER changes BEFORE INSERT ON {events} FOR EACH ROW EXECUTE FUNCTION public.changes()",
    ),
    "the function that sets the time sets the state too": (
        ("trigger", "set_recorded_at"),
        "CREATE OR REPLACE FUNCTION indicators.set_recorded_at() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.state := '{{}}'; RETURN NEW; END $$",
    ),
    "the function that refuses changes refuses none": (
        ("trigger", "refuse_change"),
        "CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; END $$",
    ),
    "the trigger that refuses changes is dropped": (
        ("trigger", "refuse_change"),
        "DROP TRIGGER refuse_change ON {events}",
    ),
    "the trigger that refuses changes can be silenced": (
        ("trigger", "refuse_change"),
        "ALTER TABLE {events} ENABLE TRIGGER refuse_change",
    ),
}


def test_tables_as_they_were_made_are_not_altered(history):
    assert [altered_tables(history.connection, service) for service in ("indicators", "portal", "reporting")] == [
        []
    ] * 3


@pytest.mark.parametrize("attempt", REPLACED)
def test_anything_between_a_table_and_its_readers_is_named(history, attempt):
    history.add(3)
    history.seal()
    (kind, trigger), *statements = REPLACED[attempt]
    for statement in statements:
        history.run(statement.format(events=EVENTS))
    with psycopg.connect(**history.settings.database("auditor")) as auditor:
        found = altered_tables(auditor, "indicators")
    assert (EVENTS, kind, trigger) in found
    with pytest.raises(SealRefused, match=f"{EVENTS}: {kind} {trigger}".rstrip()):
        history.seal()
    assert owner_changes(history.connection)


def test_another_table_of_the_same_name_is_written_down_and_its_altered_event_is_found(history, tmp_path):
    """With the same triggers and rights it looks as it was made; what it holds is not what was sealed."""
    history.add(5)
    history.seal()
    for statement in (
        "ALTER TABLE {events} RENAME TO kept",
        "CREATE TABLE {events} (LIKE indicators.kept INCLUDING ALL)",
        f"INSERT INTO {{events}} ({COLUMNS}, recorded_at, state) SELECT {COLUMNS}, recorded_at, {LIE}"
        " FROM indicators.kept",
        "GRANT SELECT ON {events} TO minhbach_auditor, minhbach_indicators",
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {events}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()",
        "ALTER TABLE {events} ENABLE ALWAYS TRIGGER refuse_change",
        "CREATE TRIGGER set_recorded_at BEFORE INSERT ON {events}"
        " FOR EACH ROW EXECUTE FUNCTION indicators.set_recorded_at()",
    ):
        history.run(statement.format(events=EVENTS))
    assert altered_tables(history.connection, "indicators") == []
    assert "CREATE TABLE" in {change.command for change in owner_changes(history.connection) if change.object == EVENTS}
    with pytest.raises(SealRefused, match="gone or altered"):
        history.seal()
    export(history.settings, tmp_path, None, lambda *_: None)
    altered = {each.position for each in verify.verify(tmp_path, [], [])["findings"] if each.kind == "altered"}
    assert altered == set(history.positions())


def test_a_policy_that_hides_events_is_found_in_the_export(history, tmp_path):
    history.add(4)
    history.seal()
    for statement in REPLACED["a policy that hides events from the auditor"][1:]:
        history.run(statement.format(events=EVENTS))
    hidden = {position for position in history.positions() if position % 2}
    export(history.settings, tmp_path, None, lambda *_: None)
    assert hidden <= {each.position for each in verify.verify(tmp_path, [], [])["findings"] if each.kind == "missing"}


def test_a_search_path_of_a_role_or_of_the_database_leads_nobody_to_another_table(history, tmp_path):
    """Each connection sets its own, and the tables of history are always named with their schema."""
    history.add(2)
    history.seal()
    ((name,),) = history.run("SELECT current_database()").fetchall()
    for statement in (
        "CREATE SCHEMA fake",
        f"CREATE TABLE fake.indicators_events (LIKE {EVENTS} INCLUDING ALL)",
        "CREATE TABLE fake.checkpoints (LIKE indicators.checkpoints INCLUDING ALL)",
        "GRANT USAGE ON SCHEMA fake TO PUBLIC",
        "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA fake TO PUBLIC",
        f"ALTER DATABASE {name} SET search_path = fake",
        *(
            f"ALTER ROLE {role} IN DATABASE {name} SET search_path = fake"
            for role in ("minhbach_indicators", "postgres")
        ),
    ):
        history.run(statement)
    history.add(2)
    assert history.seal().size == 4
    assert history.run("SELECT count(*) FROM fake.indicators_events").fetchone() == (0,)
    assert len(history.positions()) == 4
    assert [each.size for each in export(history.settings, tmp_path, None, lambda *_: None).last] == [4]
    assert verify.verify(tmp_path, [], [])["findings"] == []
