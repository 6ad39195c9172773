"""Writes and reads the events of a service in PostgreSQL, with the caller's statements in the same transaction.

Follows the PostgreSQL recorder of eventsourcing 9.5: its table lock keeps positions without gaps and in commit order.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import ConnectionPool, PostgresApplicationRecorder, PostgresFactory
from eventsourcing.utils import retry
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

from shared.record import commit_calls
from shared.record.pool import check

Statement = tuple[str, Sequence[object]]

# The condition on events that were known before an instant, by position.
KNOWN_UNTIL: LiteralString = (
    "notification_id <= (SELECT max(notification_id) FROM {schema}.{table} WHERE recorded_at < %s)"
)


class Recorder(PostgresApplicationRecorder):
    """Writes events with the time they were recorded at, and the caller's statements in the same transaction.

    `recorded_at` does not go back: under the table lock it is at least the last event's. Only where that lies more than
    a day ahead of the database's clock, which was wrong then, it goes back to the present. A date is translated into a
    position by one rule: the last position recorded before the day was over, and everything before that position. So
    what was recorded while the clock was ahead is known from the first event after it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            "schema": Identifier(self.datastore.schema),
            "table": Identifier(self.events_table_name),
        }
        known = SQL(KNOWN_UNTIL).format(**names)
        self.notify_statement = commit_calls.notify(self.datastore.schema)
        self.insert_events_statement = SQL(
            "INSERT INTO {schema}.{table} AS t (originator_id, originator_version, topic, state, recorded_at)"
            " SELECT originator_id, originator_version, topic, state, greatest(%s,"
            " (SELECT recorded_at FROM (SELECT recorded_at FROM {schema}.{table} ORDER BY notification_id DESC LIMIT 1)"
            " AS last WHERE recorded_at < clock_timestamp() + interval '1 day'))"
            " FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[])"
            " AS e (originator_id, originator_version, topic, state) RETURNING notification_id"
        ).format(**names)
        self.select_rows_statement = SQL(
            "SELECT notification_id, recorded_at, originator_id, originator_version, topic, state"
            " FROM {schema}.{table} WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
        ).format(**names)
        self.select_identity_statement = SQL(
            "SELECT originator_id, originator_version, recorded_at FROM {schema}.{table} WHERE notification_id = %s"
        ).format(**names)
        self.select_position_statement = SQL(
            "SELECT notification_id FROM {schema}.{table} WHERE originator_id = %s AND originator_version = %s"
        ).format(**names)
        self.select_last_statement = SQL(
            "SELECT coalesce(max(notification_id), 0) AS last FROM {schema}.{table}"
            " WHERE originator_id = ANY(%s) AND topic = %s AND {known}"
        ).format(**names, known=known)
        self.select_position_at_statement = SQL(
            "SELECT coalesce(max(notification_id), 0) AS last FROM {schema}.{table} WHERE recorded_at < %s"
        ).format(**names)
        self.select_up_to_statement = SQL(
            "SELECT originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE originator_id = ANY(%s) AND notification_id <= %s ORDER BY originator_id, originator_version"
        ).format(**names)
        self.select_until_statement = SQL(
            "SELECT originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE originator_id = ANY(%s) AND {known} ORDER BY originator_id, originator_version"
        ).format(**names, known=known)
        self.select_set_backs_statement = SQL(
            "SELECT notification_id, recorded_at FROM (SELECT notification_id, recorded_at, lag(recorded_at) OVER"
            " (ORDER BY notification_id) AS before FROM {schema}.{table}) AS events"
            " WHERE recorded_at < before ORDER BY notification_id"
        ).format(**names)

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """One plain transaction, and not the library's pipeline (9.5.6 with psycopg 3.3.9).

        After a conflict in a pipeline psycopg counts statements as prepared that were rolled back with it: every later
        commit on that connection failed, and some hung for ever. Without it commits are no slower.
        """
        with self.datastore.transaction(commit=True) as curs:
            self._insert_events(curs, stored_events, **kwargs)
            self._insert_stored_events(curs, stored_events, **kwargs)
            return [row["notification_id"] for row in curs.fetchall()]

    def _insert_events(
        self,
        curs: Cursor[DictRow],
        stored_events: Sequence[StoredEvent],
        *,
        statements: Sequence[Statement] = (),
        calls_others: bool = False,
        **_: Any,
    ) -> None:
        """`calls_others`: those in other processes that wait for commits, at the commit and only with it.

        PostgreSQL lets one transaction of the whole server at a time commit a call: none where nobody needs it.
        """
        for query, parameters in statements:
            curs.execute(query.encode(), parameters)
        if calls_others:
            curs.execute(self.notify_statement)

    def _insert_stored_events(
        self,
        curs: Cursor[DictRow],
        stored_events: Sequence[StoredEvent],
        *,
        recorded_at: datetime | None = None,
        **_: Any,
    ) -> None:
        self._lock_table(curs)
        # Four binary arrays; the library's array of a composite type costs a third of a save in quoting its JSON.
        columns = (
            [e.originator_id for e in stored_events],
            [e.originator_version for e in stored_events],
            [e.topic for e in stored_events],
            [e.state for e in stored_events],
        )
        curs.execute(self.insert_events_statement, (recorded_at, *columns))

    def select_rows(self, after: int, limit: int) -> list[DictRow]:
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            return curs.execute(self.select_rows_statement, (after, limit), prepare=True).fetchall()

    def select_time(self) -> datetime:
        """The present time by the database's clock."""
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            row = curs.execute("SELECT clock_timestamp() AS now", prepare=True).fetchone()
        assert row
        present: datetime = row["now"]
        return present

    def select_identity(self, position: int) -> DictRow | None:
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            return curs.execute(self.select_identity_statement, (position,), prepare=True).fetchone()

    def select_position(self, originator: UUID, version: int) -> int | None:
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            row = curs.execute(self.select_position_statement, (originator, version), prepare=True).fetchone()
        return int(row["notification_id"]) if row else None

    def select_set_backs(self) -> list[DictRow]:
        """The events at which the time went back, because the clock had been ahead before."""
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            return curs.execute(self.select_set_backs_statement, prepare=True).fetchall()

    def select_last(self, identities: Sequence[UUID], topic: str, known_until: datetime) -> int:
        parameters = (list(identities), topic, known_until)
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            row = curs.execute(self.select_last_statement, parameters, prepare=True).fetchone()
        return int(row["last"]) if row else 0

    def select_position_at(self, known_until: datetime) -> int:
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            row = curs.execute(self.select_position_at_statement, (known_until,), prepare=True).fetchone()
        return int(row["last"]) if row else 0

    def select_up_to(self, identities: Sequence[UUID], position: int) -> list[DictRow]:
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            return curs.execute(self.select_up_to_statement, (list(identities), position), prepare=True).fetchall()

    def select_until(self, identities: Sequence[UUID], known_until: datetime) -> list[DictRow]:
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            return curs.execute(self.select_until_statement, (list(identities), known_until), prepare=True).fetchall()


class Factory(PostgresFactory):
    application_recorder_class = Recorder

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        parameters = conninfo_to_dict(self.env.get("MINHBACH_CONNECTION") or "")
        given = self.datastore.pool  # not open yet; the library lets nobody choose how its connections are checked
        self.datastore.pool = ConnectionPool(
            connection_class=Connection[DictRow],
            kwargs={**(given.kwargs or {}), **parameters},  # type: ignore[dict-item]  # psycopg_pool: also a function
            min_size=given.min_size,
            max_size=given.max_size,
            open=False,
            configure=self.datastore.after_connect_func(),
            check=check,
            timeout=given.timeout,
            max_waiting=given.max_waiting,
            max_lifetime=given.max_lifetime,
        )
