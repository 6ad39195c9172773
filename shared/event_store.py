"""The record: a service's events in PostgreSQL, and whatever must be true in the same transaction.

Follows the PostgreSQL recorder of eventsourcing 9.5: its table lock keeps positions without gaps and in commit order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    JSONTranscoder,
    OperationalError,
    StoredEvent,
    Transcoding,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from eventsourcing.utils import retry
from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

from shared.clock import Clock
from shared.settings import Settings

__all__ = ["AggregateNotFoundError", "EventStore", "IntegrityError", "Position", "Statement", "StoredFact"]

Statement = tuple[str, Sequence[Any]]
MOST_EVENTS_IN_ONE_SAVE = 1000  # the table is locked meanwhile


@dataclass(frozen=True)
class Position:
    """A place in a service's history: the number of an event, and when it was recorded."""

    number: int
    recorded_at: datetime


@dataclass(frozen=True)
class StoredFact:
    """One stored event with its place in history."""

    position: Position
    event_id: str
    event: Any


class DateAsISO(Transcoding):
    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class Recorder(PostgresApplicationRecorder):
    """Writes events with the time they were recorded at, and the caller's statements in the same transaction.

    `recorded_at` never goes back: under the table lock it is at least the last event's. So a date is translated into a
    position by one rule: the last position recorded before the day was over.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            "schema": Identifier(self.datastore.schema),
            "table": Identifier(self.events_table_name),
        }
        self.insert_events_statement = SQL(
            "INSERT INTO {schema}.{table} AS t (originator_id, originator_version, topic, state, recorded_at)"
            " SELECT originator_id, originator_version, topic, state, greatest(%s,"
            " (SELECT recorded_at FROM {schema}.{table} ORDER BY notification_id DESC LIMIT 1))"
            " FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[])"
            " AS e (originator_id, originator_version, topic, state) RETURNING notification_id"
        ).format(**names)
        self.select_facts_statement = SQL(
            "SELECT notification_id, recorded_at, originator_id, originator_version, topic, state"
            " FROM {schema}.{table} WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
        ).format(**names)

        self.select_last_statement = SQL(
            "SELECT coalesce(max(notification_id), 0) AS last FROM {schema}.{table}"
            " WHERE originator_id = ANY(%s) AND topic = %s AND recorded_at < %s"
        ).format(**names)
        self.select_up_to_statement = SQL(
            "SELECT originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE originator_id = ANY(%s) AND notification_id <= %s ORDER BY originator_id, originator_version"
        ).format(**names)
        self.select_until_statement = SQL(
            "SELECT originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE originator_id = ANY(%s) AND recorded_at < %s ORDER BY originator_id, originator_version"
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
        **_: Any,
    ) -> None:
        for query, parameters in statements:
            curs.execute(query.encode(), parameters)

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

    def select_facts(self, after: int, limit: int) -> list[DictRow]:
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            return curs.execute(self.select_facts_statement, (after, limit), prepare=True).fetchall()

    def select_last(self, identities: Sequence[UUID], topic: str, known_until: datetime) -> int:
        asked = (list(identities), topic, known_until)
        with self.datastore.get_connection() as connection, connection.cursor() as curs:
            row = curs.execute(self.select_last_statement, asked, prepare=True).fetchone()
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
        options = self.env.get("MINHBACH_OPTIONS") or ""
        self.datastore.pool.kwargs = {**(self.datastore.pool.kwargs or {}), "options": options}  # type: ignore[dict-item]


class EventStore(Application[UUID]):
    """An application of the eventsourcing library on its service's schema. `name` is the service's."""

    def __init__(self, settings: Settings, *, create_table: bool = False) -> None:
        super().__init__(self._environment(settings, create_table))
        self.clock: Clock = settings.clock

    def _environment(self, settings: Settings, create_table: bool) -> Mapping[str, str]:
        database = settings.database(self.name)
        return {
            "PERSISTENCE_MODULE": "shared.event_store:Factory",
            "POSTGRES_DBNAME": database.get("dbname", "postgres"),
            "POSTGRES_HOST": database.get("host", "127.0.0.1"),
            "POSTGRES_PORT": database.get("port", "5432"),
            "POSTGRES_USER": database.get("user", "postgres"),
            "POSTGRES_PASSWORD": database.get("password", ""),
            "POSTGRES_SCHEMA": self.name,
            "POSTGRES_CONNECT_TIMEOUT": "5",
            "POSTGRES_LOCK_TIMEOUT": "5",
            "POSTGRES_PRE_PING": "yes",
            "POSTGRES_POOL_SIZE": "2",
            "POSTGRES_MAX_OVERFLOW": "4",
            "CREATE_TABLE": "yes" if create_table else "no",
            "MINHBACH_OPTIONS": database["options"] if not create_table else "",
        }

    def register_transcodings(self, transcoder: Any) -> None:
        super().register_transcodings(transcoder)
        assert isinstance(transcoder, JSONTranscoder)
        transcoder.register(DateAsISO())

    def commit(self, *aggregates: Any, at: datetime, statements: Sequence[Statement] = ()) -> None:
        """Save aggregates' new events and run statements, all or nothing; at most 1,000 events.

        IntegrityError: someone else was faster (an aggregate's version, or a key of the statements).
        """
        if sum(len(aggregate.pending_events) for aggregate in aggregates) > MOST_EVENTS_IN_ONE_SAVE:
            raise ValueError(f"more than {MOST_EVENTS_IN_ONE_SAVE} events in one save")
        if any(aggregate.pending_events for aggregate in aggregates):
            self.save(*aggregates, recorded_at=at, statements=statements)

    def known_at(self, identities: Sequence[UUID], known_until: datetime) -> Iterator[Any]:
        """Aggregates as they stood before an instant; those that did not exist then are left out."""
        return self._as_of(self._own_recorder.select_until(identities, known_until))

    def at_position(self, identities: Sequence[UUID], position: int) -> Iterator[Any]:
        """The same as they stood when the service's history had come to a position."""
        return self._as_of(self._own_recorder.select_up_to(identities, position))

    def last_position(self, identities: Sequence[UUID], stored_name: str, known_until: datetime) -> int:
        """Of the last event of that name that these aggregates recorded before an instant; 0 without one."""
        return self._own_recorder.select_last(identities, stored_name, known_until)

    @property
    def _own_recorder(self) -> Recorder:
        assert isinstance(self.recorder, Recorder)
        return self.recorder

    def _as_of(self, stored: Sequence[DictRow]) -> Iterator[Any]:
        for _, rows in groupby(stored, itemgetter("originator_id")):
            aggregate = None
            for row in rows:
                aggregate = self._event(row).mutate(aggregate)
            yield aggregate

    def facts_after(self, position: int, limit: int) -> list[StoredFact]:
        """The service's history in order, from just after a position."""
        return [self.fact_of(row) for row in self._own_recorder.select_facts(position, limit)]

    def fact_of(self, row: DictRow) -> StoredFact:
        """What a row of the recorder's `select_facts` holds."""
        return StoredFact(
            Position(row["notification_id"], row["recorded_at"]),
            f"{row['originator_id']}/{row['originator_version']}",
            self._event(row),
        )

    def _event(self, row: DictRow) -> Any:
        stored = StoredEvent(row["originator_id"], row["originator_version"], row["topic"], bytes(row["state"]))
        return self.mapper.to_domain_event(stored)
