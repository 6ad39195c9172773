"""Streams on a real server: what an operator tunes stays, an earlier version is named, and a full one is trimmed."""

import asyncio
import logging

import pytest
from nats.js.errors import APIError
from prometheus_client import CollectorRegistry

from deploy.embedded.stack import Stack
from deploy.streams.trimming import KEPT_BESIDES, NotRenewed, clear_intake, renew_intake, stream_states, trim
from shared.cancelling import cancel
from shared.messaging import stream_provision, streams
from shared.messaging.bus import Bus
from shared.messaging.connection import connect
from shared.messaging.stream_fill import StreamFill
from shared.messaging.stream_provision import NotProvisioned
from shared.messaging.streams import LISTENERS, SERVICES, VERSION_KEY, events_stream

STREAM = "planning-events"
FOLLOWERS = [listener.name for listener in LISTENERS if listener.stream == STREAM]


@pytest.fixture(scope="module")
def servers(tmp_path_factory, start_servers):
    with Stack(tmp_path_factory.mktemp("streams"), services=(), start_servers=start_servers) as stack:
        yield stack


@pytest.fixture
def on(servers):
    """Runs a coroutine with the operator's connection, on streams that are as provisioning makes them."""

    async def run(test):
        client = await connect(servers.settings().nats)
        try:
            for name in ("intake", *map(events_stream, SERVICES)):
                await client.jetstream().delete_stream(name)
            await stream_provision.provision(client.jetstream())
            return await test(client)
        finally:
            await client.close()

    return lambda test: asyncio.run(run(test))


async def tuned(client, name, **changes):
    found = (await client.jetstream().stream_info(name)).config
    await client.jetstream().update_stream(found.evolve(**changes))


async def publish(client, how_many, size=100):
    for _ in range(how_many):
        await client.jetstream().publish("planning.event.commune-registered.v1", b"x" * size)


async def acknowledge(client, follower, how_many):
    messages = await client.jetstream().pull_subscribe_bind(durable=follower, stream=STREAM)
    for message in await messages.fetch(how_many, timeout=5):
        await message.ack_sync()


async def sequences(client):
    state = (await client.jetstream().stream_info(STREAM)).state
    return state.first_seq, state.last_seq


@pytest.mark.parametrize("name", ["intake", STREAM])
def test_changed_limits_stop_no_service_and_are_kept_by_provision(on, name):
    changes = {"max_bytes": 7 * 1024**3, "max_age": 40 * streams.DAY, "duplicate_window": 240.0}

    async def test(client):
        await tuned(client, name, **changes)
        for service in SERVICES:
            await stream_provision.check(client.jetstream(), service)
        assert await stream_provision.provision(client.jetstream()) == []
        found = (await client.jetstream().stream_info(name)).config
        assert {field: getattr(found, field) for field in changes} == changes

    on(test)


def test_a_tuned_consumer_stops_no_service_and_is_kept(on):
    async def test(client):
        jetstream = client.jetstream()
        found = (await jetstream.consumer_info(STREAM, "reporting-planning")).config
        await jetstream.add_consumer(STREAM, found.evolve(ack_wait=30.0, max_ack_pending=2000))
        await stream_provision.check(jetstream, "reporting")
        assert await stream_provision.provision(jetstream) == []
        found = (await jetstream.consumer_info(STREAM, "reporting-planning")).config
        assert (found.ack_wait, found.max_ack_pending) == (30.0, 2000)

    on(test)


def test_a_service_waits_for_a_jetstream_that_does_not_answer_yet(on, caplog):
    async def test(client):
        answering, jetstream = client.jetstream(), client.jetstream()
        jetstream._prefix = "$JS.NOBODY"
        waiting = asyncio.ensure_future(stream_provision.wait_until_checked(jetstream, "reporting"))
        while "NATS cannot be looked at yet" not in caplog.text:  # noqa: ASYNC110  a log has no event
            await asyncio.sleep(0.05)
        jetstream._prefix = answering._prefix
        await waiting

    on(test)


