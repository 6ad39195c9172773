"""What takes long to make and is made with the first request that needs it."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class MadeOnce(Generic[Made]):
    """Made in a thread for whoever asks first; all who ask meanwhile wait for the same. After a fault, made again."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: asyncio.Future[Made] | None = None

    async def get(self) -> Made:
        """What the function raises is raised for all who wait for it."""
        if self._made is None or (self._made.done() and self._made.exception()):
            self._made = asyncio.ensure_future(asyncio.to_thread(self._make))
        return await asyncio.shield(self._made)  # one who goes away meanwhile ends it for nobody
