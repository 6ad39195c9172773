"""Users of the embedded NATS: nobody without one, each service what it needs, each commune its own subjects."""

import asyncio
import contextlib
import json
import time
from pathlib import Path

import pytest
from nats.errors import Error as NatsError

from deploy.nats_accounts import KEEPER, permissions
from shared.contracts.seals import SEAL_NOW, checkpoint_subject
from shared.messaging import broker_accounts
from shared.messaging.connection import connect
from shared.messaging.streams import DESK_DOOR, INTAKE_DOOR, INTAKE_SUBJECTS, LISTENERS, SERVICES, events_stream
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


def test_the_keeper_may_ask_for_announcements_of_the_portal_and_nothing_else(stack):
    subjects = [
        f"intake.{ONE}.readings.forged", f"desk.{ONE}.approve.forged", f"receipt.{ONE}.forged", SEAL_NOW,
        *(f"{service}.event.broker-key-issued.v1" for service in SERVICES),
        *(f"announcements.{service}" for service in SERVICES if service != "portal"),
        *(f"{service}.query.x.v1.portal" for service in SERVICES), broker_accounts.SUBJECT,
        "$JS.API.STREAM.NAMES", "$JS.API.STREAM.MSG.GET.portal-events", "$JS.API.CONSUMER.CREATE.portal-events",
        "$SYS.REQ.SERVER.PING", "$SYS.REQ.ACCOUNT.PING.CONNZ", "_INBOX.portal.x", "_INBOX.reporting.x",
    ]  # fmt: skip
    listened = [">", "portal.event.>", "portal.event.grant-given.v1", "announcements.portal", "_INBOX.portal.>",
                "intake.>", "receipt.>"]  # fmt: skip

    async def test(attempt):
        await attempt.publish("announcements.portal", b"0")
        for subject in subjects:
            await attempt.publish(subject)
        for subject in listened:
            await attempt.client.subscribe(subject)

    expected = len(subjects) + len(listened)
    assert attempts(stack.servers.nats_url_of(KEEPER), KEEPER, test, expected) == expected


@pytest.mark.parametrize("service", [service for service in SERVICES if service != "portal"])
def test_nobody_but_the_portal_may_ask_the_keeper_or_answer_for_it(stack, service):
    async def test(attempt):
        await attempt.publish(broker_accounts.SUBJECT, b"[]")
        await attempt.client.subscribe(broker_accounts.SUBJECT)

    assert attempts(stack.servers.nats_url_of(service), service, test, 2) == 2


def test_whoever_seals_at_once_may_call_the_others_and_nobody_else():
    """Who calls receives no call, so a service that seals at once without the right would seal alone, and late."""
    services = Path(__file__).parents[1] / "services"
    calling = {path.parent.name for path in services.glob("*/main.py") if "seals_at_once(" in path.read_text("utf-8")}
    assert calling == {service for service in SERVICES if SEAL_NOW in permissions(service)["publish"]}
    assert not calling & {service for service in SERVICES if SEAL_NOW in permissions(service)["subscribe"]}


def test_with_a_stolen_password_of_a_service_nothing_of_ones_choice_becomes_a_submission_or_a_stream(own_stack):
    """Permissions do not hold for where an answer goes: it asks for answers on subjects that are not its own."""
    with own_stack(services=()) as stack:
        before = asyncio.run(_streams_and_submissions(stack.servers.nats_url))
        for service in SERVICES:
            asyncio.run(_forge(stack.servers.nats_url_of(service), service))
        after = asyncio.run(_streams_and_submissions(stack.servers.nats_url))
    assert after[0] == before[0]
    assert [subject for subject, body in after[1] if subject.startswith("intake.") and FORGED in body] == []


FORGED = b'{"name": "forged", "subjects": ["forged"]}'


async def _forge(url, service):
    own, event = events_stream(service), f"{service}.event.forged.v1"
    requests = [
        (f"$JS.API.STREAM.MSG.GET.{own}", json.dumps({"last_by_subj": event}).encode()),
        (f"$JS.API.DIRECT.GET.{own}.{event}", b""),
        (f"$JS.API.STREAM.INFO.{own}", b""),
        (SEAL_NOW, FORGED),
        *((f"announcements.{other}", FORGED) for other in SERVICES),
        *((f"{other}.query.forged.v1.portal", FORGED) for other in SERVICES),
        *((f"{door.receipts}.{other}.{ONE}", FORGED) for door in (INTAKE_DOOR, DESK_DOOR) for other in SERVICES),
        *((f"$JS.API.CONSUMER.MSG.NEXT.{each.stream}.{each.name}", b'{"batch": 9, "no_wait": true}')
          for each in LISTENERS if each.service == service),
    ]  # fmt: skip

    async def respond(message):
        if message.reply:
            await message.respond(FORGED)

    async with connected(url, service) as stolen:
        jetstream = stolen.client.jetstream(timeout=60)
        for subject in permissions(service)["subscribe"]:
            await stolen.client.subscribe(subject, cb=respond)
        for subject in (event, checkpoint_subject(service)):
            await jetstream.publish(subject, FORGED)
        for number, (subject, body) in enumerate(requests):
            for reply in (f"intake.{ONE}.readings.{service}-{number}", "$JS.API.STREAM.CREATE.forged"):
                await stolen.client.publish(subject, body, reply=reply)
        await jetstream.publish(event, FORGED)  # answered after all that was asked before
        await stolen.client.drain()  # and what it receives itself


async def _streams_and_submissions(url):
    """The names of all streams, and subject and body of each message of the intake."""
    async with connected(url) as operator:
        jetstream = operator.client.jetstream(timeout=60)
        names = [each.config.name for each in await jetstream.streams_info()]
        last = (await jetstream.stream_info("intake")).state.last_seq
        found = [await jetstream.get_msg("intake", seq=number) for number in range(1, last + 1)]
        return names, [(each.subject, each.data or b"") for each in found]


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
