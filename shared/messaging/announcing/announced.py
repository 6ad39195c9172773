"""A message of an event stream: its place in its service's history, signed so that followers know who wrote it.

Whoever may publish on a service's subjects could write any position. The key of the signature lies in PostgreSQL, where
the services read it and no account of the broker does.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from psycopg_pool import ConnectionPool

KEY_TABLE = """
CREATE TABLE IF NOT EXISTS public.announcement_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), key bytea NOT NULL CHECK (length(key) >= 32)
);
"""
KEY_BYTES = 32
POSITION = "x-position"
PREVIOUS = "x-previous"
SIGNATURE = "x-signature"
NUMBER = re.compile("[0-9]{1,18}")


class Foreign(ValueError):
    """The relay of the stream's service did not write this message."""


class Identity(NamedTuple):
    """An event of an event store, whatever its position."""

    event_id: str
    recorded_at: datetime


@dataclass(frozen=True)
class Announced:
    """A message of another service, with its place in that service's history."""

    position: int
    previous: int
    subject: str
    body: bytes

    @classmethod
    def of(cls, subject: str, headers: Mapping[str, object] | None, body: bytes, key: bytes) -> "Announced":
        """Read a message that the service's relay wrote. Foreign for every other one."""
        read = cls.unverified(subject, headers, body)
        if not hmac.compare_digest(str((headers or {}).get(SIGNATURE, "")).encode(), read.signature(key).encode()):
            raise Foreign("no signature of the service's relay")
        return read

    @classmethod
    def unverified(cls, subject: str, headers: Mapping[str, object] | None, body: bytes) -> "Announced":
        """The same of a message whose author is not known. Foreign where it has no position."""
        places = [str((headers or {}).get(name, "")) for name in (POSITION, PREVIOUS)]
        if not all(NUMBER.fullmatch(place) for place in places):
            raise Foreign("no position of an event")
        return cls(int(places[0]), int(places[1]), subject, body)

    def headers(self, key: bytes) -> dict[str, str]:
        return {POSITION: str(self.position), PREVIOUS: str(self.previous), SIGNATURE: self.signature(key)}

    def signature(self, key: bytes) -> str:
        place = f"{self.subject}\n{self.position}\n{self.previous}\n".encode(errors="replace")
        return hmac.new(key, place + self.body, sha256).hexdigest()

    def identity(self) -> Identity | None:
        """Of the announced event; None where the body is no announcement."""
        try:
            event = json.loads(self.body)
            return Identity(event["event_id"], datetime.fromisoformat(event["recorded_at"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return None


def announcement_key(pool: ConnectionPool) -> bytes:
    """The key of this deployment, which provisioning made."""
    with pool.connection() as connection:
        row = connection.execute("SELECT key FROM public.announcement_key").fetchone()
    assert row, "provisioning makes the table together with its row"
    return bytes(row[0])
