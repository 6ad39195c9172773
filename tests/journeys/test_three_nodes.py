"""Three nodes of NATS with a copy of each stream on each: every node is killed once under load, and nothing is lost."""

import asyncio
import contextlib
from datetime import date

import pytest
from nats.errors import Error as NatsError

from deploy.embedded.stack import Stack
from services.planning.register import communes_of
from shared.messaging.connection import connect
from shared.messaging.streams import streams
from tests.journeys.cluster import NODES, cluster_of, copies
from tests.journeys.province import CODE, Province, completion, in_turn, readings_of, until

COMMUNES = 4


@pytest.fixture(scope="module")
def province(tmp_path_factory, start_servers):
    folder = tmp_path_factory.mktemp("nodes")
    start = cluster_of([entry.code for entry in communes_of(CODE)[:COMMUNES]])

    def make_stack(env, **more):
        return Stack(folder / "stack", {**env, "MINHBACH_NATS_REPLICAS": "3"}, start_servers=start, **more)

    with Province.of(make_stack, folder, communes=COMMUNES, today=date(2025, 9, 10)) as province:
        yield province


def all_copies_are_current(province):
    with contextlib.suppress(NatsError, TimeoutError, OSError):
        found = asyncio.run(copies(province.stack.servers.nats_url))
        return len(found) == len(streams()) and all(found.values())
    return False


def replicas(province):
    async def found():
        client = await connect(province.stack.settings().nats)
        infos = await client.jetstream().streams_info()
        await client.close()
        return {info.config.num_replicas for info in infos}

    return asyncio.run(found())


async def delete(province, stream):
    client = await connect(province.stack.settings().nats)
    await client.jetstream().delete_stream(stream)
    await client.close()


def provision_without_the_setting(province):
    env = {name: value for name, value in province.stack.env.items() if name != "MINHBACH_NATS_REPLICAS"}
    again = Stack(province.stack.folder, env, services=())
    again.servers = province.stack.servers
    return again.provision()


def test_a_later_provision_keeps_the_copies(province):
    assert replicas(province) == {3}
    assert provision_without_the_setting(province) == []
    assert replicas(province) == {3}


def test_each_node_is_lost_once_under_load_and_everything_counts_once(province):
    stack = province.stack
    done = [completion(*task) for task in province.tasks()[::9]]
    readings = list(in_turn(*(readings_of(commune, "n", 60) for commune in province.communes)))
    half = len(readings) // 2
    with province.sending([*readings[:half], *done, *readings[half:]], together=10) as stream:
        for number, node in enumerate(NODES, start=1):
            stream.wait_for(number * 40)
            until(lambda: all_copies_are_current(province), "every stream has its copies")
            stack.servers.processes[node].kill()
            stack.servers.processes[node].wait()
            receipted = stream.receipts
            stream.wait_for(min(receipted + 20, stream.sent))  # while the node is away
            until(lambda name=node: name in stack.supervise(), "it is started again")
        stream.finish()
    until(lambda: all_copies_are_current(province), "every stream has its copies again")
    province.wait_until_counted()
    province.wait_until_followed()
    assert {instance.restarts for instance in stack.running} == {0}


def test_a_stream_that_is_made_again_has_as_many_copies(province):
    asyncio.run(delete(province, "notifications-events"))
    assert provision_without_the_setting(province) == ["stream notifications-events created"]
    assert replicas(province) == {3}
