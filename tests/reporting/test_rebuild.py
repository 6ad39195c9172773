"""Reporting's tables made again from the event stores, beside the living ones, whatever happens meanwhile."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta

import psycopg
import pytest

from deploy.rebuild import RebuildRunning, rebuild
from deploy.rebuild.next_tables import SCHEMA
from deploy.rebuild.sources import receipted
from deploy.stack import Stack
from services.indicators.domain.submission import Submission
from services.indicators.publishers import announce
from services.reporting.audit.comparing import compare
from services.reporting.audit.replay import replayed
from services.reporting.read_models.built import RebuildNeeded
from tests.reporting.planned import question
from tests.reporting.told import FIRST_DAY, PROVINCE, QUARTER, Told
from tests.servers import start_servers

NOT_DERIVED = ("tracking", "editions", "read_model_version")

# A rebuild in small steps that kills itself as if with kill -9 after some of them, or goes on to the end.
STEPS = """
import os, signal, sys
import deploy.rebuild.sources as sources
from deploy.rebuild import rebuild
from shared.settings import Settings
sources.EVENTS_A_BATCH, left = int(sys.argv[1]), int(sys.argv[2])
def progress(source, position, last):
    global left
    print(source, position, flush=True)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
rebuild(Settings.from_env(), progress)
"""


@pytest.fixture(scope="module")
def rebuilding(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("rebuild"), services=(), start_servers=start_servers) as running:
        yield running


@pytest.fixture(scope="module")
def told(rebuilding, tmp_path_factory):
    with Told.on(rebuilding, tmp_path_factory.mktemp("told")) as told:
        told.days(20)
        told.follow()
        yield told


@pytest.fixture
def owner(rebuilding):
    with psycopg.connect(rebuilding.servers.database_url, autocommit=True) as connection:
        yield connection


def tables(owner):
    rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'reporting' ORDER BY 1").fetchall()
    return [table for (table,) in rows if table != "reporting_events" and table not in NOT_DERIVED]


def steps(stack, size, left, **how):
    env = {"NATS_URL": stack.servers.nats_url, "DATABASE_URL": stack.servers.database_url, "PATH": ""}
    command = [sys.executable, "-c", STEPS, str(size), str(left)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)


def reached(owner, source):
    row = owner.execute(f"SELECT position FROM {SCHEMA}.tracking WHERE source = '{source}'").fetchone()
    return row[0] if row else 0


def test_the_tables_made_again_are_the_living_ones_row_for_row(told, rebuilding, owner):
    owner.execute("INSERT INTO reporting.editions VALUES ('r', 1, 'signed')")
    before, kept = told.held(tables(owner)), told.held(["editions"])
    positions = rebuild(rebuilding.settings())
    assert told.held(tables(owner)) == before
    assert all(before[table] for table in ("totals", "field_totals", "corrections", "refusals", "parked_messages"))
    assert told.held(["editions"]) == kept
    assert positions == told.knowledge.positions()
    assert owner.execute("SELECT to_regnamespace(%s)", (SCHEMA,)).fetchone() == (None,)


def test_after_a_rebuild_the_service_goes_on_as_itself(told, rebuilding):
    rebuild(rebuilding.settings())
    assert rebuilding.provision() == []
    told.days(3)
    told.follow()
    for day in (told.day, told.day - timedelta(days=12)):
        again = replayed(rebuilding.settings("auditor"), question(PROVINCE, QUARTER, day))
        assert compare(told.known(day), again) == []


@pytest.mark.parametrize("killed_after", [1, 4, 9])
def test_killed_and_run_again_it_goes_on_from_where_it_was(told, rebuilding, owner, killed_after):
    before = told.held(tables(owner))
    killed = steps(rebuilding, 40, killed_after)
    said, _ = killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    source, position = said.splitlines()[-1].split()
    assert reached(owner, source) == int(position)
    assert told.held(tables(owner)) == before, "the living tables know nothing of it"

    again = steps(rebuilding, 40, -1)
    said, _ = again.communicate(timeout=60)
    assert again.returncode == 0
    assert all(int(further) > int(position) for which, further in map(str.split, said.splitlines()) if which == source)
    assert told.held(tables(owner)) == before


def test_killed_while_it_waits_to_swap_nothing_has_happened(told, rebuilding, owner):
    before = told.held(tables(owner))
    with told.pool.connection() as reader:
        reader.execute("LOCK TABLE read_model_version IN ACCESS SHARE MODE")
        killed = steps(rebuilding, 1000, -1)
        waiting = (
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'reporting.read_model_version'::regclass"
        )
        while owner.execute(waiting).fetchone() == (0,):
            assert killed.poll() is None
        killed.kill()
        killed.communicate(timeout=60)
    assert told.held(tables(owner)) == before
    rebuild(rebuilding.settings())
    assert told.held(tables(owner)) == before


def test_it_swaps_while_the_service_follows_and_others_read(told, rebuilding, owner):
    """A past day's figures are the same at every moment, and nothing that came meanwhile is missing or there twice."""
    past = told.day - timedelta(days=5)
    known, ended, faults = told.known(past), threading.Event(), []

    def until_ended(act):
        def run():
            try:
                while not ended.is_set():
                    act()
            except Exception as fault:  # noqa: BLE001  told by the test
                faults.append(fault)

        return threading.Thread(target=run)

    def read():
        assert compare(told.known(past), known) == []

    def go_on():
        told.days(1, a_day=2)
        told.follow(size=2)

    threads = [until_ended(read), until_ended(read), until_ended(go_on)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        rebuild(rebuilding.settings())
    ended.set()
    for thread in threads:
        thread.join()
    assert faults == []
    told.follow()
    living = told.held(tables(owner))
    rebuild(rebuilding.settings())
    assert told.held(tables(owner)) == living


def test_only_one_rebuilds_at_a_time(told, rebuilding, owner):
    owner.execute("SELECT pg_advisory_lock(hashtext('minhbach report rebuild'))")
    with pytest.raises(RebuildRunning):
        rebuild(rebuilding.settings())


def test_what_another_version_began_is_not_gone_on_with(told, rebuilding, owner):
    before = told.held(tables(owner))
    killed = steps(rebuilding, 40, 3)
    killed.communicate(timeout=60)
    owner.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'version 1'")
    owner.execute(f"UPDATE {SCHEMA}.communes SET name = 'of another version'")
    rebuild(rebuilding.settings())
    assert told.held(tables(owner)) == before


def test_after_an_upgrade_nothing_is_answered_until_the_tables_are_made_again(told, rebuilding, owner):
    """As the version before left it: its own tables full, and tracking far on."""
    before = told.held(tables(owner))
    for table in ("totals", "field_totals", "corrections", "counted_fields", "known_positions", "read_model_version"):
        owner.execute(f"DROP TABLE reporting.{table}")
    for table in ("counts", "history"):
        owner.execute(f"CREATE TABLE reporting.{table} (); ALTER TABLE reporting.{table} OWNER TO minhbach_owner")
    assert "run: minhbach report rebuild" in rebuilding.provision()[-1]
    with pytest.raises(RebuildNeeded, match="run: minhbach report rebuild"):
        told.known(FIRST_DAY)
    told.days(1)
    with pytest.raises(RebuildNeeded):
        told.follow()

    rebuild(rebuilding.settings())
    assert rebuilding.provision() == []
    assert tables(owner) == sorted(before)
    assert told.known(told.day).readings


def test_a_submission_read_in_one_go_is_what_indicators_announces(told):
    rows = told.indicators.recorder.select_facts(0, 100_000)
    receipts = [row for row in rows if row["topic"] == Submission.Receipted.TOPIC]
    assert len(receipts) > 100
    for row in receipts:
        assert receipted(row) == announce(told.indicators.fact_of(row))
