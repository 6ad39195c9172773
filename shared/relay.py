"""From an event store to a stream: what is recorded is announced, in order, once, whatever dies in between.

The stream's last message is the watermark. Each message is fenced with the sequence it expects to follow, so of two
relays one loses, looks at the stream again, and goes on; a stream that lost its tail, or everything, is refilled.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from shared.contracts import Event
from shared.event_store import EventStore, StoredFact
from shared.publishing import Acknowledgement, Publisher
from shared.streams import events_stream

WINDOW = 200
ACKNOWLEDGED_WITHIN = 5.0
IDLE = 0.05
LOOKED_AT_EVERY = 2.0
LONGEST_PAUSE = 5.0

Announce = Callable[[StoredFact], Event | None]

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another relay published first, or the broker lost what it had acknowledged: look at the stream again."""


@dataclass(frozen=True)
class Watermark:
    """The stream's last message: its sequence in the stream, and its position in the event store."""

    sequence: int
    position: int


class Relay:
    """Publishes what a service's event store holds and its stream does not."""

    def __init__(self, store: EventStore, announce: Announce) -> None:
        self._store = store
        self._announce = announce
        self._stream = events_stream(store.name)
        self.healthy = False
        self.position = 0

    async def run(self, client: Client) -> None:
        """Until cancelled. A fault only delays: the next look at the stream says where to go on."""
        pause = IDLE
        while True:
            started = time.monotonic()
            try:
                await self._follow(client)
            except (Overtaken, NatsError, OSError, TimeoutError) as fault:
                log.info("relay of %s looks at its stream again: %s", self._store.name, fault or type(fault).__name__)
            except Exception:  # a fault of the database or the broker passes; the relay must outlive it
                log.exception("relay of %s", self._store.name)
            self.healthy = False
            went_well = time.monotonic() - started > LONGEST_PAUSE
            pause = IDLE if went_well else min(LONGEST_PAUSE, pause * 2)
            await asyncio.sleep(pause)

    async def _follow(self, client: Client) -> None:
        publisher = Publisher(client)
        mark = await self._watermark(client)
        self.position = position = mark.position
        looked = time.monotonic()
        while True:
            self.healthy = True
            facts = await asyncio.to_thread(self._store.facts_after, position, WINDOW)
            if not facts:
                await asyncio.sleep(IDLE)
                if time.monotonic() - looked > LOOKED_AT_EVERY:
                    await self._look(client, mark)
                    looked = time.monotonic()
                continue
            mark = await self._publish(publisher, mark, facts)
            self.position = position = facts[-1].position.number

    async def _look(self, client: Client, mark: Watermark) -> None:
        """While there is nothing to say: a stream may be deleted, or lose its tail, at any time."""
        last = (await client.jetstream().stream_info(self._stream)).state.last_seq
        if last != mark.sequence:
            raise Overtaken(f"the stream ends at {last}, not at {mark.sequence}")

    async def _watermark(self, client: Client) -> Watermark:
        jetstream = client.jetstream()
        last = (await jetstream.stream_info(self._stream)).state.last_seq
        if not last:
            return Watermark(0, 0)
        try:
            message = await jetstream.get_msg(self._stream, seq=last)
        except NotFoundError:  # the stream's first and last message was lost with its file: everything again
            return Watermark(last, 0)
        return Watermark(last, int((message.headers or {})["x-position"]))

    async def _publish(self, publisher: Publisher, mark: Watermark, facts: Sequence[StoredFact]) -> Watermark:
        acknowledgements: list[tuple[int, asyncio.Future[Acknowledgement]]] = []
        for fact in facts:
            event = self._announce(fact)
            if event is None:
                continue
            acknowledgement = await publisher.publish(
                event.subject, event.model_dump_json().encode(), self._headers(mark, fact)
            )
            mark = Watermark(mark.sequence + 1, fact.position.number)
            acknowledgements.append((mark.sequence, acknowledgement))
        await self._acknowledged(acknowledgements)
        return mark

    def _headers(self, mark: Watermark, fact: StoredFact) -> dict[str, str]:
        return {
            "Nats-Expected-Stream": self._stream,
            "Nats-Expected-Last-Sequence": str(mark.sequence),
            "Nats-Msg-Id": f"{self._stream}-{fact.position.number}",
            "x-position": str(fact.position.number),
            "x-previous": str(mark.position),
        }

    async def _acknowledged(self, acknowledgements: list[tuple[int, "asyncio.Future[Acknowledgement]"]]) -> None:
        if not acknowledgements:
            return
        futures = [future for _, future in acknowledgements]
        # Not wait_for, which in Python 3.11 forgets to be cancelled when the last answer comes at that moment.
        async with asyncio.timeout(ACKNOWLEDGED_WITHIN):
            results = await asyncio.gather(*futures, return_exceptions=True)
        for (sequence, _), result in zip(acknowledgements, results, strict=True):
            if isinstance(result, BaseException):
                raise Overtaken(str(result))
            if result.duplicate or result.sequence != sequence:
                raise Overtaken(f"sequence {result.sequence} acknowledged where {sequence} was expected")
