"""From the event store to the stream on real servers: in order, once, whatever the stream or a relay went through."""

import asyncio
import contextlib
import re
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

import nats
import pytest
from nats.js.errors import NotFoundError

from deploy import embedded
from deploy.stack import Stack
from services.indicators import publishers
from services.indicators.application import Indicators
from services.indicators.domain.catalogue import Definition
from services.indicators.domain.submission import Submission
from shared import streams
from shared.event_store import IntegrityError, Position, StoredFact
from shared.process import open_pool
from shared.relay import WINDOW, Relay
from tests.servers import start_servers

NOON = datetime(2025, 9, 10, 5, tzinfo=UTC)
MEASURE = {"name": "Phần", "kind": "flow", "unit": "hồ sơ", "by_field": True}
WITHIN = 20


def announce(fact):
    """As Indicators does, but silent about fields: a service may keep what it records to itself."""
    return None if getattr(fact.event, "kind", None) == "field" else publishers.announce(fact)


@dataclass
class Record:
    """The event store of a stack on which no service runs, and what was recorded in it."""

    stack: Stack
    store: Indicators

    def add(self, how_many):
        """Facts of which every fifth announces nothing and every seventh leaves a hole."""
        for number in range(how_many):
            kind = "field" if number % 5 == 0 else "measure"
            what = {"name": "Đất"} if kind == "field" else MEASURE
            name = f"m{uuid4().hex}"
            self.store.commit(Definition.define(kind, name, what, date(2025, 1, 1), NOON), at=NOON)
            if number % 7 == 0:
                with contextlib.suppress(IntegrityError):
                    again = Definition.define(kind, name, what, date(2025, 1, 1), NOON)
                    self.store.commit(Definition.define(kind, f"{name}x", what, date(2025, 1, 1), NOON), again, at=NOON)

    def add_at_once(self, how_many):
        names = [f"m{uuid4().hex}" for _ in range(how_many)]
        new = [Definition.define("measure", name, MEASURE, date(2025, 1, 1), NOON) for name in names]
        self.store.commit(*new, at=NOON)

    def facts(self):
        found = []
        while more := self.store.facts_after(found[-1].position.number if found else 0, 1000):
            found += more
        return found

    def announcements(self):
        """What the stream must hold: (subject, body, position, position before)."""
        chain, previous = [], 0
        for fact in self.facts():
            if event := announce(fact):
                position = fact.position.number
                chain.append((event.subject, event.model_dump_json().encode(), position, previous))
                previous = position
        return chain


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("relay"), services=(), start_servers=start_servers) as stack:
        settings = stack.settings("indicators")
        with open_pool(settings, "indicators") as pool:
            store = Indicators(settings, pool)
            yield Record(stack, store)
            store.close()


@pytest.fixture
def on_new_stream(record):
    """Runs a coroutine with a connection, on a stream that holds nothing yet."""

    async def on(test):
        async with connected(record.stack) as client:
            await made_again(client)
            await test(client)

    return lambda test: asyncio.run(asyncio.wait_for(on(test), 60))


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
    await streams.provision(client.jetstream())


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
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def relay_of(record):
    return Relay(record.store, announce), record.stack


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


def test_what_is_recorded_is_announced_in_order_with_the_position_before(record, on_new_stream):
    async def test(client):
        async with running(relay_of(record)):
            await asyncio.to_thread(record.add, 40)
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)
    positions = [fact.position.number for fact in record.facts()]
    announced = [position for _, _, position, _ in record.announcements()]
    assert len(announced) < len(positions) < positions[-1], "some announce nothing, some positions are holes"


def test_more_than_a_window_that_announces_nothing_is_passed(record, on_new_stream):
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


def test_two_relays_at_once_publish_nothing_twice_and_leave_no_gap(record, on_new_stream):
    async def test(client):
        async with running(relay_of(record), relay_of(record), relay_of(record)):
            for _ in range(4):
                await asyncio.to_thread(record.add_at_once, WINDOW + 50)
                await asyncio.to_thread(record.add, 10)
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


def test_a_relay_that_is_killed_again_and_again_goes_on_where_it_was(record, on_new_stream):
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


def test_a_stream_that_is_deleted_while_events_come_is_refilled(record, on_new_stream):
    async def test(client):
        async with running(relay_of(record)):
            await asyncio.to_thread(record.add, 10)
            await caught_up(client, record)
            await made_again(client)
            await asyncio.to_thread(record.add, 10)
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


def test_a_stream_that_is_deleted_when_nothing_comes_any_more_is_refilled(record, on_new_stream):
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
            headers = {"x-position": str(position), "x-previous": str(previous)}
            await client.jetstream().publish(subject, body, headers=headers)
        async with running(relay_of(record)):
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


def test_a_stream_that_is_not_there_yet_is_waited_for(record, on_new_stream):
    async def test(client):
        await client.jetstream().delete_stream("indicators-events")
        async with running(relay_of(record)):
            await asyncio.sleep(0.3)
            await streams.provision(client.jetstream())
            assert await caught_up(client, record) == record.announcements()

    on_new_stream(test)


def test_the_largest_submission_that_is_taken_can_be_announced():
    """A thousand corrections of one measure each, in a body of less than a megabyte, repeat sixty measures each."""
    values = {f"{'m' * 77}-{number:02}": 10**12 for number in range(60)}
    corrected = [
        {"reading_id": f"{'r' * 75}-{number:04}", "version": 2, "observed_on": "2025-09-01", "field": "f" * 80,
         "values": values, "before": values, "reason": "ữ" * 200}
        for number in range(1000)
    ]  # fmt: skip
    event = Submission.Receipted(
        Submission.create_id("c1", "s1"), 1, NOON, "Submission", commune="c1", submission_id="s1", kind="corrections",
        recorded=[], corrected=corrected, withdrawn=[], refused=[], duplicates=0,
    )  # fmt: skip
    announced = announce(StoredFact(Position(1, NOON), "x/1", event))
    assert announced
    configured = (embedded.HERE / "nats/nats-server.conf").read_text(encoding="utf-8")
    [megabytes] = re.findall(r"^max_payload: (\d+)MB$", configured, re.MULTILINE)
    headers = 1000
    assert len(announced.model_dump_json().encode()) + headers <= int(megabytes) * 1024 * 1024
