"""Uses the services of a running stack from this process: opens them, counts rows, and waits for their followers."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool

from deploy.embedded.stack import Stack
from services.planning.application import Planning
from services.reporting.application import Reporting
from shared.cli.opening import Closable
from shared.messaging.connection import connect
from shared.messaging.streams import LISTENERS
from shared.process import open_pool
from shared.settings import NatsServers, Settings

CAUGHT_UP_WITHIN = 60.0  # seconds
HISTORIES = 3  # on which an edition rests: of planning, indicators and reporting

Opened = TypeVar("Opened", bound=Closable)


class RunningServices:
    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    @contextmanager
    def open(self, service: str, build: Callable[[Settings, ConnectionPool], Opened]) -> Iterator[Opened]:
        with self.pool(service) as pool:
            application = build(self._stack.settings(service), pool)
            yield application
            application.close()

    @contextmanager
    def planning(self) -> Iterator[Planning]:
        with self.open("planning", Planning) as planning:
            yield planning

    @contextmanager
    def reporting(self) -> Iterator[Reporting]:
        with self.open("reporting", Reporting) as reporting:
            yield reporting

    @contextmanager
    def pool(self, service: str) -> Iterator[ConnectionPool]:
        with open_pool(self._stack.settings(service), service, size=2) as pool:
            yield pool

    def number(self, service: str, query: str) -> int:
        with self.pool(service) as pool, pool.connection() as connection:
            row = connection.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0

    def wait_until_followed(self) -> None:
        """Until everything is followed, twice in a row. TimeoutError after a minute."""
        deadline, quiet = time.monotonic() + CAUGHT_UP_WITHIN, 0
        while quiet < 2:
            quiet = quiet + 1 if followed(self._stack) else 0
            if time.monotonic() > deadline:
                raise TimeoutError("the services did not catch up within a minute")
            time.sleep(0.15)

    def wait_until_sealed(self, seals: Callable[[], int]) -> None:
        """Until an edition has its three checkpoints, for at most a minute: its documents bear them."""
        deadline = time.monotonic() + CAUGHT_UP_WITHIN
        while seals() < HISTORIES and time.monotonic() < deadline:
            time.sleep(0.2)

    def wait_until_mailed(self) -> None:
        """Until no notice waits, for at most a minute."""
        deadline = time.monotonic() + CAUGHT_UP_WITHIN
        while self.number("notifications", "SELECT count(*) FROM outbox") and time.monotonic() < deadline:
            time.sleep(0.2)


def followed(stack: Stack) -> bool:
    """Whether every service has announced what it stored, and every consumer has taken and acknowledged all of that.

    False, too, while a service is away.
    """
    return all(_is_announced(stack, service) for service in stack.services) and asyncio.run(is_taken(stack))


def _is_announced(stack: Stack, service: str) -> bool:
    parameters: dict[str, Any] = stack.settings(service).database(service)
    with psycopg.connect(**parameters, connect_timeout=5) as connection:
        row = connection.execute(newest_position(service)).fetchone()
    return row is not None and announced_position(stack, service) >= row[0]


def newest_position(service: str) -> sql.Composed:
    """The query for the position of the last event that a service stored."""
    events = sql.Identifier(f"{service}_events")
    return sql.SQL("SELECT coalesce(max(notification_id), 0) FROM {}").format(events)


def announced_position(stack: Stack, service: str) -> float:
    """Of the last event that an instance of the service announced; -1 where none answers."""
    measured = (each.metrics() for each in stack.running if each.service == service)
    return max((numbers.get("minhbach_announced_position", -1) for numbers in measured), default=-1)


async def is_taken(stack: Stack) -> bool:
    """Whether every consumer has taken and acknowledged all that its stream holds."""
    client = await connect(NatsServers.from_env({"NATS_URL": stack.servers.nats_url}))
    try:
        requests = [client.jetstream().consumer_info(listener.stream, listener.name) for listener in LISTENERS]
        infos = await asyncio.gather(*requests)
    finally:
        await client.close()
    return all(not info.num_pending and not info.num_ack_pending for info in infos)
