"""Calls whoever waits for the commits of a service that other processes make: commands, and its other instances."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from psycopg import AsyncConnection, Error
from psycopg.sql import SQL, Composed, Identifier

AGAIN_AFTER = 2.0  # seconds

log = logging.getLogger(__name__)


def notify(service: str) -> Composed:
    """The statement that calls."""
    return SQL("NOTIFY {}").format(Identifier(_channel(service)))


async def listen(service: str, database: Mapping[str, str], call: Callable[[], None]) -> None:
    """Until cancelled. A call that came while the connection was made again is lost: one is made in its place."""
    statement = SQL("LISTEN {}").format(Identifier(_channel(service)))
    parameters: dict[str, Any] = {**database, "autocommit": True, "connect_timeout": 5}
    while True:
        try:
            async with await AsyncConnection.connect(**parameters) as connection:
                await connection.execute(statement)
                call()
                await _call_for_each(connection, call)
        except (Error, OSError) as away:
            log.info("no calls for commits of %s in other processes: %s", service, away)
        except Exception:  # nobody awaits this: it would end unseen, and relays would only look every few seconds
            log.exception("no calls for commits of %s in other processes", service)
        await asyncio.sleep(AGAIN_AFTER)


async def _call_for_each(connection: AsyncConnection, call: Callable[[], None]) -> None:
    """Until the connection ends, by an error. `notifies` of psycopg 3.3 looks ten times a second."""
    loop, readable, number = asyncio.get_running_loop(), asyncio.Event(), connection.fileno()
    loop.add_reader(number, readable.set)
    try:
        while True:
            await readable.wait()
            readable.clear()
            connection.pgconn.consume_input()
            while connection.pgconn.notifies():
                call()
    finally:
        loop.remove_reader(number)


def _channel(service: str) -> str:
    return f"minhbach_{service}_commits"
