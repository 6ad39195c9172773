"""Measures how full the streams of a service are, and reports in the log long before one takes nothing more."""

import asyncio
import logging
from collections.abc import Sequence

from nats.aio.client import Client
from prometheus_client import CollectorRegistry, Gauge

MEASURED_EVERY = 60.0  # seconds
# Shares of a stream's limit from which it is reported. A stream takes months to fill.
WARNED_FROM, ALARMED_FROM = 0.5, 0.8

log = logging.getLogger(__name__)


class StreamFill:
    def __init__(self, registry: CollectorRegistry, streams: Sequence[str]) -> None:
        self._streams = streams
        self._used = Gauge("minhbach_stream_bytes", "Bytes that a stream holds", ["stream"], registry=registry)
        self._limit = Gauge("minhbach_stream_max_bytes", "Its limit; 0 is none", ["stream"], registry=registry)

    async def watch(self, client: Client) -> None:
        """Measure every minute until cancelled."""
        while True:
            for stream in self._streams:
                await self.measure(client, stream)
            await asyncio.sleep(MEASURED_EVERY)

    async def measure(self, client: Client, stream: str) -> None:
        info = await client.jetstream().stream_info(stream)
        used, limit = info.state.bytes, max(0, info.config.max_bytes or 0)
        self._used.labels(stream).set(used)
        self._limit.labels(stream).set(limit)
        if limit and used > WARNED_FROM * limit:
            level = logging.ERROR if used > ALARMED_FROM * limit else logging.WARNING
            advice = "raise its max_bytes, or run: minhbach stream trim"
            log.log(level, "stream %s is %d %% full; %s", stream, 100 * used // limit, advice)
