"""Ends tasks of the event loop."""

import asyncio
from collections.abc import Iterable
from typing import Any

TRIED_AGAIN_AFTER = 2.0  # seconds


async def cancel(tasks: "Iterable[asyncio.Future[Any]]") -> None:
    """Cancel them until all have ended: a request of nats-py may forget that it was cancelled.

    `asyncio.wait_for` of Python 3.11 takes a cancellation for nothing where its result comes at the same moment.
    """
    left = set(tasks)
    while left := {task for task in left if not task.done()}:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=TRIED_AGAIN_AFTER)
