"""The canonical bytes of a stored event, which its leaf in the tree is made of: one line of JSON, without its end.

    {"minhbach":"event/1","service":"indicators","position":7,"recorded_at":"2025-09-16T01:00:00.000000Z",
     "originator_id":"…","originator_version":1,"topic":"indicators.submission-receipted","state":{…}}

without the break. The names stand in this order, and the state is last and as it is stored, byte for byte, so that no
two events have the same line. A state that would not stay on one line, or is no object, stands as "state_base64".
"""

import json
from base64 import b64encode
from functools import lru_cache
from typing import NamedTuple

# What separates these leaves from any other use of the hash, and one service's from another's.
KIND = "event/1"
CONTROL = bytes(range(0x20))


class StoredRow(NamedTuple):
    """An event as it stands in the database. `recorded_at` is in UTC, with microseconds, as ISO 8601 writes it."""

    position: int
    recorded_at: str
    originator_id: str
    originator_version: int
    topic: str
    state: bytes


def canonical_line(service: str, row: StoredRow) -> bytes:
    """The event's line, without its end."""
    position, recorded_at, originator_id, version, topic, state = row
    head = (
        f'{line_start(service)}{position},"recorded_at":"{recorded_at}",'
        f'"originator_id":"{originator_id}","originator_version":{version},"topic":{_quoted(topic)},'
    ).encode()
    if state[:1] == b"{" and state[-1:] == b"}" and len(state.translate(None, CONTROL)) == len(state):
        return b'%b"state":%b}' % (head, state)
    return b'%b"state_base64":"%b"}' % (head, b64encode(state))


@lru_cache(maxsize=1024)
def _quoted(topic: str) -> str:
    return json.dumps(topic, ensure_ascii=False)


@lru_cache(maxsize=64)
def line_start(service: str) -> str:
    """What each line of a service begins with, up to the position."""
    return f'{{"minhbach":"{KIND}","service":"{service}","position":'


def are_lines(count: int, text: bytes) -> bool:
    """Whether nothing but the ends of as many lines, without that of the last one, is a control character."""
    return len(text.translate(None, CONTROL)) == len(text) - (count - 1)
