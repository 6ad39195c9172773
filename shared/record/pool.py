"""Connections of a service to its tables: apart from its process, for commands that need nothing of a broker."""

import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from shared.settings import Settings


def open_pool(settings: Settings, service: str, size: int = 4) -> ConnectionPool:
    """Connections as the service's own role; broken ones are replaced before use."""
    return ConnectionPool(
        kwargs=settings.database(service) | {"connect_timeout": 5},
        min_size=1,
        max_size=size,
        timeout=10,
        check=check,
        open=True,
    )


def check(connection: Connection[Any]) -> None:
    """An exception where the server has ended the connection, which it announces by itself.

    Only where it has sent something unasked it is asked: each question of a page would pay for the way there and back.
    """
    socket = select.poll()
    socket.register(connection.pgconn.socket, select.POLLIN)
    if socket.poll(0):
        ConnectionPool.check_connection(connection)


@contextmanager
def reading(pool: ConnectionPool) -> Iterator[Connection]:
    """A connection for statements that read, each by itself: without the begin and the end of a transaction."""
    with pool.connection() as connection:
        connection.autocommit = True
        try:
            yield connection
        finally:
            with suppress(psycopg.Error):  # it is broken, and not used again
                connection.autocommit = False
