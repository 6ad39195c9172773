"""Compares an event store with its own stream: one that was put back to a backup lacks what the stream announced."""

import asyncio
import logging

from nats.aio.client import Client

from shared.messaging.announcing.announced import Announced
from shared.messaging.announcing.stream_end import StreamEnd, Watermark
from shared.messaging.streams import events_stream
from shared.record.event_store import EventStore, RecordedEvent

COMPARED_EVERY = 2.0  # seconds; putting back a backup takes longer, and the database is away meanwhile

log = logging.getLogger(__name__)


class StoreBehind(Exception):
    """The event store lacks events that its stream announced. The message is for the operator."""


class Continuity:
    """`behind` is how many positions the store is behind its stream: 0 where all is well, None while nobody knows.

    `missing` is how many messages the stream lost between its first and its last one.
    """

    def __init__(self, store: EventStore, key: bytes) -> None:
        self._store = store
        self._stream = events_stream(store.name)
        self._key = key
        self._end = self.stream_end()
        self.behind: int | None = None
        self.missing = 0

    def stream_end(self) -> StreamEnd:
        """A reader of the stream's end, which knows messages of earlier versions by the store."""
        return StreamEnd(self._stream, self._key, self.holds)

    async def watch(self, client: Client) -> None:
        """Compare every two seconds until cancelled; on every instance, because each takes submissions."""
        while True:
            try:
                async with asyncio.timeout(5 * COMPARED_EVERY):
                    await self._look(client)
            except Exception as away:  # noqa: BLE001  the broker or the database is away: compared when it is back
                log.info("%s cannot be compared with its stream: %s", self._store.name, away or type(away).__name__)
                self.behind = None
            await asyncio.sleep(COMPARED_EVERY)

    async def _look(self, client: Client) -> None:
        mark = await self._end.read(client)
        if mark.missing > self.missing:
            log.error("%s lost %d messages; those who miss them ask for them", self._stream, mark.missing)
        self.missing = mark.missing
        try:
            await asyncio.to_thread(self.compare, mark)
        except StoreBehind as fault:
            if not self.behind:
                log.error("%s takes no submissions: %s", self._store.name, fault)
            self.behind = max(1, mark.position - await asyncio.to_thread(self._store.newest_position))
        else:
            self.behind = 0

    def compare(self, mark: Watermark) -> None:
        """StoreBehind unless the store holds the event that the stream announced last."""
        if mark.is_foreign:
            raise StoreBehind(f"{self._stream} was announced by another database. Run: minhbach recover")
        if mark.announced and not self.holds(mark.announced):
            raise self._fault(mark.position)

    def compare_event(self, recorded: RecordedEvent) -> None:
        """StoreBehind unless the store still holds an event that was read from it before."""
        if not self._store.holds(recorded.position.number, recorded.event_id, recorded.position.recorded_at):
            raise self._fault(recorded.position.number)

    def holds(self, announced: Announced) -> bool:
        identity = announced.identity()
        return identity is not None and self._store.holds(announced.position, *identity)

    def _fault(self, position: int) -> StoreBehind:
        return StoreBehind(
            f"its event store ends at position {self._store.newest_position()} and does not hold event {position},"
            f" which {self._stream} announced; was the database put back to a backup? Run: minhbach recover"
        )
