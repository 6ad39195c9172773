"""Connections that the server has ended are replaced before use, without asking it each time."""

from contextlib import ExitStack, closing

import psycopg
import pytest

from services.indicators.application import Indicators
from shared.process import open_pool
from shared.record.pool import reading
from tests.journeys.province import until

OWN = "SELECT pg_backend_pid()"


@pytest.fixture
def pool(stack):
    with open_pool(stack.settings("indicators"), "indicators", size=1) as pool:
        yield pool


def ended(stack, pid):
    with psycopg.connect(stack.servers.database_url, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(%s)", (pid,))
        query = "SELECT FROM pg_stat_activity WHERE pid = %s"
        until(lambda: owner.execute(query, (pid,)).fetchone() is None, "the connection has ended")


def test_a_connection_that_the_server_has_ended_is_replaced(stack, pool):
    with reading(pool) as connection:
        (first,) = connection.execute(OWN).fetchone()
    with pool.connection() as connection:
        assert connection.execute(OWN).fetchone() == (first,), "the same again, in a transaction"
    ended(stack, first)
    with reading(pool) as connection:
        assert connection.execute(OWN).fetchone() != (first,)


def test_connections_of_an_event_store_that_the_server_has_ended_are_replaced(stack, pool):
    with closing(Indicators(stack.settings("indicators"), pool)) as store:
        first = pids_of(store)
        for pid in first:
            ended(stack, pid)
        assert store.present()
        assert not pids_of(store) & first


def pids_of(store):
    """Of two of its connections, all that it has made."""
    datastore = store.recorder.datastore
    with ExitStack() as taken:
        connections = [taken.enter_context(datastore.get_connection()) for _ in range(2)]
        return {connection.info.backend_pid for connection in connections}


def test_statements_that_read_are_in_no_transaction_and_the_next_are_in_one(pool):
    with reading(pool) as connection:
        connection.execute(OWN)
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    with pool.connection() as connection:
        connection.execute(OWN)
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS


def test_a_connection_that_broke_while_it_was_read_gives_way_to_another(stack, pool):
    with reading(pool) as connection:
        ended(stack, connection.info.backend_pid)
        with pytest.raises(psycopg.OperationalError):
            connection.execute(OWN)
    with reading(pool) as connection:
        assert connection.execute(OWN).fetchone()
