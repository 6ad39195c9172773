"""The calendar's part: whoever leads looks every day, and every minute, at the deadlines whose day has come."""

import asyncio
import logging
import time

from services.planning.application import Planning
from shared.clock import Clock, day_of

EVERY = 60.0  # seconds, for the plans issued and the tasks reopened since
POLLED_EVERY = 0.2  # a demonstration moves the clock several days in a second

log = logging.getLogger(__name__)


async def sweep_for_ever(planning: Planning, clock: Clock, every: float = EVERY) -> None:
    """Until cancelled. Days on which nobody looked need no catching up: today's sweep announces what they left."""
    swept_on, swept_at = None, 0.0
    await asyncio.to_thread(planning.refresh)
    while True:
        try:
            today = day_of(clock())
            if today != swept_on or time.monotonic() - swept_at > every:
                swept = await asyncio.to_thread(planning.sweep, today)
                swept_on, swept_at = today, time.monotonic()
                log.debug("%s: %s", today, swept)
        except Exception:  # it may pass (the database is away): the same day again
            log.exception("sweep of deadlines")
            await asyncio.sleep(1)
        await asyncio.sleep(POLLED_EVERY)
