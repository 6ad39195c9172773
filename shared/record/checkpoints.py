"""The checkpoints of a service's events and the keys that sealed them, as they are stored, and the events in order."""

import struct
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import LiteralString

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from shared.seals.canonical import StoredRow, are_lines, canonical_line, line_start
from shared.seals.merkle import HASH_BYTES

# Rows of both are added and never changed. `proof` shows that the tree extends that of the checkpoint before; `leaves`
# are a `LEAF` for each event that it has more.
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS checkpoints (
    size bigint PRIMARY KEY, position bigint NOT NULL UNIQUE, root bytea NOT NULL, note text NOT NULL,
    compact_range bytea NOT NULL, proof bytea NOT NULL, leaves bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE IF NOT EXISTS seal_keys (number int PRIMARY KEY, verifier_key text NOT NULL, rotation text NOT NULL);
"""
APPEND_ONLY = ("checkpoints", "seal_keys")
READ_AT_ONCE = 2_000
LEAF = struct.Struct(f">qq{HASH_BYTES}s")  # position, microseconds since 1970, hash
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_POSITION = 2**63 - 1

# The columns of a `StoredRow`; a state that somebody took away is read as empty, which no event has.
TIME: LiteralString = (
    """coalesce(to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), recorded_at::text)"""
)
ROW: LiteralString = f"notification_id, {TIME}, originator_id::text, originator_version, topic, coalesce(state, '')"
EVENTS: LiteralString = (
    "SELECT {row} FROM {events} WHERE notification_id > %s AND notification_id <= %s ORDER BY notification_id LIMIT %s"
)

# The canonical lines of events whose states are objects on one line: PostgreSQL is quicker than Python at them.
LINES: LiteralString = """
    SELECT string_agg(line, '\\x0a'::bytea ORDER BY notification_id), count(*), max(notification_id),
        bool_and(is_object)
    FROM (
        SELECT notification_id,
            coalesce(substr(state, 1, 1) = '{{'::bytea AND substr(state, octet_length(state)) = '}}'::bytea, false)
                AS is_object,
            convert_to(concat(
                {start}, notification_id, ',"recorded_at":"', {time}, '","originator_id":"', originator_id,
                '","originator_version":', originator_version, ',"topic":', to_json(topic), ',"state":'
            ), 'UTF8') || state || '}}'::bytea AS line
        FROM {events} WHERE notification_id > %s ORDER BY notification_id LIMIT %s
    ) AS rows
"""


@dataclass(frozen=True)
class Sealed:
    """A checkpoint as it is stored. `proof` shows that it extends the one with `previous_size` events."""

    service: str
    size: int
    position: int
    root: bytes
    note: str
    proof: tuple[bytes, ...]
    previous_size: int
    sealed_at: datetime

    @property
    def root_text(self) -> str:
        return b64encode(self.root).decode()


def micros_of(recorded_at: str) -> int:
    """Microseconds since 1970 of a row's time; 0 for one that no clock shows."""
    try:
        return (datetime.fromisoformat(recorded_at) - EPOCH) // timedelta(microseconds=1)
    except (ValueError, TypeError):
        return 0


def rows_after(
    connection: Connection, service: str, position: int, until: int = LAST_POSITION, limit: int = READ_AT_ONCE
) -> list[StoredRow]:
    """The events after a position up to another one, in order, at most `limit` of them."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(of_tables(EVENTS, service), (position, until, limit), prepare=True)
        return [StoredRow(*row) for row in cursor.fetchall()]


def lines_after(connection: Connection, service: str, position: int, limit: int) -> tuple[bytes, int, int]:
    """The canonical lines of at most `limit` events after a position, how many they are, and the last one's position.

    By PostgreSQL, and by Python where some state is not an object on one line.
    """
    with connection.cursor(binary=True) as cursor:
        row = cursor.execute(of_tables(LINES, service), (position, limit), prepare=True).fetchone()
    assert row
    text, count, last, are_objects = row
    if not count:
        return b"", 0, position
    if are_objects and are_lines(count, text):
        return text, count, last
    rows = rows_after(connection, service, position, limit=limit)
    return b"\n".join(canonical_line(service, row) for row in rows), len(rows), rows[-1].position


def checkpoints_of(connection: Connection, service: str, after: int = -1, until: int = LAST_POSITION) -> list[Sealed]:
    """The checkpoints of more than `after` events, up to the event at a position, the smallest first."""
    query = (
        "SELECT size, position, root, note, proof, sealed_at, coalesce((SELECT max(before.size) FROM {checkpoints}"
        " AS before WHERE before.size < made.size), 0)"
        " FROM {checkpoints} AS made WHERE size > %s AND position <= %s ORDER BY size"
    )
    return [
        Sealed(service, size, position, root, note, split_hashes(hashes), previous, sealed_at)
        for size, position, root, note, hashes, sealed_at, previous in connection.execute(
            of_tables(query, service), (after, until)
        )
    ]


def leaves_of(connection: Connection, service: str, size: int, after: int = 0) -> Iterator[tuple[int, int, bytes]]:
    """Position, time in microseconds and hash of the first `size` sealed events, without the first `after` of them."""
    sizes = of_tables("SELECT size FROM {checkpoints} WHERE size > %s ORDER BY size", service)
    query = of_tables("SELECT leaves FROM {checkpoints} WHERE size = %s", service)
    for (last,) in connection.execute(sizes, (after,)).fetchall():
        row = connection.execute(query, (last,)).fetchone()
        leaves = row[0] if row else b""
        first = last - len(leaves) // LEAF.size
        part = leaves[max(0, after - first) * LEAF.size : max(0, size - first) * LEAF.size]
        yield from LEAF.iter_unpack(part[: len(part) // LEAF.size * LEAF.size])
        if last >= size:
            return


def last_known(connection: Connection, service: str, known_until: datetime) -> int:
    """The last position that was recorded before an instant; less than every position where there is none."""
    query = of_tables("SELECT max(notification_id) FROM {events} WHERE recorded_at < %s", service)
    row = connection.execute(query, (known_until,)).fetchone()
    return int(row[0]) if row and row[0] is not None else -LAST_POSITION


def keys_of_service(connection: Connection, service: str) -> list[tuple[str, str]]:
    """The keys that have sealed, the first one first: each verifier key, and the note by which it follows."""
    query = of_tables("SELECT verifier_key, rotation FROM {keys} ORDER BY number", service)
    return [(key, rotation) for key, rotation in connection.execute(query)]


def waits_for_seal(connection: Connection, service: str, stored_names: Sequence[str]) -> bool:
    """Whether an event of one of these names is not sealed yet."""
    query = of_tables(
        "SELECT EXISTS (SELECT FROM {events} WHERE topic = ANY(%s) AND"
        " notification_id > (SELECT coalesce(max(position), -9223372036854775808) FROM {checkpoints}))",
        service,
    )
    row = connection.execute(query, (list(stored_names),)).fetchone()
    return bool(row and row[0])


def split_hashes(hashes: bytes) -> tuple[bytes, ...]:
    return tuple(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))


def of_tables(statement: LiteralString, service: str) -> Composed:
    """A statement on a service's {events}, {checkpoints} and {keys}; {row} are the columns of a `StoredRow`."""
    return SQL(statement).format(
        row=SQL(ROW),
        time=SQL(TIME),
        start=Literal(line_start(service)),
        events=Identifier(service, f"{service}_events"),
        checkpoints=Identifier(service, "checkpoints"),
        keys=Identifier(service, "seal_keys"),
    )
