"""Connections of a service to its tables: apart from its process, for commands that need nothing of a broker."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from shared.settings import Settings

ASKED_AFTER = 30.0  # seconds
_used: WeakKeyDictionary[Connection[Any], float] = WeakKeyDictionary()


def open_pool(settings: Settings, service: str, size: int = 4) -> ConnectionPool:
    """Connections as the service's own role, made when they are needed; broken ones are replaced before use."""
    return ConnectionPool(
        kwargs=settings.database(service) | {"connect_timeout": 5},
        min_size=0,
        max_size=size,
        timeout=10,
        check=check,
        open=True,
    )


def check(connection: Connection[Any]) -> None:
    """An exception where the server has ended the connection, which it announces by itself.

    It is asked only where it has sent something unasked, or the connection was not used for a while: it may have died
    without a word. Else each question of a page would pay for the way there and back.
    """
    now = time.monotonic()
    unused, _used[connection] = now - _used.get(connection, 0.0), now
    socket = select.poll()
    socket.register(connection.pgconn.socket, select.POLLIN)
    if unused > ASKED_AFTER or socket.poll(0):
        ConnectionPool.check_connection(connection)


@contextmanager
def reading(pool: ConnectionPool) -> Iterator[Connection]:
    """A connection for statements that read, each by itself: without the begin and the end of a transaction."""
    with pool.connection() as connection:
        connection.autocommit = True
        try:
            yield connection
        finally:
            try:
                connection.autocommit = False
            except psycopg.Error:  # it is broken, or in a transaction still
                connection.close()
