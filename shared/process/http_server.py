"""uvicorn, woken once a second for its Date header and at once by a signal; its own loop looks ten times a second."""

import asyncio
import contextlib
from collections.abc import Callable
from types import FrameType

import uvicorn

WOKEN_EVERY = 1.0  # seconds


class HttpServer(uvicorn.Server):
    _wake: Callable[[], object] = staticmethod(lambda: None)

    async def main_loop(self) -> None:
        loop, signalled = asyncio.get_running_loop(), asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(signalled.set)
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WOKEN_EVERY):
                    await signalled.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._wake()
