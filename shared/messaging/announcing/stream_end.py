"""Reads where an event stream ends: its last message, and the last one that its service's relay wrote."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg, StreamInfo
from nats.js.errors import NotFoundError

from shared.messaging.announcing.announced import Announced, Foreign
from shared.messaging.announcing.stream_owner import is_of_another_database

Recognise = Callable[[Announced], bool]


@dataclass(frozen=True)
class Watermark:
    """The last sequence of a stream and its last announcement; `missing` messages were lost before it.

    `is_foreign` where another database announced all of it.
    """

    sequence: int
    announced: Announced | None = None
    missing: int = 0
    is_foreign: bool = False

    @property
    def position(self) -> int:
        return self.announced.position if self.announced else 0


def unsigned_is_foreign(_: Announced) -> bool:
    """The default for `recognise`."""
    return False


class StreamEnd:
    """Passes over foreign messages and holes at the end of a stream, each once. An unchanged stream is not read again.

    `recognise` decides about messages without a signature: versions before this one wrote them.
    """

    def __init__(self, stream: str, key: bytes, recognise: Recognise = unsigned_is_foreign) -> None:
        self._stream = stream
        self._key = key
        self._recognise = recognise
        self._created: datetime | None = None
        # No announcement is among these sequences, the lowest to the highest.
        self._lowest, self._highest = 1, 0
        self._found: tuple[StreamInfo, Watermark] | None = None

    async def read(self, client: Client, at_most: int | None = None) -> Watermark:
        """The end as it is now. With `at_most`, it may be found only after several calls, and is None until then."""
        jetstream = client.jetstream()
        stream = await jetstream.stream_info(self._stream)
        state = stream.state
        if self._found and _same(stream, self._found[0]):
            return self._found[1]
        first, last = max(state.first_seq, 1), state.last_seq
        if stream.created != self._created or last < self._highest:
            self._created, self._lowest, self._highest = stream.created, last + 1, last
        announced = await self._among_new(jetstream, max(first, self._highest + 1), last)
        if not announced:
            announced = await self._among_old(jetstream, first, at_most)
        missing = max(0, last - first + 1 - state.messages) if state.messages else 0
        mark = Watermark(last, announced, missing, is_of_another_database(stream.config.metadata, self._key))
        self._found = (stream, mark) if announced else None
        return mark

    async def _among_new(self, jetstream: JetStreamContext, first: int, last: int) -> Announced | None:
        """The last announcement since the last call."""
        for sequence in range(last, first - 1, -1):
            if announced := await self._announced_at(jetstream, sequence):
                self._lowest, self._highest = sequence + 1, last
                return announced
        self._highest = last
        return None

    async def _among_old(self, jetstream: JetStreamContext, first: int, at_most: int | None) -> Announced | None:
        """The last announcement before what was passed over. It is read again: it may have been lost with its file."""
        lowest = self._lowest
        for sequence in range(lowest - 1, first - 1, -1):
            if at_most is not None and lowest - sequence > at_most:
                break
            if announced := await self._announced_at(jetstream, sequence):
                return announced
            self._lowest = sequence
        return None

    async def is_foreign(self, client: Client, sequence: int) -> bool:
        """Whether a message is there that the relay did not write."""
        try:
            message = await client.jetstream().get_msg(self._stream, seq=sequence)
        except NotFoundError:
            return False
        return await self._announced(message) is None

    async def _announced_at(self, jetstream: JetStreamContext, sequence: int) -> Announced | None:
        try:
            return await self._announced(await jetstream.get_msg(self._stream, seq=sequence))
        except NotFoundError:  # lost with its file
            return None

    async def _announced(self, message: RawStreamMsg) -> Announced | None:
        parts = message.subject or "", message.headers, message.data or b""
        try:
            return Announced.of(*parts, self._key)
        except Foreign:
            pass
        try:
            unsigned = Announced.unverified(*parts)
        except Foreign:
            return None
        return unsigned if await asyncio.to_thread(self._recognise, unsigned) else None


def _same(stream: StreamInfo, before: StreamInfo) -> bool:
    """Whether nothing was added to, removed from or lost by a stream, and it is the same one with the same owner."""
    return (stream.created, stream.state, stream.config.metadata) == (
        before.created,
        before.state,
        before.config.metadata,
    )
