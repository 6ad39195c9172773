"""Seals a service's new events every minute, and at once where an event of its choice is among them; announces it."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from psycopg_pool import ConnectionPool

from shared.contracts.seals import SEAL_NOW
from shared.messaging.announcing.announced_checkpoints import announced
from shared.messaging.announcing.publisher import Publisher
from shared.record.checkpoints import Sealed, checkpoints_of, waits_for_seal
from shared.record.owner_changes import owner_changes
from shared.record.sealing import SealRefused, seal
from shared.seals.key_file import SealKey

SEALED_EVERY = 60.0
LOOKED_AT_EVERY = 1.0
ACKNOWLEDGED_WITHIN = 5.0

log = logging.getLogger(__name__)


class Sealer:
    """Run by the leader of a service's instances. `size` is that of the last checkpoint which this one has seen.

    `owner_changes` is how often the owner of the database changed a table of history, of any service.
    """

    def __init__(self, service: str, pool: ConnectionPool, key: SealKey | None, announcement_key: bytes) -> None:
        self._service = service
        self._pool = pool
        self._key = key
        self._announcement_key = announcement_key
        self._urgent: tuple[str, ...] = ()
        self._announced = 0
        self._last_change = 0
        self.size = 0
        self.healthy = True
        self.owner_changes = 0

    def seals_at_once(self, *stored_names: str) -> None:
        """Do not wait for the minute to end where an event of these names is recorded."""
        self._urgent = stored_names

    async def run(self, client: Client) -> None:
        """Until cancelled. Without a key nothing is sealed."""
        if self._key is None:
            log.warning("%s seals nothing: MINHBACH_SEAL_KEY names no key", self._service)
            await asyncio.Event().wait()
        asked = asyncio.Event()
        if self._urgent:  # it calls the others; the broker lets nobody hear itself
            await self._work(client, asked)
            return

        async def seal_now(_: Msg) -> None:
            asked.set()

        subscription = await client.subscribe(SEAL_NOW, cb=seal_now)
        try:
            await self._work(client, asked)
        finally:
            with contextlib.suppress(NatsError):
                await subscription.unsubscribe()

    async def _work(self, client: Client, asked: asyncio.Event) -> None:
        publisher, sealed_at = Publisher(client), -SEALED_EVERY
        while True:
            try:
                is_urgent = bool(self._urgent) and await asyncio.to_thread(self._is_urgent)
                if is_urgent or asked.is_set() or time.monotonic() - sealed_at >= SEALED_EVERY:
                    asked.clear()
                    await asyncio.to_thread(self._report_owner)
                    await asyncio.to_thread(self._seal)
                    sealed_at = time.monotonic()
                    await self._announce(publisher)
                    self.healthy = True
                    if is_urgent:  # what an edition rests on is of other services too
                        await client.publish(SEAL_NOW)
            except SealRefused as refused:
                if self.healthy:
                    log.critical("%s seals nothing: %s", self._service, refused)
                self.healthy, sealed_at = False, time.monotonic()
            except Exception as away:  # noqa: BLE001  a server is away: it is sealed when it is back
                log.info("%s could not be sealed: %s", self._service, away or type(away).__name__)
            await asyncio.sleep(LOOKED_AT_EVERY)

    def _is_urgent(self) -> bool:
        with self._pool.connection() as connection:
            return self.healthy and waits_for_seal(connection, self._service, self._urgent)

    def _report_owner(self) -> None:
        with self._pool.connection() as connection:
            changes = owner_changes(connection, self._last_change)
        for change in changes:
            log.critical(
                "the owner of the database changed %s: %s by %s, %s",
                change.object, change.command, change.login, change.changed_at,
            )  # fmt: skip
            self._last_change = change.number
        self.owner_changes += len(changes)

    def _seal(self) -> None:
        assert self._key
        with self._pool.connection() as connection:
            while sealed := seal(connection, self._service, self._key):
                self.size = sealed.size
                connection.commit()

    async def _announce(self, publisher: Publisher) -> None:
        """The checkpoints that this instance has not announced; of those before its start the last one, once more."""
        for sealed in await asyncio.to_thread(self._unannounced):
            message = announced(sealed)
            # An id that nobody can use first, so that the broker does not take it for a duplicate.
            unique = {"Nats-Msg-Id": message.signature(self._announcement_key)}
            headers = message.headers(self._announcement_key) | unique
            acknowledgement = await publisher.publish(message.subject, message.body, headers)
            async with asyncio.timeout(ACKNOWLEDGED_WITHIN):
                await acknowledgement
            self._announced = sealed.size

    def _unannounced(self) -> Sequence[Sealed]:
        with self._pool.connection() as connection:
            found = checkpoints_of(connection, self._service, after=self._announced)
        if found:
            self.size = found[-1].size
        return found if self._announced else found[-1:]
