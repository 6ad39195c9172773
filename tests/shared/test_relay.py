"""From the event store to the stream on real servers: in order, once, whatever the stream or a relay went through."""

import asyncio
import contextlib
import json
import re
import threading
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import uuid4

import nats
import psycopg
import pytest
from nats.js.errors import NotFoundError
from psycopg.conninfo import make_conninfo

from deploy.embedded import servers as embedded
from deploy.embedded.stack import Stack
from services.indicators import publishers
from services.indicators.application import Indicators
from services.indicators.domain.definition import Definition
from services.indicators.domain.submission import Submission
from shared.messaging import stream_provision
from shared.messaging.announcing.announced import Announced, Foreign
from shared.messaging.announcing.continuity import Continuity
from shared.messaging.announcing.relay import WINDOW, Relay
from shared.messaging.announcing.stream_end import StreamEnd
from shared.messaging.announcing.stream_owner import claim
from shared.process import open_pool
from shared.record.event_store import IntegrityError, Position, RecordedEvent
from tests.announcing import announce as announced_by_relay
from tests.announcing import key_of
from tests.journeys.province import until as await_true

NOON = datetime(2025, 9, 10, 5, tzinfo=UTC)
MEASURE = {"name": "Phần", "kind": "flow", "unit": "hồ sơ", "by_field": True}
WITHIN = 60
LOOKED_AT_EVERY = "shared.messaging.announcing.relay.LOOKED_AT_EVERY"


def announce(recorded):
    """As Indicators announces, but without fields: a service need not announce every event."""
    return None if getattr(recorded.event, "kind", None) == "field" else publishers.announce(recorded)


@dataclass
class Record:
    """The event store of a stack on which no service runs, and the events recorded in it."""

    stack: Stack
    store: Indicators
    key: bytes

    def add(self, how_many):
        """Facts of which every fifth announces nothing and every seventh leaves a hole."""
        for number in range(how_many):
            kind = "field" if number % 5 == 0 else "measure"
            definition = {"name": "Đất"} if kind == "field" else MEASURE
            name = f"m{uuid4().hex}"
            self.store.commit(Definition.define(kind, name, definition, date(2025, 1, 1), NOON), at=NOON)
            if number % 7 == 0:
                with contextlib.suppress(IntegrityError):
                    again = Definition.define(kind, name, definition, date(2025, 1, 1), NOON)
                    self.store.commit(
                        Definition.define(kind, f"{name}x", definition, date(2025, 1, 1), NOON), again, at=NOON
                    )

    def add_at_once(self, how_many):
        names = [f"m{uuid4().hex}" for _ in range(how_many)]
        new = [Definition.define("measure", name, MEASURE, date(2025, 1, 1), NOON) for name in names]
        self.store.commit(*new, at=NOON)

    def events(self):
        found = []
        while more := self.store.events_after(found[-1].position.number if found else 0, 1000):
            found += more
        return found

    def announcements(self):
        """What the stream must hold: (subject, body, position, position before)."""
        chain, previous = [], 0
        for recorded in self.events():
            if event := announce(recorded):
                position = recorded.position.number
                chain.append((event.subject, event.model_dump_json().encode(), position, previous))
                previous = position
        return chain


@contextlib.contextmanager
def new_record(folder, start_servers):
    with Stack(folder, services=(), start_servers=start_servers) as stack:
        settings = stack.settings("indicators")
        with open_pool(settings, "indicators") as pool:
            store = Indicators(settings, pool)
            yield Record(stack, store, key_of(stack))
            store.close()


@pytest.fixture(scope="module")
def record(tmp_path_factory, start_servers):
    with new_record(tmp_path_factory.mktemp("relay"), start_servers) as record:
        yield record


@pytest.fixture
def on_new_stream(record):
    """Runs a coroutine with a connection, on a stream that holds nothing yet."""

    async def on(test):
        async with connected(record.stack) as client:
            await made_again(client)
            await test(client)

    return lambda test: asyncio.run(asyncio.wait_for(on(test), 180))


@contextlib.asynccontextmanager
async def connected(stack):
    client = await nats.connect(stack.servers.nats_url)
    try:
        yield client
    finally:
        await client.close()


async def made_again(client):
    with contextlib.suppress(NotFoundError):
        await client.jetstream().delete_stream("indicators-events")
    await stream_provision.provision(client.jetstream())


@contextlib.asynccontextmanager
async def running(*relays):
    """Relays, each on a connection of its own."""
    async with contextlib.AsyncExitStack() as stack:
        tasks = []
        for relay, servers in relays:
            tasks.append(asyncio.ensure_future(relay.run(await stack.enter_async_context(connected(servers)))))
        try:
            yield
        finally:
            # Again and again: a request of nats-py may forget that it was cancelled, by wait_for of Python 3.11.
            while left := [task for task in tasks if not task.done()]:
                for task in left:
                    task.cancel()
                await asyncio.wait(left, timeout=0.1)


