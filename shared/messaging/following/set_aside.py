"""Keeps the messages of an event stream that nobody can apply: foreign ones, and announcements that cannot be read."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from psycopg import Connection

from shared.messaging.announcing.announced import POSITION, PREVIOUS, Announced

SET_ASIDE_TABLE = """
CREATE TABLE IF NOT EXISTS set_aside (
    source text, sha256 text, subject text NOT NULL, headers text NOT NULL, body bytea NOT NULL, reason text NOT NULL,
    set_aside_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (source, sha256)
);
"""
LONGEST_REASON = 500  # characters
# Kept of one source: whoever writes beside its relay has a service's account, and may be broken for days.
MOST_KEPT = 5_000
MOST_KEPT_BYTES = 32 * 1024 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SetAside:
    """A message as it came, and the reason why it was not applied."""

    subject: str
    headers: Mapping[str, object]
    body: bytes
    reason: str

    @classmethod
    def of(cls, announced: Announced, reason: str) -> "SetAside":
        headers = {POSITION: announced.position, PREVIOUS: announced.previous}
        return cls(announced.subject, headers, announced.body, reason)


def set_aside(connection: Connection, source: str, messages: Sequence[SetAside]) -> int:
    """Keep messages in the caller's transaction, each content once, and report them; how many there was no room for."""
    if not messages:
        return 0
    not_kept = 0
    number, size = _kept(connection, source)
    for message in messages:
        headers = json.dumps(dict(message.headers), default=str)
        digest = sha256(f"{message.subject}\n{headers}\n".encode(errors="replace") + message.body).hexdigest()
        row = (source, digest, _plain(message.subject), headers, message.body, _plain(message.reason)[:LONGEST_REASON])
        number, size = number + 1, size + len(headers) + len(message.body)
        if number > MOST_KEPT or size > MOST_KEPT_BYTES:
            not_kept += 1
            continue
        connection.execute(
            "INSERT INTO set_aside (source, sha256, subject, headers, body, reason) VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            row,
        )
        log.error("a message on the stream of %s is set aside (%s, %s): %s", source, row[2], digest[:16], row[5])
    if not_kept:
        log.error(
            "%d more messages on the stream of %s are foreign, and not kept: there are too many", not_kept, source
        )
    return not_kept


def _kept(connection: Connection, source: str) -> tuple[int, int]:
    """How many messages of a source are kept, and their bytes."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(octet_length(headers) + length(body)), 0) FROM set_aside WHERE source = %s",
        (source,),
    ).fetchone()
    assert row
    return int(row[0]), int(row[1])


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
