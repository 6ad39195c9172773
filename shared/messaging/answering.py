"""Answers requests, of each commune one after another: whoever asks a lot delays itself alone."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable

from nats.aio.msg import Msg

ANSWERED_AT_ONCE = 2  # each takes one of the service's few connections to PostgreSQL
MOST_WAITING = 500  # requests of one commune; what is more has no answer, and is asked again

log = logging.getLogger(__name__)


class Answering:
    """The commune is the last token of the subject, as the broker guarantees."""

    def __init__(self, answer: Callable[[Msg], Awaitable[bytes]]) -> None:
        self._answer = answer
        self._waiting: Counter[str] = Counter()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free = asyncio.Semaphore(ANSWERED_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, message: Msg) -> None:
        commune = message.subject.rpartition(".")[2]
        # Whoever asks without an address for the answer needs none.
        if not message.reply or self._waiting[commune] >= MOST_WAITING:
            return
        self._waiting[commune] += 1
        task = asyncio.create_task(self._respond(commune, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """What waits still is asked again, of another instance."""
        for task in self._tasks:
            task.cancel()

    async def _respond(self, commune: str, message: Msg) -> None:
        try:
            async with self._turns[commune], self._free:
                await message.respond(await self._answer(message))
        except Exception:
            log.exception("a request on %s", message.subject)
        finally:
            self._waiting[commune] -= 1
            if not self._waiting[commune]:  # nobody has its lock
                del self._waiting[commune], self._turns[commune]
