"""Runs a service's daily work when the day changes, and again every minute for what was recorded since."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import date

from shared.clock import Clock, day_of

EVERY = 60.0  # seconds
POLLED_EVERY = 0.2  # seconds: a demonstration moves the clock several days in a second

log = logging.getLogger(__name__)


async def run_daily(work: Callable[[date], object], clock: Clock, every: float = EVERY) -> None:
    """Call `work(today)` in a thread until cancelled.

    Days on which no instance ran are not caught up: the work of today covers what they left. A fault is logged and the
    same day is tried again.
    """
    last_day, last_run = None, 0.0
    while True:
        try:
            today = day_of(clock())
            if today != last_day or time.monotonic() - last_run > every:
                done = await asyncio.to_thread(work, today)
                last_day, last_run = today, time.monotonic()
                log.debug("%s: %s", today, done)
        except Exception:  # it may pass (the database is away): the same day again
            log.exception("daily work")
            await asyncio.sleep(1)
        await asyncio.sleep(POLLED_EVERY)
