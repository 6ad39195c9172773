"""One service as a process: what it hears, what it announces, its health and metrics over HTTP, and its end."""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import nats
import uvloop
from faststream.asgi import AsgiFastStream, AsgiResponse, get
from nats.aio.msg import Msg
from prometheus_client import Gauge, make_asgi_app
from psycopg import Error as DatabaseError
from psycopg_pool import ConnectionPool

from shared import streams
from shared.bus import Bus, Take
from shared.event_store import EventStore
from shared.leadership import Leadership
from shared.relay import Announce, Relay
from shared.settings import Settings
from shared.streams import Listener

EXIT_NOT_PROVISIONED = 78
WATCHED_EVERY = 5.0
SILENT_TOO_LONG = 60.0

Task = Callable[[], Awaitable[None]]

log = logging.getLogger(__name__)


class Process:
    """A service assembled: what every instance does, and what only the one that leads does."""

    def __init__(
        self,
        settings: Settings,
        store: EventStore,
        announce: Announce,
        pool: "ConnectionPool[Any]",
    ) -> None:
        self.settings = settings
        self.bus = Bus(settings.nats_url, store.name)
        self.store = store
        self.pool = pool
        self.relay = Relay(store, announce)
        self._leadership = Leadership(settings, store.name)
        self._measure()
        self._always: list[Task] = [self._beat]
        self._answers: dict[str, Callable[[Msg], Awaitable[bytes]]] = {}
        self._leading: list[Task] = [lambda: self.relay.run(self.bus.client)]
        self._running: list[asyncio.Task[None]] = []
        self._heartbeat = time.monotonic()
        self.app = AsgiFastStream(
            self.bus.broker,
            logger=log,
            asgi_routes=[
                ("/health/live", get(self._live)),
                ("/health/ready", get(self._ready)),
                ("/metrics", make_asgi_app(self.bus.registry)),
            ],
            on_startup=[self._start],
            on_shutdown=[self._stop],
        )

    def _measure(self) -> None:
        registry = self.bus.registry
        leads = Gauge("minhbach_leads", "1 for the instance that follows and announces", registry=registry)
        leads.set_function(lambda: float(self._leadership.held))
        announced = Gauge("minhbach_announced_position", "The last position this relay announced", registry=registry)
        announced.set_function(lambda: float(self.relay.position))

    def takes(self, listener: Listener, take: Take) -> None:
        """Every instance takes its share of a consumer's messages, in no order."""
        self._always.append(lambda: self.bus.pull(listener, take))

    def follows(self, listener: Listener, take: Take) -> None:
        """The leader takes a consumer's messages, in order."""
        self._leading.append(lambda: self.bus.pull(listener, take))

    def leads(self, task: Task) -> None:
        """The leader does this until it ends."""
        self._leading.append(task)

    def works(self, task: Task) -> None:
        """Every instance does this until it ends."""
        self._always.append(task)

    def answers(self, subject: str, answer: Callable[[Msg], Awaitable[bytes]]) -> None:
        """One of the instances answers a request."""
        self._answers[subject] = answer

    def run(self) -> None:
        """Until a signal ends it. Exit code 78: the broker is not provisioned; 75: the connection closed."""
        uvloop.run(self._run())

    async def _run(self) -> None:
        await self._check()
        threading.Thread(target=self._watch, daemon=True).start()
        await self.app.run(
            log_level=logging.WARNING,
            run_extra_options={"host": self.settings.http_host, "port": self.settings.http_port},
        )

    async def _check(self) -> None:
        client = await nats.connect(self.bus.url, max_reconnect_attempts=-1, name=f"{self.bus.name} check")
        try:
            await streams.check(client.jetstream(), self.store.name)
        finally:
            await client.close()

    async def _start(self) -> None:
        await self.bus.start()
        for subject, answer in self._answers.items():
            await self.bus.answer(subject, self.store.name, answer)
        works = [*self._always, lambda: self._leadership.lead(*self._leading)]
        self._running = [asyncio.ensure_future(self._for_ever(work)) for work in works]

    async def _for_ever(self, work: Task) -> None:
        while True:
            try:
                await work()
            except Exception:  # what failed may pass; a process that works by half would be worse than a slow one
                log.exception("%s works on after", self.store.name)
            await asyncio.sleep(1)

    async def _stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.bus.stop()
        await asyncio.to_thread(self.pool.close)
        await asyncio.to_thread(self.store.close)

    async def _beat(self) -> None:
        while True:
            self._heartbeat = time.monotonic()
            await asyncio.sleep(1)

    def _watch(self) -> None:
        # A thread of its own: a deleted consumer leaves a healthy ping, a closed connection can starve the event loop.
        while True:
            time.sleep(WATCHED_EVERY)
            if time.monotonic() - self._heartbeat > SILENT_TOO_LONG:
                log.critical("the event loop has been silent for %s s", SILENT_TOO_LONG)
                os._exit(os.EX_SOFTWARE)
            try:
                asyncio.run(asyncio.wait_for(self._check(), SILENT_TOO_LONG))
            except streams.NotProvisioned as missing:
                log.critical("%s", missing)
                os._exit(EXIT_NOT_PROVISIONED)
            except Exception as away:  # noqa: BLE001  the broker is away: the connection itself waits for it
                log.warning("NATS cannot be looked at: %s", away or type(away).__name__)

    async def _live(self, scope: Any) -> AsgiResponse:
        return AsgiResponse(b"live\n", 200)

    async def _ready(self, scope: Any) -> AsgiResponse:
        missing = [what for what, there in (await self._state()).items() if not there]
        return AsgiResponse(f"not ready: {', '.join(missing)}\n".encode(), 503) if missing else AsgiResponse(b"ready\n")

    async def _state(self) -> dict[str, bool]:
        return {
            "nats": await self.bus.broker.ping(2),
            "postgresql": await asyncio.to_thread(self._database_answers),
            "relay": self.relay.healthy or not self._leadership.held,
        }

    def _database_answers(self) -> bool:
        try:
            with self.pool.connection(timeout=2) as connection:
                connection.execute("SELECT 1")
        except (DatabaseError, TimeoutError):
            return False
        return True


def open_pool(settings: Settings, service: str, size: int = 4) -> "ConnectionPool[Any]":
    """Connections as the service's own role; broken ones are replaced before use."""
    return ConnectionPool(
        kwargs=settings.database(service) | {"connect_timeout": 5},
        min_size=1,
        max_size=size,
        timeout=10,
        check=ConnectionPool.check_connection,
        open=True,
    )
