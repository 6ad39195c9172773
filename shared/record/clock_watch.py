"""Compares the clock of a process with the database's, for readiness and metrics."""

import asyncio
import logging
from datetime import timedelta

from shared.record.event_store import LARGEST_CLOCK_DIFFERENCE, EventStore, clock_fault

COMPARED_EVERY = 5.0  # seconds

log = logging.getLogger(__name__)


class ClockWatch:
    """`ahead` is by how much this machine's clock is ahead of the database's, as last compared."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.ahead = timedelta()

    @property
    def agrees(self) -> bool:
        return abs(self.ahead) <= LARGEST_CLOCK_DIFFERENCE

    async def run(self) -> None:
        """Compare every five seconds until cancelled."""
        while True:
            agreed = self.agrees
            try:
                self.ahead = await asyncio.to_thread(self._store.clock_ahead)
            except Exception as away:  # noqa: BLE001  the database is away: compared when it is back
                log.info("the clock of %s cannot be compared: %s", self._store.name, away or type(away).__name__)
            if agreed and not self.agrees:
                log.error("%s takes no submissions. %s", self._store.name, clock_fault(self.ahead))
            await asyncio.sleep(COMPARED_EVERY)
