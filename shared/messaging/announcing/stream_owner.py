"""Marks each event stream with the key of the database that announces on it.

A new database beside an old NATS, or one put back to a time before its key, has another key: everything on the stream
is then foreign, and that is reported.
"""

from collections.abc import Mapping
from hashlib import sha256

from nats.js import JetStreamContext

from shared.messaging.streams import SERVICES, events_stream

KEY_ID = "minhbach-announced-with"


def key_id(key: bytes) -> str:
    return sha256(key).hexdigest()[:16]


def is_of_another_database(metadata: Mapping[str, str] | None, key: bytes) -> bool:
    return (metadata or {}).get(KEY_ID, key_id(key)) != key_id(key)


async def claim(jetstream: JetStreamContext, key: bytes) -> list[str]:
    """Mark the streams that have no mark. Returns a line for each that has another one."""
    others = []
    for service in SERVICES:
        config = (await jetstream.stream_info(events_stream(service))).config
        if is_of_another_database(config.metadata, key):
            others.append(f"stream {config.name} was announced by another database; run: minhbach recover")
        elif KEY_ID not in (config.metadata or {}):
            await jetstream.update_stream(config.evolve(metadata={**(config.metadata or {}), KEY_ID: key_id(key)}))
    return others