def relay_of(record):
    return Relay(record.store, announce, record.key), record.stack


async def held(client):
    """Everything in the stream, in order."""
    jetstream = client.jetstream()
    state = (await jetstream.stream_info("indicators-events")).state
    found = []
    for sequence in range(state.first_seq, state.last_seq + 1):
        message = await jetstream.get_msg("indicators-events", seq=sequence, direct=True)
        headers = message.headers or {}
        found.append((message.subject, message.data, int(headers["x-position"]), int(headers["x-previous"])))
    return found


async def caught_up(client, record):
    """Once the stream's last message is the last announcement: everything in it."""
    last = (await asyncio.to_thread(record.announcements))[-1][2]

    async def until():
        while True:
            with contextlib.suppress(NotFoundError):
                info = await client.jetstream().stream_info("indicators-events")
                if info.state.messages:
                    message = await client.jetstream().get_msg("indicators-events", seq=info.state.last_seq)
                    if int((message.headers or {})["x-position"]) >= last:
                        return
            await asyncio.sleep(0.02)

    await asyncio.wait_for(until(), WITHIN)
    return await held(client)


def test_recorded_events_are_announced_in_order_with_the_position_before(record, on_new_stream):
    async def test(client):
        async with running(relay_of(record)):
            await asyncio.to_thread(record.add, 40)
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)
    positions = [recorded.position.number for recorded in record.events()]
    announced = [position for _, _, position, _ in record.announcements()]
    assert len(announced) < len(positions) < positions[-1], "some announce nothing, some positions are holes"


def test_a_commit_of_its_process_wakes_the_relay(record, on_new_stream, monkeypatch):
    monkeypatch.setattr(LOOKED_AT_EVERY, 3600.0)

    async def test(client):
        async with running(relay_of(record)):
            for _ in range(2):
                await asyncio.to_thread(record.add, 5)
                assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


@pytest.mark.parametrize("is_lost", [False, True])
def test_events_that_another_process_records_are_announced_too(record, on_new_stream, monkeypatch, is_lost):
    """Their commits wake the relay as well, also after its connection for that was cut; it looks for a lost call."""
    settings = record.stack.settings("indicators")
    settings = replace(settings, database_url=make_conninfo(settings.database_url, connect_timeout=20))
    monkeypatch.setattr(LOOKED_AT_EVERY, 0.2 if is_lost else 3600.0)
    if is_lost:
        monkeypatch.setattr(record.store.recorder, "notify_statement", "SELECT")

    async def test(client):
        with open_pool(settings, "indicators") as pool, contextlib.closing(Indicators(settings, pool)) as other:
            async with running((Relay(other, announce, record.key), record.stack)):
                for _ in range(2):
                    await caught_up(client, record)
                    await asyncio.to_thread(record.add, 5)
                    assert await caught_up(client, record) == record.announcements()
                    await asyncio.to_thread(cut_listening, record.stack)

    record.add(2)  # the second one is announced
    on_new_stream(test)


def cut_listening(stack):
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN %'"
    )
    with psycopg.connect(stack.settings().database_url, autocommit=True) as connection:
        await_true(lambda: connection.execute(query).fetchone(), "a connection listens")


def test_a_stream_that_is_deleted_while_events_come_is_refilled(record, on_new_stream):
    async def test(client):
        async with running(relay_of(record)):
            await asyncio.to_thread(record.add, 10)
            await caught_up(client, record)
            await made_again(client)
            await asyncio.to_thread(record.add, 10)
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


def test_a_stream_that_is_deleted_while_nothing_is_recorded_is_refilled(record, on_new_stream):
    # The last readings of a quarter must not wait for the first of the next.
    record.add(5)

    async def test(client):
        async with running(relay_of(record)):
            await caught_up(client, record)
            await made_again(client)
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


@pytest.mark.parametrize("left", [1, 17])
def test_a_stream_that_lost_its_tail_is_completed(record, on_new_stream, left):
    record.add(30)

    async def test(client):
        for subject, body, position, previous in record.announcements()[:left]:
            await announced_by_relay(client.jetstream(), record.key, subject, body, position, previous)
        async with running(relay_of(record)):
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


