"""Every process is killed in the middle of a stream, and what communes hold receipts for is counted exactly once."""

import asyncio
import importlib
import itertools
import signal
from datetime import date

import nats
import psycopg
import pytest

from deploy.embedded.stack import Stack
from services.reporting.rendering.canonical_json import canonical_json
from shared.record.event_store import EventStore
from tests.journeys.province import completion, in_turn, readings_of, until
from tests.journeys.redelivery import redeliver_sooner

SERVICES = ("planning", "indicators", "reporting", "notifications")


@pytest.fixture(scope="module")
def province(found):
    with found(durable=True, communes=4) as province:
        redeliver_sooner(province)
        yield province


@pytest.fixture(scope="module")
def killed(province):
    """Some 2,000 readings and every task's completion under way, and each service killed once on the way.

    All in one stream: what a killed process had taken and not settled comes again after the consumers' ack_wait.
    """
    readings = list(in_turn(*(readings_of(commune, "a", 50) for commune in province.communes)))
    completions = [completion(*task) for task in province.tasks()]
    every = len(readings) // len(completions)
    mixed = [
        s for n, r in enumerate(readings) for s in ([r, completions.pop()] if n % every == 0 and completions else [r])
    ]
    killed = {}
    with province.sending(mixed, together=20) as stream:
        for number, service in enumerate(("reporting", "notifications", "planning", "indicators"), start=1):
            stream.wait_for(number * 35)
            (instance,) = [one for one in province.stack.running if one.service == service]
            instance.process.kill()
            instance.process.wait()
            killed[service] = (stream.receipts, stream.sent)
            until(lambda name=instance.name: name in province.stack.supervise(), "it is started again")
        stream.finish()
    assert len(province.ledger.standing) == len(readings) * 10 == 2000
    assert province.ledger.done == {task for _, task, _ in province.tasks()}
    return killed


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_killed_in_the_middle_of_a_stream_loses_and_doubles_nothing(province, killed, service):
    before, all_of_them = killed[service]
    assert 0 < before < all_of_them
    assert [one.restarts for one in province.stack.running if one.service == service] == [1]
    province.wait_until_counted()
    province.wait_until_mailed()


@pytest.mark.parametrize(
    ("server", "how"),
    [("nats", signal.SIGKILL), ("postgres", signal.SIGQUIT), ("postgres", signal.SIGKILL)],
    ids=["nats", "postgres, immediate", "postgres, killed"],
)
def test_a_server_killed_in_the_middle_of_a_stream_loses_and_doubles_nothing(province, server, how):
    name = f"{server}-{how.name}"
    with province.sending(in_turn(*(readings_of(commune, name, 24) for commune in province.communes))) as stream:
        stream.wait_for(30)
        process = province.stack.servers.processes[server]
        process.send_signal(how)
        process.wait(10)
        assert stream.receipts < stream.sent
        until(lambda: server in province.stack.supervise(), "it is started again, on its port and its folder")
        stream.finish()
    province.wait_until_counted()
    province.wait_until_mailed()


def test_terminated_services_give_back_unsettled_messages(province):
    """A restart in order costs seconds; only what a killed process had in its hands comes after ack_wait."""
    with province.sending(in_turn(*(readings_of(commune, "restart", 50) for commune in province.communes))) as stream:
        for number, service in enumerate(("indicators", "reporting"), start=1):
            stream.wait_for(number * 30)
            (instance,) = [one for one in province.stack.running if one.service == service]
            assert stream.receipts < stream.sent
            instance.process.terminate()
            assert instance.process.wait(15) == 0
            province.stack.supervise()
        stream.finish(within=120)
    province.wait_until_counted(within=120)


def test_streams_deleted_under_running_services_are_filled_again(province):
    """The services notice, end with the code for it, and whoever keeps them alive provisions first."""
    url = province.stack.servers.nats_url
    with province.sending(in_turn(*(readings_of(commune, "deleted", 40) for commune in province.communes))) as stream:
        for number, name in enumerate(("planning-events", "indicators-events", "intake"), start=1):
            stream.wait_for(number * 20, kept_alive=True)  # a service may notice before the next stream is deleted
            asyncio.run(delete(url, name))
        assert stream.receipts < stream.sent
        stream.finish()
    province.wait_until_counted()
    province.wait_until_followed()
    logs = (province.stack.folder / "logs").glob("*.log")
    assert any("is missing; run: minhbach provision" in log.read_text("utf-8") for log in logs)
    assert province.stack.provision() == []
    for name in ("planning-events", "indicators-events"):
        stored = positions(province, name)
        until(lambda: len(asyncio.run(announced(url, name))) >= len(stored), f"{name} is filled again")  # noqa: B023
        assert asyncio.run(announced(url, name)) == stored
    province.wait_until_followed()
    province.wait_until_counted()


async def delete(nats_url, stream_name):
    client = await nats.connect(nats_url)
    await client.jetstream().delete_stream(stream_name)
    await client.close()


async def announced(nats_url, stream_name):
    """The positions that a stream holds, in its order."""
    client = await nats.connect(nats_url)
    reader = await client.jetstream().subscribe(f"{stream_name.removesuffix('-events')}.event.>", ordered_consumer=True)
    last = (await client.jetstream().stream_info(stream_name)).state.messages
    found = [int((await reader.next_msg(10)).headers["x-position"]) for _ in range(last)]
    await client.close()
    return found


def positions(province, stream_name):
    """The positions of the events that a service announces."""
    service = stream_name.removesuffix("-events")
    publishers = importlib.import_module(f"services.{service}.publishers")
    store = type("Store", (EventStore,), {"name": service})(province.stack.settings(service))
    events = list(itertools.chain.from_iterable(_windows(store)))
    store.close()
    return [recorded.position.number for recorded in events if publishers.announce(recorded)]


def _windows(store):
    events = store.events_after(0, 500)
    while events:
        yield events
        events = store.events_after(events[-1].position.number, 500)


def test_stopped_and_started_on_the_same_folder_it_goes_on_where_it_was(province):
    old = province.stack
    before = province.report(date(2025, 9, 10))
    with psycopg.connect(old.servers.database_url):
        old.stop()
    assert old.servers.processes["postgres"].returncode == 0, "it waited for the connection and was killed"
    with Stack(old.folder, old.env, start_servers=old.start_servers) as stack:
        province.stack = stack
        assert canonical_json(province.report(date(2025, 9, 10))) == canonical_json(before)
        receipts = province.send(*readings_of(province.communes[0], "after", 1))
        assert [receipt.accepted for receipt in receipts] == [10]
        province.wait_until_counted()
        province.wait_until_mailed()
