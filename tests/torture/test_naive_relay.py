"""The negative control: what is lost without the stream as watermark, so that the harness is known to bite."""

import asyncio
from datetime import UTC, date, datetime
from uuid import uuid4

import nats
import psycopg
import pytest

from deploy.embedded.stack import Stack
from services.indicators.application import Indicators
from services.indicators.domain.definition import Definition
from services.indicators.publishers import announce
from shared.messaging import stream_provision
from shared.messaging.announcing.relay import Relay
from shared.process import open_pool
from tests.announcing import key_of

NOON = datetime(2025, 9, 10, 5, tzinfo=UTC)
MEASURE = {"name": "Phần", "kind": "flow", "unit": "hồ sơ", "by_field": True}
BEFORE, AFTER = 30, 10


class NaiveRelay:
    """What a reader would write first: the position in PostgreSQL, and the broker's memory against duplicates."""

    def __init__(self, store, database_url):
        self._store = store
        self._database_url = database_url

    async def run(self, client):
        jetstream = client.jetstream()
        with psycopg.connect(self._database_url, autocommit=True) as connection:
            while True:
                [(position,)] = connection.execute("SELECT position FROM naive_relay").fetchall()
                for recorded in await asyncio.to_thread(self._store.events_after, position, 100):
                    position = recorded.position.number
                    event = announce(recorded)
                    headers = {"Nats-Msg-Id": str(position), "x-position": str(position)}
                    await jetstream.publish(event.subject, event.model_dump_json().encode(), headers=headers)
                    connection.execute("UPDATE naive_relay SET position = %s", (position,))
                await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def stack(tmp_path_factory, start_servers):
    with Stack(tmp_path_factory.mktemp("naive"), services=(), start_servers=start_servers) as running:
        with psycopg.connect(running.settings().database_url) as connection:
            connection.execute("CREATE TABLE naive_relay AS SELECT 0::bigint AS position")
        yield running


@pytest.fixture(scope="module")
def store(stack):
    settings = stack.settings("indicators")
    with open_pool(settings, "indicators") as pool:
        indicators = Indicators(settings, pool)
        yield indicators
        indicators.close()


async def lost(relay, store, stack):
    """The positions that a reader of the stream never sees, when it was deleted once in between."""
    client = await nats.connect(stack.servers.nats_url)
    task = asyncio.ensure_future(relay.run(client))
    try:
        await asyncio.to_thread(record, store, BEFORE)
        await until_last_is_in(client, store)
        await client.jetstream().delete_stream("indicators-events")
        await stream_provision.provision(client.jetstream())
        await asyncio.to_thread(record, store, AFTER)
        await until_last_is_in(client, store)
        return positions(store) - await held(client)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.close()


def record(store, how_many):
    for _ in range(how_many):
        store.commit(Definition.define("measure", f"m{uuid4().hex}", MEASURE, date(2025, 1, 1), NOON), at=NOON)


def positions(store):
    return {recorded.position.number for recorded in store.events_after(0, 1000)}


async def held(client):
    jetstream = client.jetstream()
    state = (await jetstream.stream_info("indicators-events")).state
    messages = [
        await jetstream.get_msg("indicators-events", seq=n, direct=True)
        for n in range(state.first_seq or 1, state.last_seq + 1)
    ]
    return {int(message.headers["x-position"]) for message in messages}


async def until_last_is_in(client, store):
    last = max(positions(store))

    async def until():
        while last not in await held(client):  # noqa: ASYNC110  what is waited for is in another process
            await asyncio.sleep(0.02)

    await asyncio.wait_for(until(), 60)


def test_a_naive_relay_loses_the_events_of_a_deleted_stream(stack, store):
    relay = NaiveRelay(store, stack.settings().database_url)
    assert len(asyncio.run(lost(relay, store, stack))) >= BEFORE


def test_ours_loses_nothing(stack, store):
    assert asyncio.run(lost(Relay(store, announce, key_of(stack)), store, stack)) == set()