FORGED = {
    "no headers": None,
    "no number": {"x-position": "many", "x-previous": "none"},
    "far ahead": {"x-position": str(10**9), "x-previous": "1"},
    "far ahead, signed with nothing": {"x-position": str(10**9), "x-previous": "1", "x-signature": "00" * 32},
    "back to the start": {"x-position": "1", "x-previous": "0"},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("after", [0, 12])
def test_a_message_that_the_relay_did_not_write_moves_nothing(record, on_new_stream, headers, after):
    """Before the relay starts, and while it runs: it continues from the last message of its own."""
    record.add(3)

    async def test(client):
        chain = record.announcements()
        for announced in chain[:after]:
            await announced_by_relay(client.jetstream(), record.key, *announced)
        subject = "indicators.event.submission-receipted.v1"
        for _ in range(3):
            await client.jetstream().publish(subject, b"{}", headers=headers)
        async with running(relay_of(record)):
            await own_caught_up(client, record)
            await client.jetstream().publish(subject, chain[0][1], headers=headers)
            await asyncio.to_thread(record.add, 10)
            assert await own_caught_up(client, record) == record.announcements()

    on_new_stream(test)


def test_foreign_messages_at_the_end_of_a_stream_are_read_once(record, on_new_stream):
    record.add(3)

    class Counting:
        """A connection that counts the messages that are read."""

        def __init__(self, client):
            self._jetstream, self.read = client.jetstream(), 0
            self.stream_info = self._jetstream.stream_info

        def jetstream(self):
            return self

        async def get_msg(self, *args, **options):
            self.read += 1
            return await self._jetstream.get_msg(*args, **options)

    async def test(client):
        own = record.announcements()[0]
        await announced_by_relay(client.jetstream(), record.key, *own)
        end, counting = StreamEnd("indicators-events", record.key), Counting(client)
        for number in range(250):
            await client.jetstream().publish("indicators.event.hello.v1", str(number).encode())
        for found, read in ((0, 100), (0, 200), (own[2], 251), (own[2], 251)):
            assert (await end.read(counting, at_most=100)).position == found
            assert counting.read == read
        await client.jetstream().publish("indicators.event.hello.v1", b"once more")
        assert (await end.read(counting)).position == own[2]
        assert counting.read == 253

    on_new_stream(test)


def test_messages_of_a_version_without_signatures_are_known_by_the_store(record, on_new_stream):
    record.add(10)

    async def test(client):
        chain = record.announcements()
        for subject, body, position, previous in chain[:6]:
            headers = {"x-position": str(position), "x-previous": str(previous)}
            await client.jetstream().publish(subject, body, headers=headers)
        async with running(relay_of(record)):
            assert await caught_up(client, record) == chain

    on_new_stream(test)


@pytest.mark.parametrize("events_after_the_backup", [0, 3, 40])
def test_a_store_that_is_behind_its_stream_publishes_nothing(record, on_new_stream, events_after_the_backup):
    """The stream announced events that the store does not hold, or holds others in their place."""
    record.add(10)

    async def test(client):
        await announced_by_relay(client.jetstream(), record.key, *lost_announcement(record, 20))
        if events_after_the_backup:
            await asyncio.to_thread(record.add_at_once, events_after_the_backup)
        continuity = Continuity(record.store, record.key)
        relay, servers = relay_of(record)
        async with running((relay, servers)):
            watch = asyncio.ensure_future(continuity.watch(client))
            await asyncio.wait_for(until(lambda: continuity.behind), WITHIN)
            assert not relay.healthy
            assert len(await held(client)) == 1
            await made_again(client)
            assert await caught_up(client, record) == record.announcements()
            await asyncio.wait_for(until(lambda: continuity.behind == 0), WITHIN)
            watch.cancel()

    on_new_stream(test)


def test_a_stream_of_another_database_is_not_continued(record, on_new_stream):
    """A new database beside an old NATS: everything on the stream is foreign, and nothing is lost in silence."""
    record.add(5)

    async def test(client):
        jetstream = client.jetstream()
        for announced in record.announcements():
            await announced_by_relay(jetstream, b"another" * 5, *announced)
        before = len(await held(client))
        assert "indicators-events" not in " ".join(await claim(jetstream, b"another" * 5))
        others = await claim(jetstream, record.key)
        assert "stream indicators-events was announced by another database; run: minhbach recover" in others
        continuity, (relay, servers) = Continuity(record.store, record.key), relay_of(record)
        async with running((relay, servers)):
            watch = asyncio.ensure_future(continuity.watch(client))
            await asyncio.wait_for(until(lambda: continuity.behind), WITHIN)
            assert not relay.healthy
            assert len(await held(client)) == before
            watch.cancel()

    on_new_stream(test)


def test_a_running_relay_notices_that_its_store_was_put_back(record, on_new_stream):
    """What it read last is no longer there: the event at that position is another one."""
    record.add(5)

    async def test(client):
        relay, servers = relay_of(record)
        async with running((relay, servers)):
            await caught_up(client, record)
            record.store.holds = lambda *_: False
            try:
                await asyncio.wait_for(until(lambda: not relay.healthy), WITHIN)
                before = await held(client)
                await asyncio.to_thread(record.add_at_once, 3)
                await asyncio.sleep(0.5)
                assert await held(client) == before
            finally:
                del record.store.holds

    on_new_stream(test)


def lost_announcement(record, ahead):
    """Subject, body, position and position before, of an event that was lost with a restored backup."""
    subject, body, position, _ = record.announcements()[-1]
    lost = json.loads(body) | {"event_id": f"{uuid4()}/1"}
    return subject, json.dumps(lost).encode(), position + ahead, position


async def until(happened):
    while not happened():  # noqa: ASYNC110  what is waited for is in another thread
        await asyncio.sleep(0.02)


async def own(client, record):
    """The messages in the stream that a relay wrote, as a follower applies them: in order, each once."""
    jetstream = client.jetstream()
    found = []
    for sequence in range(1, (await jetstream.stream_info("indicators-events")).state.last_seq + 1):
        message = await jetstream.get_msg("indicators-events", seq=sequence, direct=True)
        with contextlib.suppress(Foreign):
            each = Announced.of(message.subject, message.headers, message.data, record.key)
            if each.previous == (found[-1][2] if found else 0):
                found.append((each.subject, each.body, each.position, each.previous))
    return found


async def own_caught_up(client, record):
    last = (await asyncio.to_thread(record.announcements))[-1]

    async def reached():
        while (found := await own(client, record))[-1:] != [last]:  # noqa: ASYNC110  as above
            await asyncio.sleep(0.1)
        return found

    return await asyncio.wait_for(reached(), WITHIN)


def test_a_relay_waits_for_a_stream_that_does_not_exist_yet(record, on_new_stream):
    async def test(client):
        await client.jetstream().delete_stream("indicators-events")
        async with running(relay_of(record)):
            await asyncio.sleep(0.3)
            await stream_provision.provision(client.jetstream())
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


class TestManyEvents:
    """On a store of their own: every other test announces anew whatever was recorded before it."""

    @pytest.fixture(scope="class")
    @classmethod
    def record(cls, tmp_path_factory, start_servers):
        with new_record(tmp_path_factory.mktemp("many"), start_servers) as record:
            yield record

    def test_a_window_without_announcements_is_passed_over(self, record, on_new_stream):
        silent = [
            Definition.define("field", f"f{uuid4().hex}", {"name": "Đất"}, date(2025, 1, 1), NOON)
            for _ in range(WINDOW * 2 + 1)
        ]
        record.store.commit(*silent, at=NOON)
        record.add(7)

        async def test(client):
            async with running(relay_of(record)):
                assert await caught_up(client, record) == record.announcements()

        on_new_stream(test)

    def test_two_relays_at_once_publish_nothing_twice_and_leave_no_gap(self, record, on_new_stream):
        async def test(client):
            async with running(relay_of(record), relay_of(record), relay_of(record)):
                for _ in range(4):
                    await asyncio.to_thread(record.add_at_once, WINDOW + 50)
                    await asyncio.to_thread(record.add, 10)
                assert await caught_up(client, record) == record.announcements()

        on_new_stream(test)

    def test_a_relay_that_is_killed_repeatedly_continues_where_it_was(self, record, on_new_stream):
        async def test(client):
            recorded = threading.Thread(target=lambda: [record.add_at_once(150) for _ in range(8)])
            recorded.start()
            turn = 0
            while recorded.is_alive():
                turn += 1
                async with running(relay_of(record)):
                    await asyncio.sleep(0.01 * (turn % 9))
            async with running(relay_of(record)):
                assert await caught_up(client, record) == record.announcements()

        on_new_stream(test)


def test_the_largest_accepted_submission_can_be_announced():
    """A thousand corrections of one measure each, in a body of less than a megabyte, repeat sixty measures each."""
    values = {f"{'m' * 77}-{number:02}": 10**12 for number in range(60)}
    corrected = [
        {"reading_id": f"{'r' * 75}-{number:04}", "version": 2, "observed_on": "2025-09-01", "field": "f" * 80,
         "values": values, "before": values, "reason": "ữ" * 200}
        for number in range(1000)
    ]  # fmt: skip
    event = Submission.Receipted(
        Submission.create_id("c1", "s1"), 1, NOON, "Submission", commune="c1", submission_id="s1", kind="corrections",
        recorded=[], corrected=corrected, withdrawn=[], refused=[], duplicates=0, by=None, by_account=None,
    )  # fmt: skip
    announced = announce(RecordedEvent(Position(1, NOON), "x/1", event))
    assert announced
    configured = (embedded.HERE / "nats/nats-server.conf").read_text(encoding="utf-8")
    [megabytes] = re.findall(r"^max_payload: (\d+)MB$", configured, re.MULTILINE)
    headers = 1000
    assert len(announced.model_dump_json().encode()) + headers <= int(megabytes) * 1024 * 1024