def test_a_stream_of_an_earlier_version_is_named_and_provision_brings_it_up_to_date(on):
    async def test(client):
        await tuned(client, STREAM, metadata={}, max_bytes=5 * 1024**3)
        with pytest.raises(NotProvisioned, match="stream planning-events is of an earlier version"):
            await stream_provision.check(client.jetstream(), "reporting")
        assert await stream_provision.provision(client.jetstream()) == [f"stream {STREAM} updated"]
        await stream_provision.check(client.jetstream(), "reporting")
        assert (await client.jetstream().stream_info(STREAM)).config.max_bytes == 5 * 1024**3

    on(test)


def test_a_stream_of_a_later_version_is_left_alone(on):
    async def test(client):
        await tuned(client, STREAM, metadata={VERSION_KEY: "99"}, allow_direct=False)
        await stream_provision.check(client.jetstream(), "planning")
        assert await stream_provision.provision(client.jetstream()) == []

    on(test)


def test_who_pulls_from_a_consumer_notices_that_it_is_deleted_and_that_there_is_none(on, servers):
    [listener] = [each for each in LISTENERS if each.name == "reporting-planning"]
    bus = Bus(servers.settings().nats, "reporting")

    async def take(messages):
        raise AssertionError(messages)

    async def test(client):
        await bus.start()
        pulling = asyncio.ensure_future(bus.pull(listener, take))
        async with asyncio.timeout(60):
            while not (await client.jetstream().consumer_info(STREAM, listener.name)).num_waiting:  # noqa: ASYNC110  no event tells it
                await asyncio.sleep(0.02)
        assert not bus.doubted.is_set()
        await client.jetstream().delete_consumer(STREAM, listener.name)
        for _ in ("deleted", "none"):
            async with asyncio.timeout(60):
                await bus.doubted.wait()
            bus.doubted.clear()
        with pytest.raises(NotProvisioned, match="consumer reporting-planning is missing"):
            await stream_provision.check_again(client.jetstream(), "reporting")
        await cancel([pulling])
        await bus.stop()

    on(test)


def test_a_stream_that_is_gone_since_the_start_is_named_to_its_service_and_its_followers(on):
    async def test(client):
        for service in SERVICES:
            await stream_provision.check_again(client.jetstream(), service)
        await client.jetstream().delete_stream(STREAM)
        for service in ("planning", "reporting"):  # whose it is, and who follows it
            with pytest.raises(NotProvisioned, match="planning"):
                await stream_provision.check_again(client.jetstream(), service)
        await stream_provision.provision(client.jetstream())

    on(test)


def test_trimming_keeps_messages_that_a_follower_has_not_applied(on):
    async def test(client):
        await publish(client, 10)
        assert "planning-events: nothing to trim" in await trim(client)
        for follower, applied in zip(FOLLOWERS, (9, 4, 7, 8), strict=True):
            await acknowledge(client, follower, applied)
        [state] = [each for each in await stream_states(client) if each.name == STREAM]
        assert (state.messages, state.unapplied) == (10, 6)
        assert "planning-events: 4 messages trimmed, 6 kept" in await trim(client)
        assert await sequences(client) == (5, 10)

    on(test)


def test_the_last_message_is_kept_because_the_relay_goes_on_from_it(on):
    async def test(client):
        await publish(client, 3)
        for follower in FOLLOWERS:
            await acknowledge(client, follower, 3)
        await trim(client)
        assert await sequences(client) == (3, 3)
        assert "planning-events: nothing to trim" in await trim(client)

    on(test)


def test_a_full_stream_takes_messages_again_once_it_is_trimmed(on):
    async def test(client):
        await tuned(client, STREAM, max_bytes=20_000)
        with pytest.raises(APIError, match="maximum bytes exceeded"):
            await publish(client, 100, size=1000)
        _, last = await sequences(client)
        for follower in FOLLOWERS:
            await acknowledge(client, follower, last)
        await trim(client)
        await publish(client, 10, size=1000)

    on(test)


async def of_an_earlier_version(client, name):
    """Made again as versions before the first numbered one made it: purging it is forbidden for ever."""
    found = (await client.jetstream().stream_info(name)).config
    await client.jetstream().delete_stream(name)
    await client.jetstream().add_stream(found.evolve(deny_purge=True, metadata={}, max_bytes=5 * 1024**3))
    return await stream_provision.provision(client.jetstream())


