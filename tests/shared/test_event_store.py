"""The record on real PostgreSQL: all or nothing, in order, and never changed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from deploy.faults import sentence
from services.indicators.application import Indicators
from services.indicators.domain.definition import Definition
from shared.clock import move, system_clock
from shared.process import open_pool
from shared.record.event_store import MOST_EVENTS_IN_ONE_SAVE, ClockDiffers, IntegrityError

NOON = datetime(2025, 9, 10, 5, tzinfo=UTC)
INTO_DEFINITIONS = "INSERT INTO definitions VALUES ('field', %s, 1, '{}', '2025-01-01')"


@pytest.fixture(scope="module")
def store(stack):
    settings = stack.settings("indicators")
    with open_pool(settings, "indicators") as pool:
        indicators = Indicators(settings, pool)
        yield indicators
        indicators.close()


@pytest.fixture
def name():
    """Of a definition that no other test has."""
    return f"n{uuid4().hex}"


def define(name: str, revisions: int = 0) -> Definition:
    definition = Definition.define("field", name, {"name": "0"}, date(2025, 1, 1), NOON)
    for number in range(revisions):
        definition.revise({"name": str(number + 1)}, date(2025, 1, 1), NOON)
    return definition


def tail(store) -> int:
    return store.recorder.max_notification_id() or 0


def stored(store, name):
    return [f for f in everything(store) if getattr(f.event, "name", None) == name]


def everything(store, after=0):
    events = []
    while more := store.events_after(events[-1].position.number if events else after, 500):
        events += more
    return events


def rows(store_or_stack, name):
    with psycopg.connect(**store_or_stack.settings("indicators").database("indicators")) as connection:
        return connection.execute("SELECT count(*) FROM definitions WHERE name = %s", (name,)).fetchone()[0]


def test_events_and_statements_are_committed_together(stack, store, name):
    store.commit(define(name), at=NOON, statements=[(INTO_DEFINITIONS, (name,))])
    [recorded] = stored(store, name)
    assert recorded.event_id == f"{Definition.create_id('field', name)}/1"
    assert recorded.event.definition == {"name": "0"}
    assert recorded.event.in_force_from == date(2025, 1, 1)
    assert rows(stack, name) == 1


def test_a_duplicate_key_of_a_statement_leaves_nothing(stack, store, name):
    store.commit(define(name), at=NOON, statements=[(INTO_DEFINITIONS, (name,))])
    before = tail(store)
    with pytest.raises(IntegrityError):
        store.commit(
            define(f"{name}x"), at=NOON, statements=[(INTO_DEFINITIONS, (f"{name}x",)), (INTO_DEFINITIONS, (name,))]
        )
    assert stored(store, f"{name}x") == []
    assert rows(stack, f"{name}x") == 0
    assert tail(store) == before


def test_a_duplicate_event_leaves_no_row_of_its_statements(stack, store, name):
    store.commit(define(name), at=NOON)
    with pytest.raises(IntegrityError):
        store.commit(define(name), at=NOON, statements=[(INTO_DEFINITIONS, (name,))])
    assert len(stored(store, name)) == 1
    assert rows(stack, name) == 0


def test_a_conflict_of_one_aggregate_rolls_back_the_whole_commit(store, name):
    store.commit(define(name), at=NOON)
    with pytest.raises(IntegrityError):
        store.commit(define(f"{name}x"), define(name), define(f"{name}y"), at=NOON)
    assert stored(store, f"{name}x") == stored(store, f"{name}y") == []


def test_a_failing_statement_leaves_nothing_and_the_store_works_on(store, name):
    with pytest.raises(Exception, match="no_such_table"):
        store.commit(define(name), at=NOON, statements=[("INSERT INTO no_such_table VALUES (1)", ())])
    assert stored(store, name) == []
    store.commit(define(name), at=NOON)
    assert len(stored(store, name)) == 1


def test_stored_events_load_again(store, name):
    store.commit(define(name, revisions=2), at=NOON)
    loaded = store.repository.get(Definition.create_id("field", name))
    assert (loaded.revision, loaded.definition, loaded.in_force_from) == (3, {"name": "2"}, date(2025, 1, 1))


def test_without_events_nothing_is_committed(stack, store, name):
    definition = define(name)
    store.commit(definition, at=NOON)
    store.commit(definition, at=NOON, statements=[(INTO_DEFINITIONS, (name,))])
    assert rows(stack, name) == 0


def test_the_time_of_recording_never_goes_back_when_the_clock_does(store, name):
    late = max(recorded.position.recorded_at for recorded in everything(store)) if tail(store) else NOON
    late = max(late, NOON) + timedelta(hours=1)
    before = tail(store)
    for at in (late, late - timedelta(days=20_000), late - timedelta(microseconds=1), late + timedelta(seconds=1)):
        store.commit(define(f"n{uuid4().hex}"), define(f"n{uuid4().hex}"), at=at)
    times = [recorded.position.recorded_at for recorded in everything(store, before)]
    assert times == [late] * 6 + [late + timedelta(seconds=1)] * 2


def test_a_thousand_events_are_saved_at_once_and_one_more_is_refused(store, name):
    before = tail(store)
    with pytest.raises(ValueError, match="1000"):
        store.commit(define(name, revisions=MOST_EVENTS_IN_ONE_SAVE - 1), define(f"{name}x"), at=NOON)
    assert tail(store) == before
    store.commit(define(name, revisions=MOST_EVENTS_IN_ONE_SAVE - 1), at=NOON)
    positions = [recorded.position.number for recorded in everything(store, before)]
    assert len(positions) == MOST_EVENTS_IN_ONE_SAVE
    assert positions == sorted(positions)


CHANGES = (
    "UPDATE indicators.indicators_events SET state = ''",
    "UPDATE indicators.indicators_events SET recorded_at = now() WHERE false",
    "DELETE FROM indicators.indicators_events",
    "TRUNCATE indicators.indicators_events",
)


@pytest.mark.parametrize("change", [*CHANGES, "DROP TABLE indicators.indicators_events"])
@pytest.mark.parametrize("role", ["indicators", "planning", "auditor"])
def test_no_role_may_change_events(stack, role, change):
    with (
        psycopg.connect(stack.settings(role).database_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(change)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["minhbach_owner", "postgres"])
def test_the_owner_is_stopped_by_a_trigger(stack, role, change):
    with psycopg.connect(stack.settings().database_url) as connection:
        connection.execute(f"SET ROLE {role}")
        with pytest.raises(psycopg.errors.RaiseException, match="events are never changed"):
            connection.execute(change)


@pytest.mark.parametrize(
    "statement", ["SELECT FROM {}", "INSERT INTO {} DEFAULT VALUES", "LOCK TABLE {} IN SHARE MODE"]
)
def test_a_service_reaches_no_table_of_another(stack, statement):
    with (
        psycopg.connect(stack.settings("planning").database_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.format("indicators.indicators_events"))


@pytest.mark.parametrize("table", ["inbox", "parked", "readings", "definitions"])
def test_a_service_cannot_change_its_append_only_tables(stack, table):
    for change in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"UPDATE {table} SET (x) = ROW(1)"):
        with (
            psycopg.connect(**stack.settings("indicators").database("indicators")) as connection,
            pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn)),
        ):
            connection.execute(change)


def test_provisioning_again_changes_nothing(stack, store, name):
    store.commit(define(name), at=NOON)
    before = everything(store)
    assert stack.provision() == []
    assert everything(store) == before


def test_of_two_that_commit_the_same_new_aggregate_exactly_one_wins(stack, store, name):
    for turn in range(20):
        new, together = f"{name}{turn}", threading.Barrier(2)

        def commit(new=new, together=together):
            definition = define(new)
            together.wait(10)
            try:
                store.commit(definition, at=NOON, statements=[(INTO_DEFINITIONS, (new,))])
            except IntegrityError:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            won = [future.result(30) for future in [pool.submit(commit), pool.submit(commit)]]
        assert sorted(won) == [False, True]
        assert len(stored(store, new)) == 1
        assert rows(stack, new) == 1


def test_a_reader_beside_three_writers_skips_no_position(stack, store, name):
    """Each commit is of several events and some are rolled back: whatever is seen, nothing appears before it later."""
    before, done, seen = tail(store), threading.Event(), []

    def write(writer):
        for turn in range(60):
            batch = [define(f"{name}-{writer}-{turn}-{n}") for n in range(turn % 7 + 1)]
            store.commit(*batch, at=NOON)
            if turn % 5 == 0:
                with pytest.raises(IntegrityError):
                    store.commit(define(f"{name}-{writer}-{turn}-x"), define(f"{name}-{writer}-{turn}-0"), at=NOON)

    def read():
        position = before
        while True:
            over = done.is_set()
            events = store.events_after(position, 7)
            seen.extend(events)
            if events:
                position = events[-1].position.number
            elif over:
                return

    with ThreadPoolExecutor(4) as pool:
        reading = pool.submit(read)
        for writing in [pool.submit(write, writer) for writer in range(3)]:
            writing.result(60)
        done.set()
        reading.result(60)
    assert [recorded.position for recorded in seen] == [recorded.position for recorded in everything(store, before)]
    mine = [recorded.event.name for recorded in seen if recorded.event.name.startswith(name)]
    wanted = {f"{name}-{w}-{turn}-{n}" for w in range(3) for turn in range(60) for n in range(turn % 7 + 1)}
    assert len(mine) == len(set(mine))
    assert set(mine) == wanted
    for writer in range(3):
        turns = [tuple(map(int, m.split("-")[2:])) for m in mine if m.split("-")[1] == str(writer)]
        assert turns == sorted(turns), "in the order of the commits"


@pytest.fixture
def real_clock(store):
    yield store.clock
    store.clock = system_clock


@pytest.mark.parametrize("wrong_by", [timedelta(minutes=3), timedelta(days=-400), timedelta(days=400)])
def test_a_clock_that_differs_from_the_databases_by_minutes_records_nothing(store, real_clock, name, wrong_by):
    store.clock = lambda: real_clock() + wrong_by
    before = tail(store)
    with pytest.raises(ClockDiffers, match=r"minutes (ahead of|behind) the database's"):
        store.decide(lambda at: store.commit(define(name), at=at))
    assert tail(store) == before
    store.clock = lambda: real_clock() + timedelta(seconds=30)
    store.decide(lambda at: store.commit(define(name), at=at))
    assert len(stored(store, name)) == 1


def test_a_clock_that_somebody_moves_is_not_compared(stack, tmp_path):
    clock = tmp_path / "clock"
    move(clock, NOON)
    settings = stack.settings("indicators", MINHBACH_CLOCK_FILE=str(clock))
    with open_pool(settings, "indicators") as pool:
        indicators = Indicators(settings, pool)
        assert indicators.decide(lambda at: at) == NOON
        indicators.close()


def test_a_clock_fault_is_one_sentence_for_the_operator(store, real_clock):
    store.clock = lambda: real_clock() + timedelta(minutes=7)
    with pytest.raises(ClockDiffers) as fault:
        store.present()
    assert sentence(fault.value).startswith("The clock of this machine is 7 minutes ahead of the database's;")
