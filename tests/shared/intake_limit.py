"""The limit of the intake stream, changed for a test and put back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from nats.aio.client import Client

from shared.messaging.streams import INTAKE


@asynccontextmanager
async def limited(client: Client, more_bytes: int) -> AsyncIterator[None]:
    """The stream takes so much more than it holds."""
    stream = await client.jetstream().stream_info(INTAKE)
    await client.jetstream().update_stream(replace(stream.config, max_bytes=stream.state.bytes + more_bytes))
    try:
        yield
    finally:
        await client.jetstream().update_stream(stream.config)
