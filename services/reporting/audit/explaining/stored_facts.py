"""Reads single events of the stores by the identity of their aggregate, with their hash in the sealed tree."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Literal

from services.reporting.audit.stored_events import UNREADABLE, UnreadableEvent, every_field_of, fields_of
from shared.contracts.reporting import StoredFact
from shared.record.checkpoints import LAST_POSITION, of_tables
from shared.seals.canonical import StoredRow, canonical_line
from shared.seals.merkle import leaf_hash
from shared.settings import Settings


@dataclass(frozen=True)
class Fact:
    """A stored event as it stands in the database of a service."""

    service: str
    row: StoredRow

    @property
    def unreadable(self) -> UnreadableEvent:
        return UnreadableEvent(self.service, self.row.position)

    @cached_property
    def fields(self) -> dict[str, Any]:
        """Those that the auditor uses. UnreadableEvent, as of each of these."""
        if not self.row.topic:
            raise self.unreadable
        try:
            return fields_of(self.row.topic, self.row.state)
        except UNREADABLE as fault:
            raise self.unreadable from fault

    @cached_property
    def every_field(self) -> dict[str, Any]:
        try:
            return every_field_of(self.row.state)
        except UNREADABLE as fault:
            raise self.unreadable from fault

    @cached_property
    def shown(self) -> StoredFact:
        if not (self.row.topic and self.row.recorded_at):
            raise self.unreadable
        leaf = leaf_hash(canonical_line(self.service, self.row)).hex()
        return StoredFact(
            service=self.service,
            position=self.row.position,
            recorded_at=datetime.fromisoformat(self.row.recorded_at),
            name=self.row.topic,
            leaf=leaf,
        )


@contextmanager
def stores(settings: Settings, snapshot: str | None = None) -> Iterator[Connection]:
    """One state of all stores, under the auditor's rights; `snapshot` names the one that another connection sees."""
    parameters: dict[str, Any] = {**settings.database("auditor"), "connect_timeout": 5}
    with psycopg.connect(**parameters) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if snapshot:
            connection.execute(SQL("SET TRANSACTION SNAPSHOT {}").format(Literal(snapshot)))
        # A province is read over two of these, on both cores: processes that help one would take from the other.
        connection.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        # Between two questions a province's readings are counted.
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        yield connection


def snapshot_name(connection: Connection) -> str:
    """By which another connection sees the same state, as long as this one does."""
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row
    return str(row[0])


def identity(service: str, *key: str) -> UUID:
    """The identity under which a service stores an aggregate: a function of its key, and the same for ever."""
    return uuid5(NAMESPACE_OID, "/".join((service, *key)))


def facts_of(
    connection: Connection, service: str, identities: Iterable[UUID], until: int = LAST_POSITION
) -> list[Fact]:
    """The events of these aggregates up to a position, in order."""
    query = of_tables("SELECT {row} FROM {events} WHERE originator_id = ANY(%s) AND notification_id <= %s", service)
    return _facts(connection, service, query, (list(identities), until))


def facts_that_begin_with(connection: Connection, service: str, digits: str) -> list[Fact]:
    """The events of the aggregates whose identity begins with twelve hexadecimal digits, in order."""
    first, last = (UUID(digits + rest * 20) for rest in "0f")
    query = of_tables("SELECT {row} FROM {events} WHERE originator_id BETWEEN %s AND %s", service)
    return _facts(connection, service, query, (first, last))


def facts_between(
    connection: Connection, service: str, positions: tuple[int, int], name: str, recorded_at: str
) -> list[Fact]:
    """The events of a stored name between two positions, both inclusive, that were recorded at one time; in order."""
    query = of_tables(
        "SELECT {row} FROM {events} WHERE notification_id BETWEEN %s AND %s AND topic = %s AND recorded_at = %s",
        service,
    )
    return _facts(connection, service, query, (*positions, name, recorded_at))


def _facts(connection: Connection, service: str, query: Any, parameters: tuple[Any, ...]) -> list[Fact]:
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(query, parameters).fetchall()
    return sorted((Fact(service, StoredRow(*row)) for row in rows), key=lambda fact: fact.row.position)
