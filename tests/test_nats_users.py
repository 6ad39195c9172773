"""Users of the embedded NATS: nobody without one, each service what it needs, each commune its own subjects."""

import asyncio
import contextlib
import time

import pytest
from nats.errors import Error as NatsError

from shared.messaging.connection import connect
from shared.messaging.streams import INTAKE_SUBJECTS, LISTENERS, SERVICES, events_stream
from shared.settings import NatsServers

REFUSED_WITHIN = 10.0  # seconds
ONE, OTHER = "21025", "21028"
STREAMS = ("intake", *(events_stream(service) for service in SERVICES))


class Attempts:
    """A connection, and the subjects that the server refused it."""

    def __init__(self, client, errors):
        self.client = client
        self.errors = errors

    async def refused(self, expected):
        """How many refusals came, once all that are expected are here or the server has none to send."""
        await self.client.flush()
        deadline = time.monotonic() + REFUSED_WITHIN
        while len(self.errors) < expected and time.monotonic() < deadline:
            await self.client.flush()
        await self.client.flush()
        return len(self.errors)

    async def publish(self, subject, body=b""):
        await self.client.publish(subject, body, reply="x")


@contextlib.asynccontextmanager
async def connected(url, service=None):
    errors = []

    async def note(error):
        errors.append(str(error))

    servers = NatsServers.from_env({"NATS_URL": url})
    client = await connect(servers, service, error_cb=note, allow_reconnect=False)
    try:
        yield Attempts(client, errors)
    finally:
        await client.close()


def attempts(url, service, test, expected=0):
    async def run():
        async with connected(url, service) as attempt:
            await test(attempt)
            return await attempt.refused(expected)

    return asyncio.run(run())


def test_nobody_connects_without_a_user(stack):
    address = stack.servers.nats_url.rpartition("@")[2]
    for login in ("", "nobody:x@", "minhbach:x@", "planning:@", "commune-21025:x@"):
        with pytest.raises(NatsError, match=r"(?i)authorization"):
            attempts(f"nats://{login}{address}", None, lambda attempt: attempt.client.flush())


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_sends_and_reads_nothing_that_is_another_ones(stack, service):
    readable = {listener.stream for listener in LISTENERS if listener.service == service} | {events_stream(service)}
    if service != INTAKE_SUBJECTS.service:
        readable -= {"intake"}
    others = [each for each in SERVICES if each != service]
    subjects = [
        f"intake.{ONE}.readings.forged",
        *(f"{other}.event.commune-registered.v1" for other in others),
        *(f"$JS.API.STREAM.{act}.{stream}" for act in ("DELETE", "UPDATE", "CREATE") for stream in STREAMS),
        # One of them clears a commune that fills its share of the intake.
        *(f"$JS.API.STREAM.PURGE.{stream}" for stream in STREAMS
          if (stream, service) != (INTAKE_SUBJECTS.stream, INTAKE_SUBJECTS.service)),
        *(f"$JS.API.STREAM.MSG.GET.{stream}" for stream in STREAMS if stream not in readable),
        *(f"$JS.API.CONSUMER.CREATE.{stream}" for stream in STREAMS),
        *(f"$JS.ACK.{stream}.{listener.name}.1.1.1.1.0" for stream in STREAMS for listener in LISTENERS
          if listener.service != service),
    ]  # fmt: skip
    listened = ["intake.>", ">", "_INBOX.>", "receipt.>", *(f"{each}.event.>" for each in SERVICES)]

    async def test(attempt):
        for subject in subjects:
            await attempt.publish(subject)
        for subject in [*listened, *(f"_INBOX.{other}.>" for other in others)]:
            await attempt.client.subscribe(subject)

    url = stack.servers.nats_url_of(service)
    expected = len(subjects) + len(listened) + len(others)
    assert attempts(url, service, test, expected) == expected


def test_a_commune_sends_for_itself_and_reads_its_own_receipts_only(stack):
    [url] = stack.servers.commune_urls([ONE]).values()
    subjects = [
        f"intake.{OTHER}.readings.forged",
        f"receipt.{ONE}.forged",
        f"receipts.indicators.{OTHER}",
        "planning.event.commune-registered.v1",
        "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.DELETE.reporting-events",
    ]
    listened = [">", "receipt.>", f"receipt.{OTHER}.>", "planning.event.>", f"intake.{ONE}.>"]

    async def test(attempt):
        for subject in subjects:
            await attempt.publish(subject)
        for subject in listened:
            await attempt.client.subscribe(subject)

    expected = len(subjects) + len(listened)
    assert attempts(url, None, test, expected) == expected


def test_a_commune_that_is_given_an_account_sends_at_once(stack):
    """To the stream that was there before; a receipt that is published comes back."""
    [url] = stack.servers.commune_urls(["new-commune"]).values()
    assert stack.servers.commune_urls(["new-commune"]) == {"new-commune": url}

    async def run():
        async with (
            connected(stack.servers.nats_url_of("indicators"), "indicators") as service,
            connected(url) as commune,
        ):
            receipts = await commune.client.subscribe("receipt.new-commune.>")
            stored = await commune.client.jetstream().publish("intake.new-commune.readings.s1", b"{}")
            await service.publish("receipt.new-commune.s1", b"received")
            return stored.stream, (await receipts.next_msg(10)).data

    assert asyncio.run(run()) == ("intake", b"received")


def test_streams_of_a_version_without_users_are_taken_over(own_stack):
    """What waits in the intake of an embedded stack that is upgraded."""

    async def stored(url, *, sent):
        async with connected(url) as operator:
            if sent:
                await operator.client.jetstream().publish("intake.c1.readings.s1", b"{}")
            return (await operator.client.jetstream().stream_info("intake")).state.messages

    with own_stack(services=()) as stack:
        assert asyncio.run(stored(stack.servers.nats_url, sent=True)) == 1
        folder = stack.folder / "nats/jetstream"
    (folder / "MINHBACH").rename(folder / "$G")
    with own_stack(services=()) as stack:
        assert asyncio.run(stored(stack.servers.nats_url, sent=False)) == 1


def test_an_id_that_would_change_the_configuration_is_refused(stack):
    with pytest.raises(ValueError, match="no id of a commune"):
        stack.servers.commune_urls(['x", "intake.>'])
