"""Follows the stream of another service: takes its messages, has gaps filled from its event store, and reports whether
it moves."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from nats.aio.msg import Msg

from shared.messaging.announcing.announced import Announced, Foreign
from shared.messaging.announcing.stream_end import StreamEnd
from shared.messaging.bus import Bus
from shared.messaging.following.follower import Follower
from shared.messaging.following.missed import fetch_missed
from shared.messaging.following.set_aside import SetAside
from shared.messaging.streams import events_stream

AGAIN_AFTER = 0.2  # seconds
LONGEST_DELAY = 60  # seconds
LOOKED_AT_EVERY = 2.0  # seconds
LOOKED_AT_ONCE = 1000  # messages
ASKED_AFTER = 5.0  # seconds behind without a move, before the source is asked for what is missing
STUCK_AFTER = 45.0  # seconds; with the time of a look less than a minute

log = logging.getLogger(__name__)


class FollowedStream:
    """The messages of one source. `behind` is the number of positions that are announced and not applied."""

    def __init__(self, follower: Follower, bus: Bus, key: bytes) -> None:
        self.source = follower.source
        self.behind = 0
        self.fetched = 0
        self.position = 0
        self._follower = follower
        self._bus = bus
        self._key = key
        self._end = StreamEnd(events_stream(self.source), key)
        self._moved_at = time.monotonic()
        self._behind_since: float | None = None
        self._is_reported = False
        self._applying = asyncio.Lock()

    @property
    def set_aside(self) -> int:
        """How many messages were set aside since the process started."""
        return self._follower.set_aside_count

    @property
    def not_kept(self) -> int:
        """How many of them were not kept, since there are too many."""
        return self._follower.not_kept_count

    @property
    def behind_seconds(self) -> float:
        """For how long it has been behind without a break; 0 where it is not."""
        return 0.0 if self._behind_since is None else time.monotonic() - self._behind_since

    @property
    def is_moving(self) -> bool:
        """Whether it is up to date or has moved lately, as far as could be looked at."""
        return time.monotonic() - self._moved_at < STUCK_AFTER

    async def take(self, messages: Sequence[Msg]) -> None:
        """Apply the contiguous prefix of a batch, commit, then acknowledge. Foreign messages are set aside.

        What follows a gap is taken once the gap is filled from the source's event store.
        """
        try:
            announced = {message.reply: self._read(message) for message in messages}
            foreign = [each for each in announced.values() if isinstance(each, SetAside)]
            genuine = sorted((a for a in announced.values() if isinstance(a, Announced)), key=lambda a: a.position)
            if foreign:
                await asyncio.to_thread(self._follower.set_aside, foreign)
            async with self._applying:
                applied_until = await self._apply(genuine)
                if genuine and genuine[-1].position > applied_until:
                    applied_until = await self._catch_up(genuine[-1].position)
        except Exception:  # it may pass (the database is away): everything is delivered again, later and later
            log.exception("following %s", self.source)
            for message in messages:
                await message.nak(delay=min(LONGEST_DELAY, 2 ** min(message.metadata.num_delivered, 6)))
            return
        for message in messages:
            each = announced[message.reply]
            if isinstance(each, SetAside) or each.position <= applied_until:
                await message.ack()
            else:
                await message.nak(delay=AGAIN_AFTER)

    async def _catch_up(self, until: int | None = None) -> int:
        """Apply what the source's event store holds after this position, as far as it answers. Returns the position."""
        position = before = await asyncio.to_thread(self._follower.position)
        while until is None or position < until:
            missed = await fetch_missed(self._bus.client, self.source, position, self._key)
            applied_until = await self._apply(missed)
            if applied_until <= position:
                break
            self.fetched += len(missed)
            position = applied_until
        if position > before:
            log.warning("%s was asked for what its stream did not bring: %d to %d", self.source, before, position)
        return position

    async def watch(self, leads: Callable[[], bool]) -> None:
        """Look every two seconds how far the source and this service are, until cancelled; on every instance.

        The leader asks the source for what is missing where nothing moves: a message that the broker took for
        delivered, or lost with the end of its stream, comes no more.
        """
        while True:
            try:
                async with asyncio.timeout(STUCK_AFTER):
                    await self._look()
                    if leads() and not self._applying.locked() and time.monotonic() - self._moved_at > ASKED_AFTER:
                        async with self._applying:
                            await self._catch_up()
            except Exception as away:  # noqa: BLE001  the broker or the database is away: looked at when it is back
                log.info("how far %s is cannot be read: %s", self.source, away or type(away).__name__)
            await asyncio.sleep(LOOKED_AT_EVERY)

    async def _look(self) -> None:
        announced = (await self._end.read(self._bus.client, LOOKED_AT_ONCE)).position
        position = await asyncio.to_thread(self._follower.position)
        if position >= announced or position != self.position:
            self._moved_at = time.monotonic()
        self.position, self.behind = position, max(0, announced - position)
        self._behind_since = (self._behind_since or time.monotonic()) if self.behind else None
        if self.is_moving:
            self._is_reported = False
        elif not self._is_reported:
            log.error("following %s does not move from %d to %d", self.source, position, announced)
            self._is_reported = True

    async def _apply(self, announced: Sequence[Announced]) -> int:
        return await asyncio.to_thread(self._follower.apply, announced)

    def _read(self, message: Msg) -> Announced | SetAside:
        try:
            return Announced.of(message.subject, message.headers, message.data, self._key)
        except Foreign as reason:
            return SetAside(message.subject, message.headers or {}, message.data, str(reason))
