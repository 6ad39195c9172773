"""Tables of a service that a test sees empty, in one transaction that is never committed."""

from contextlib import contextmanager

import psycopg


class OneConnection:
    """A pool of one connection."""

    def __init__(self, connection):
        self._connection = connection

    @contextmanager
    def connection(self):
        yield self._connection


@contextmanager
def emptied(stack, service, *tables):
    with psycopg.connect(**stack.settings(service).database(service)) as connection:
        for table in tables:
            connection.execute(f"DELETE FROM {table}")
        yield connection
        connection.rollback()
