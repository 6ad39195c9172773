"""Announces checkpoints to other services, and takes those of all services, each signed by the key of announcements."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from nats.aio.msg import Msg
from psycopg import Connection
from psycopg_pool import ConnectionPool
from pydantic import ValidationError

from shared.contracts.seals import CheckpointSigned, checkpoint_subject
from shared.messaging.announcing.announced import Announced, Foreign
from shared.record.checkpoints import Sealed

AGAIN_AFTER = 10.0  # seconds

Remember = Callable[[Connection, CheckpointSigned], None]

log = logging.getLogger(__name__)


def announced(sealed: Sealed) -> Announced:
    """The message of a checkpoint; it stands in its service's history where its last event does."""
    signed = CheckpointSigned(
        service=sealed.service,
        size=sealed.size,
        position=sealed.position,
        root=sealed.root_text,
        note=sealed.note,
        previous_size=sealed.previous_size,
        proof=tuple(each.hex() for each in sealed.proof),
        sealed_at=sealed.sealed_at,
    )
    return Announced(
        sealed.size, sealed.previous_size, checkpoint_subject(sealed.service), signed.model_dump_json().encode()
    )


def checkpoint_of(subject: str, headers: Any, body: bytes, key: bytes) -> CheckpointSigned:
    """Foreign where no service's sealer wrote the message."""
    message = Announced.of(subject, headers, body, key)
    try:
        return CheckpointSigned.model_validate_json(message.body)
    except ValidationError as wrong:
        raise Foreign(f"no checkpoint: {wrong.error_count()} errors") from None


class AnnouncedCheckpoints:
    """Keeps what services announce of their seals. A message of somebody else is reported and passed over."""

    def __init__(self, pool: ConnectionPool, key: bytes, remember: Remember) -> None:
        self._pool = pool
        self._key = key
        self._remember = remember

    async def take(self, messages: Sequence[Msg]) -> None:
        try:
            await asyncio.to_thread(self._keep, messages)
        except Exception:  # the database is away: delivered again
            log.exception("keeping checkpoints")
            for message in messages:
                await message.nak(delay=AGAIN_AFTER)
            return
        for message in messages:
            await message.ack()

    def _keep(self, messages: Sequence[Msg]) -> None:
        with self._pool.connection() as connection:
            for message in messages:
                try:
                    signed = checkpoint_of(message.subject, message.headers, message.data, self._key)
                except Foreign as foreign:
                    log.error("a message on %s is passed over: %s", message.subject, foreign)
                    continue
                self._remember(connection, signed)
