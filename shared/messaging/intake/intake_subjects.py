"""Watches the subjects of the intake: parks kinds that no service takes, and bounds each commune's share of it."""

import json
import logging
import time
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from math import inf

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import APIError
from prometheus_client import Counter as Counted

from shared.messaging.bus import Bus
from shared.messaging.connection import Received
from shared.messaging.intake.bodies import Unreadable
from shared.messaging.intake.fair_turns import commune_of, put_back, turns_and_rest
from shared.messaging.intake.intake import Intake, key_of, plain
from shared.messaging.intake.submissions import Submitted
from shared.messaging.streams import INTAKE, OWNERS

NOT_FOUND = 404
FETCHED_WITHIN = 10.0  # seconds
SIZE = "Nats-Msg-Size"  # the header that stands for a body
# A commune's part of the stream: 512 MB of 4 GiB. It sends some megabytes a month.
SHARE = 1 / 8
LIMIT_READ_EVERY = 1.0  # seconds; an operator may change the stream's limit

log = logging.getLogger(__name__)


class HeldBytes:
    """How much of each commune the stream can still hold, in bytes by the day on which it came."""

    def __init__(self) -> None:
        self._days: defaultdict[date, Counter[str]] = defaultdict(Counter)

    def add(self, commune: str, day: date, size: int) -> None:
        self._days[day][commune] += size

    def of(self, commune: str) -> int:
        return sum(sizes[commune] for sizes in self._days.values())

    def forget(self, commune: str) -> None:
        for sizes in self._days.values():
            del sizes[commune]

    def forget_before(self, day: date) -> None:
        """Messages of an earlier day have aged out of the stream."""
        for aged in [each for each in self._days if each < day]:
            del self._days[aged]


class IntakeSubjects:
    """Its consumer gets every submission's subject and size, without the body."""

    def __init__(self, intake: Intake, bus: Bus) -> None:
        self._intake = intake
        self._bus = bus
        self._share_bytes = 0.0
        self._limit_read_at = -inf
        self._held = HeldBytes()
        self._unknown = Counted(
            "minhbach_submissions_of_unknown_kind", "Submissions of a kind that no service takes", registry=bus.registry
        )
        self._cleared = Counted(
            "minhbach_intake_shares_cleared",
            "How often a commune's submissions were cleared from the intake, for it had filled its share",
            registry=bus.registry,
        )

    async def take(self, messages: Sequence[Msg]) -> None:
        for message in messages:
            if message.metadata.num_delivered == 1:
                self._held.add(commune_of(message), message.metadata.timestamp.date(), _size(message))
        await self._read_limit()
        for commune in {commune_of(message) for message in messages}:
            if self._held.of(commune) > self._share_bytes:
                await self._clear(commune)
        unknown = [message for message in messages if message.subject.split(".")[2] not in OWNERS]
        turn, rest = turns_and_rest(unknown)
        await put_back(rest)
        for message in turn:
            await self._park(message)
        for message in messages:
            if not message.is_acked:
                await message.ack()

    async def _park(self, message: Msg) -> None:
        body = await _body(self._bus.client, message.metadata.sequence.stream)
        if body is not None:  # it aged out, or was cleared
            self._unknown.inc()
            await self._intake.settle([message], partial(_submitted, body=body))

    async def _read_limit(self) -> None:
        if time.monotonic() - self._limit_read_at > LIMIT_READ_EVERY:
            config = (await self._bus.client.jetstream().stream_info(INTAKE)).config
            limit = config.max_bytes or 0
            self._share_bytes = limit * SHARE if limit > 0 else inf
            if config.max_age:
                self._held.forget_before((datetime.now(UTC) - timedelta(seconds=config.max_age)).date())
            self._limit_read_at = time.monotonic()

    async def _clear(self, commune: str) -> None:
        """Make room for the others. What was not receipted yet is sent again by its sender, who still has it."""
        self._held.forget(commune)
        log.error("commune %s filled its share of the intake, %d bytes", plain(commune), self._share_bytes)
        if set(commune) & set("*>"):  # who is not held to a name of its own; as a filter it would mean everybody
            return
        try:
            await self._bus.client.jetstream().purge_stream(INTAKE, subject=f"{INTAKE}.{commune}.>")
            self._cleared.inc()
        except (APIError, NatsError, TimeoutError):
            log.exception("the share of commune %s is not cleared", plain(commune))


def _size(message: Msg) -> int:
    """What a message takes in the stream: a commune may fill subject and headers too, the latter with 64 kB."""
    assert isinstance(message, Received)
    return len(message.subject.encode()) + message.header_bytes + int((message.headers or {}).get(SIZE, 0))


def _submitted(message: Msg, body: bytes) -> Submitted:
    kind = plain(message.subject.split(".")[2])
    reason = f'no service takes the kind "{kind}"; kinds are: {", ".join(sorted(OWNERS))}'
    return Submitted(*key_of(message, kind), body, sha256(body).hexdigest(), Unreadable(reason))


async def _body(client: Client, sequence: int) -> bytes | None:
    """A message of the intake stream. Not nats-py's get_msg, which raises at a header that is not UTF-8."""
    request = json.dumps({"seq": sequence}).encode()
    answer = json.loads(
        (await client.request(f"$JS.API.STREAM.MSG.GET.{INTAKE}", request, timeout=FETCHED_WITHIN)).data
    )
    if answer.get("error", {}).get("code") == NOT_FOUND:
        return None
    return b64decode(answer["message"].get("data", ""))
