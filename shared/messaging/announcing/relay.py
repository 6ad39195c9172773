"""Publishes the events of an event store to its stream, in order and each once, also after a crash.

The last message that a relay wrote is the watermark. Each message is fenced with the sequence it expects to follow, so
of two relays one is refused, reads the stream's end again, and continues. A stream that lost its end is filled again.
A store that does not hold what its stream announced was put back to a backup: then nothing is published.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.messaging.announcing.announced import Announced
from shared.messaging.announcing.continuity import Continuity, StoreBehind
from shared.messaging.announcing.publisher import Acknowledgement, Publisher
from shared.messaging.announcing.stream_end import Watermark
from shared.messaging.announcing.translations import Announce
from shared.messaging.streams import events_stream
from shared.record.event_store import EventStore, RecordedEvent

WINDOW = 200
ACKNOWLEDGED_WITHIN = 5.0
STUCK_AFTER = 60.0  # seconds
SHORTEST_PAUSE = 0.05
COLLECTED_WITHIN = 0.03  # seconds; commits come in rows, and a window of them costs what one does
# Each commit of its service wakes it; it looks for one whose call was lost, and at its stream.
LOOKED_AT_EVERY = 5.0  # seconds
LONGEST_PAUSE = 5.0

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another relay published first, or the broker lost what it had acknowledged: look at the stream again."""


class Relay:
    """Publishes the events of a service that its stream does not hold yet."""

    def __init__(self, store: EventStore, announce: Announce, key: bytes) -> None:
        self._store = store
        self._announce = announce
        self._key = key
        self._stream = events_stream(store.name)
        self._continuity = Continuity(store, key)
        self._refused: Watermark | None = None
        self.healthy = False
        self.position = 0
        self._waiting_since: float | None = None
        self._is_reported = False

    @property
    def waiting_seconds(self) -> float:
        """For how long stored events have waited to be announced; 0 where none waits, or on an instance that does not
        lead."""
        return 0.0 if self._waiting_since is None else time.monotonic() - self._waiting_since

    async def run(self, client: Client) -> None:
        """Publish until cancelled. After a fault it continues from the stream's last message."""
        loop, recorded = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the process ends
                loop.call_soon_threadsafe(recorded.set)

        pause = SHORTEST_PAUSE
        while True:
            started = time.monotonic()
            try:
                async with self._store.calling(wake):
                    await self._follow(client, recorded)
            except StoreBehind as fault:
                # An error once, by whoever compares the store with the stream on every instance.
                log.info("relay of %s publishes nothing: %s", self._store.name, fault)
            except (Overtaken, NatsError, OSError, TimeoutError) as fault:
                log.info("relay of %s looks at its stream again: %s", self._store.name, fault or type(fault).__name__)
            except Exception:  # a fault of the database or the broker passes; the relay must outlive it
                log.exception("relay of %s", self._store.name)
            self.healthy = False
            self._report_stuck()
            went_well = time.monotonic() - started > LONGEST_PAUSE
            pause = SHORTEST_PAUSE if went_well else min(LONGEST_PAUSE, pause * 2)
            await asyncio.sleep(pause)

    async def _follow(self, client: Client, recorded: asyncio.Event) -> None:
        publisher = Publisher(client)
        end = self._continuity.stream_end()
        mark = await end.read(client)
        await asyncio.to_thread(self._continuity.compare, mark)
        if self._refused and await end.is_foreign(client, self._refused.sequence + 1):
            mark = replace(mark, announced=self._refused.announced)
        self._refused = None
        self.position = mark.position
        last: RecordedEvent | None = None
        looked = time.monotonic()
        while True:
            self.healthy = True
            recorded.clear()
            events = await asyncio.to_thread(self._store.events_after, self.position, WINDOW)
            self._note_waiting(bool(events))
            if events:
                # Whatever was put back meanwhile: nothing is published after an event that is gone.
                await asyncio.to_thread(self._compare, last, mark)
                mark = await self._publish(publisher, mark, events)
                last = events[-1]
                self.position = last.position.number
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOKED_AT_EVERY):
                    await recorded.wait()
                    await asyncio.sleep(COLLECTED_WITHIN)
            if time.monotonic() - looked >= LOOKED_AT_EVERY:
                await self._look(client, mark)
                await asyncio.to_thread(self._compare, last, mark)
                looked = time.monotonic()

    def _note_waiting(self, waits: bool) -> None:
        if not waits:
            self._waiting_since, self._is_reported = None, False
        elif self._waiting_since is None:
            self._waiting_since = time.monotonic()

    def _report_stuck(self) -> None:
        if self.waiting_seconds > STUCK_AFTER and not self._is_reported:
            seconds = self.waiting_seconds
            log.error("relay of %s does not move from %d for %.0f s", self._store.name, self.position, seconds)
            self._is_reported = True

    async def _look(self, client: Client, mark: Watermark) -> None:
        """Check the stream's end while nothing is recorded: a stream may lose messages, or be deleted."""
        last = (await client.jetstream().stream_info(self._stream)).state.last_seq
        if last != mark.sequence:
            raise Overtaken(f"the stream ends at {last}, not at {mark.sequence}")

    def _compare(self, last: RecordedEvent | None, mark: Watermark) -> None:
        """With the last event that this relay has seen, which may have announced nothing; at first with the stream."""
        if last:
            self._continuity.compare_event(last)
        else:
            self._continuity.compare(mark)

    async def _publish(self, publisher: Publisher, mark: Watermark, events: Sequence[RecordedEvent]) -> Watermark:
        acknowledgements: list[tuple[Watermark, asyncio.Future[Acknowledgement]]] = []
        for recorded in events:
            event = self._announce(recorded)
            if event is None:
                continue
            body = event.model_dump_json().encode()
            announced = Announced(recorded.position.number, mark.position, event.subject, body)
            acknowledgement = await publisher.publish(
                announced.subject, announced.body, announced.headers(self._key) | self._fence(mark, announced)
            )
            acknowledgements.append((mark, acknowledgement))
            mark = Watermark(mark.sequence + 1, announced)
        await self._acknowledged(acknowledgements)
        return mark

    def _fence(self, mark: Watermark, announced: Announced) -> dict[str, str]:
        return {
            "Nats-Expected-Stream": self._stream,
            "Nats-Expected-Last-Sequence": str(mark.sequence),
            # An id that nobody can use first, so that the broker takes none of ours for a duplicate.
            "Nats-Msg-Id": f"{announced.signature(self._key)}-{mark.sequence}",
        }

    async def _acknowledged(self, acknowledgements: list[tuple[Watermark, "asyncio.Future[Acknowledgement]"]]) -> None:
        if not acknowledgements:
            return
        futures = [future for _, future in acknowledgements]
        # Not wait_for, which in Python 3.11 forgets to be cancelled when the last answer comes at that moment.
        async with asyncio.timeout(ACKNOWLEDGED_WITHIN):
            results = await asyncio.gather(*futures, return_exceptions=True)
        for (before, _), result in zip(acknowledgements, results, strict=True):
            if isinstance(result, BaseException):
                # A foreign message that took this one's sequence lets the next ones pass the fence.
                self._refused = before
                raise Overtaken(str(result))
            if result.duplicate or result.sequence != before.sequence + 1:
                raise Overtaken(f"sequence {result.sequence} acknowledged where {before.sequence + 1} was expected")
