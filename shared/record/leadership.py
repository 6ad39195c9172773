"""Elects the leader among the instances of a service, which follows other services and publishes its events.

Correctness does not depend on it (the relay is fenced, the tracking row is locked); it avoids double work. The lease is
a transaction: a leader that dies or is stopped loses it within ten seconds.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

from shared.cancelling import cancel
from shared.settings import Settings

LEASE = 10
RENEWED_EVERY = 2.0

log = logging.getLogger(__name__)


class Leadership:
    def __init__(self, settings: Settings, service: str) -> None:
        self._database = settings.database(service)
        self._service = service
        self.held = False

    async def lead(self, *works: Callable[[], Awaitable[None]]) -> None:
        """Wait for the lease, then run `works` for as long as it is held; until cancelled."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**self._database, connect_timeout=5) as connection:  # type: ignore[arg-type]
                    await self._hold(connection, works)
            except psycopg.Error as lost:
                log.info("%s does not lead: %s", self._service, lost)
            await asyncio.sleep(RENEWED_EVERY)

    async def _hold(self, connection: Any, works: tuple[Callable[[], Awaitable[None]], ...]) -> None:
        await connection.execute(f"SET idle_in_transaction_session_timeout = '{LEASE}s'")
        await connection.commit()
        while not await self._acquired(connection):
            await connection.rollback()
            await asyncio.sleep(RENEWED_EVERY)
        tasks = [asyncio.ensure_future(work()) for work in works]
        self.held = True
        try:
            while not any(task.done() for task in tasks):
                await connection.execute("SELECT 1")
                await asyncio.wait(tasks, timeout=RENEWED_EVERY, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done() and not task.cancelled() and (fault := task.exception()):
                    log.error("%s stops leading: %r", self._service, fault)
        finally:
            self.held = False
            await cancel(tasks)

    async def _acquired(self, connection: Any) -> bool:
        cursor = await connection.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s))", (f"minhbach leads {self._service}",)
        )
        row = await cursor.fetchone()
        return bool(row and row[0])