def test_an_event_stream_that_forbids_purging_is_trimmed_and_takes_messages_afterwards(on):
    async def test(client):
        await of_an_earlier_version(client, STREAM)
        await publish(client, KEPT_BESIDES + 60)
        for follower, applied in zip(FOLLOWERS, (355, 350, 360, 355), strict=True):
            await acknowledge(client, follower, applied)
        assert "planning-events: 50 messages trimmed, 310 kept" in await trim(client)
        assert await sequences(client) == (51, KEPT_BESIDES + 60)
        await publish(client, 1)
        assert await sequences(client) == (51, KEPT_BESIDES + 61)
        assert "planning-events: nothing to trim" in await trim(client)
        assert (await client.jetstream().stream_info(STREAM)).config.discard == "new"

    on(test)


def test_a_trimming_that_ended_in_between_is_taken_back_by_provision(on):
    async def test(client):
        await tuned(client, STREAM, max_msgs=5, discard="old")
        assert await stream_provision.provision(client.jetstream()) == [f"stream {STREAM} updated"]
        found = (await client.jetstream().stream_info(STREAM)).config
        assert (found.max_msgs, found.discard) == (-1, "new")

    on(test)


def test_an_intake_that_forbids_clearing_is_named_and_made_again_once_nothing_waits(on):
    async def test(client):
        jetstream = client.jetstream()
        named = await of_an_earlier_version(client, "intake")
        assert named[:2] == [
            "stream intake updated",
            "stream intake is of an earlier version, and cannot be cleared; run: minhbach stream renew",
        ]
        assert await stream_provision.provision(jetstream) == named[1:2]
        await jetstream.publish("intake.c1.report.s1", b"{}")
        assert (await clear_intake(client, "c1")).endswith("run: minhbach stream renew")
        with pytest.raises(NotRenewed, match="1 submissions wait for their services"):
            await renew_intake(client)
        for consumer in ("reporting-intake", "indicators-intake-subjects"):
            messages = await jetstream.pull_subscribe_bind(durable=consumer, stream="intake")
            [message] = await messages.fetch(1, timeout=5)
            await message.ack_sync()
        assert await renew_intake(client) == "intake: made again without its 1 submissions, which have their receipts"
        assert (await jetstream.stream_info("intake")).config.max_bytes == 5 * 1024**3
        assert await stream_provision.provision(jetstream) == []
        assert await renew_intake(client) == "intake: nothing to do, it can be cleared"
        await jetstream.publish("intake.c1.report.s1", b"{}")
        assert (await clear_intake(client, "c1")).startswith("intake: 1 submissions of commune c1 deleted")

    on(test)


@pytest.mark.parametrize(("messages", "level"), [(4, None), (12, logging.WARNING), (17, logging.ERROR)])
def test_a_filling_stream_is_reported_long_before_it_is_full(on, caplog, messages, level):
    registry = CollectorRegistry()

    async def test(client):
        await tuned(client, STREAM, max_bytes=20_000)
        await publish(client, messages, size=920)
        await StreamFill(registry, [STREAM]).measure(client, STREAM)

    with caplog.at_level(logging.WARNING, "shared.messaging.stream_fill"):
        on(test)
    assert [record.levelno for record in caplog.records] == ([level] if level else [])
    assert registry.get_sample_value("minhbach_stream_max_bytes", {"stream": STREAM}) == 20_000
    assert registry.get_sample_value("minhbach_stream_bytes", {"stream": STREAM}) > messages * 920


def test_one_communes_submissions_are_cleared_from_the_intake_and_the_others_stay(on):
    async def clear(client):
        for commune in ("c1", "c2", "c1"):
            sequence = (await client.jetstream().stream_info("intake")).state.last_seq
            await client.jetstream().publish(f"intake.{commune}.readings.{sequence}", b"{}")
        line = await clear_intake(client, "c1")
        info = await client.jetstream().stream_info("intake", subjects_filter="intake.>")
        return line, [subject.split(".")[1] for subject in info.state.subjects]

    assert on(clear) == ("intake: 2 submissions of commune c1 deleted, 1 of others kept", ["c2"])
