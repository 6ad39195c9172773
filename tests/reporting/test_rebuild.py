"""The rebuild of Reporting's tables beside those in use: killed at any moment, under load, after an upgrade."""

import signal
import threading
import time
from datetime import timedelta

import psycopg
import pytest

from deploy.rebuild import RebuildRunning, rebuild
from deploy.rebuild.next_tables import SCHEMA
from services.reporting.audit.replay import replayed
from services.reporting.audit.replay_comparison import compare
from services.reporting.read_models.table_version import RebuildNeeded
from tests.commands import Command
from tests.reporting.followed_services import FIRST_DAY, PROVINCE, QUARTER
from tests.reporting.planned import question

NOT_DERIVED = ("tracking", "editions", "read_model_version")


@pytest.fixture
def owner(rebuilding):
    with psycopg.connect(rebuilding.servers.database_url, autocommit=True) as connection:
        yield connection


def tables(owner):
    rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'reporting' ORDER BY 1").fetchall()
    return [table for (table,) in rows if table != "reporting_events" and table not in NOT_DERIVED]


def steps(stack, size, left):
    env = {"NATS_URL": stack.servers.nats_url, "DATABASE_URL": stack.servers.database_url, "PATH": ""}
    return Command((size, left), env, program="tests.reporting.rebuild_in_steps")


def reached(owner, source):
    row = owner.execute(f"SELECT position FROM {SCHEMA}.tracking WHERE source = '{source}'").fetchone()
    return row[0] if row else 0


def test_rebuilt_tables_equal_the_tables_in_use_row_for_row(services, rebuilding, owner):
    owner.execute("INSERT INTO reporting.editions VALUES ('r', 1, 'signed')")
    before, kept = services.held(tables(owner)), services.held(["editions"])
    positions = rebuild(rebuilding.settings())
    assert services.held(tables(owner)) == before
    assert all(before[table] for table in ("field_totals", "corrections", "refusals", "parked_messages"))
    assert services.held(["editions"]) == kept
    assert positions == services.knowledge.positions()
    assert owner.execute("SELECT to_regnamespace(%s)", (SCHEMA,)).fetchone() == (None,)


def test_after_a_rebuild_the_service_continues(services, rebuilding):
    rebuild(rebuilding.settings())
    assert rebuilding.provision() == []
    services.days(3)
    services.follow()
    for day in (services.day, services.day - timedelta(days=12)):
        again = replayed(rebuilding.settings("auditor"), question(PROVINCE, QUARTER, day))
        assert compare(services.known(day), again) == []


@pytest.mark.parametrize("killed_after", [1, 4, 9])
def test_a_killed_rebuild_continues_from_its_position(services, rebuilding, owner, killed_after):
    before = services.held(tables(owner))
    killed = steps(rebuilding, 40, killed_after)
    printed, _ = killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    source, position = printed.splitlines()[-1].split()
    assert reached(owner, source) == int(position)
    assert services.held(tables(owner)) == before, "the tables in use are unchanged"

    again = steps(rebuilding, 40, -1)
    printed, _ = again.communicate(timeout=60)
    assert again.returncode == 0
    assert all(int(further) > int(position) for name, further in map(str.split, printed.splitlines()) if name == source)
    assert services.held(tables(owner)) == before


def test_a_rebuild_killed_before_the_swap_changes_nothing(services, rebuilding, owner):
    before = services.held(tables(owner))
    with services.pool.connection() as reader:
        reader.execute("LOCK TABLE read_model_version IN ACCESS SHARE MODE")
        killed = steps(rebuilding, 1000, -1)
        waiting = (
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'reporting.read_model_version'::regclass"
        )
        while owner.execute(waiting).fetchone() == (0,):
            assert killed.poll() is None
            time.sleep(0.05)
        killed.kill()
        killed.communicate(timeout=60)
    assert services.held(tables(owner)) == before
    rebuild(rebuilding.settings())
    assert services.held(tables(owner)) == before


def test_the_swap_is_safe_while_the_service_follows_and_others_read(services, rebuilding, owner):
    """A past day's figures are the same at every moment, and nothing that came meanwhile is missing or there twice."""
    past = services.day - timedelta(days=5)
    known, ended, faults = services.known(past), threading.Event(), []

    def until_ended(act):
        def run():
            try:
                while not ended.is_set():
                    act()
            except Exception as fault:  # noqa: BLE001  asserted below
                faults.append(fault)

        return threading.Thread(target=run)

    def read():
        assert compare(services.known(past), known) == []

    def go_on():
        services.days(1, a_day=2)
        services.follow(size=2)

    threads = [until_ended(read), until_ended(read), until_ended(go_on)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        rebuild(rebuilding.settings())
    ended.set()
    for thread in threads:
        thread.join()
    assert faults == []
    services.follow()
    living = services.held(tables(owner))
    rebuild(rebuilding.settings())
    assert services.held(tables(owner)) == living


def test_only_one_rebuilds_at_a_time(services, rebuilding, owner):
    owner.execute("SELECT pg_advisory_lock(hashtext('minhbach report rebuild'))")
    with pytest.raises(RebuildRunning):
        rebuild(rebuilding.settings())


def test_a_rebuild_begun_by_another_version_starts_anew(services, rebuilding, owner):
    before = services.held(tables(owner))
    killed = steps(rebuilding, 40, 3)
    killed.communicate(timeout=60)
    owner.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'version 1'")
    owner.execute(f"UPDATE {SCHEMA}.communes SET name = 'of another version'")
    rebuild(rebuilding.settings())
    assert services.held(tables(owner)) == before


def test_after_an_upgrade_questions_are_refused_until_the_rebuild(services, rebuilding, owner):
    """As the version before left it: its own tables full, and tracking far on."""
    before = services.held(tables(owner))
    for table in (
        "field_totals",
        "day_counts",
        "corrections",
        "counted_fields",
        "known_positions",
        "read_model_version",
    ):
        owner.execute(f"DROP TABLE reporting.{table}")
    for table in ("counts", "history"):
        owner.execute(f"CREATE TABLE reporting.{table} (); ALTER TABLE reporting.{table} OWNER TO minhbach_owner")
    assert "run: minhbach report rebuild" in rebuilding.provision()[-1]
    with pytest.raises(RebuildNeeded, match="run: minhbach report rebuild"):
        services.known(FIRST_DAY)
    services.days(1)
    with pytest.raises(RebuildNeeded):
        services.follow()

    rebuild(rebuilding.settings())
    assert rebuilding.provision() == []
    assert tables(owner) == sorted(before)
    assert services.known(services.day).readings
