"""NATS 2.15 stores no more in a stream whose disk was once full, until it is restarted, however much room there is."""

import asyncio
import json
import shutil
import time

from nats.errors import Error as NatsError

from deploy.embedded_nats import EmbeddedNats
from deploy.nats_accounts import HEALTH, RELOADER
from shared.messaging.connection import connect
from shared.settings import NatsServers

ASKED_EVERY = 10.0  # seconds
# A server that starts on a full disk may take a stream for lost.
ROOM = 64 * 1024**2


class FullDiskWatch:
    """Asks the server every ten seconds whether a write has failed."""

    def __init__(self) -> None:
        self._asked_at = time.monotonic()

    def needs_restart(self, broker: EmbeddedNats) -> bool:
        """Whether a stream refuses what it could store by now."""
        if time.monotonic() - self._asked_at < ASKED_EVERY:
            return False
        self._asked_at = time.monotonic()
        return shutil.disk_usage(broker.folder).free >= ROOM and asyncio.run(_has_failed(broker))


async def _has_failed(broker: EmbeddedNats) -> bool:
    server = NatsServers(urls=(broker.url_of(RELOADER),))
    try:
        client = await connect(server, connect_timeout=2, max_reconnect_attempts=1, allow_reconnect=False)
        try:
            health = json.loads((await client.request(HEALTH, b'{"details": true}', timeout=2)).data)
        finally:
            await client.close()
    except (NatsError, OSError, TimeoutError):  # it starts, or it has ended: nobody's disk is the reason
        return False
    return any("write error" in error["error"] for error in health["data"].get("errors", []))
