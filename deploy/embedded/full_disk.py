"""NATS 2.15 stores no more in a stream whose disk was once full, until it is restarted, however much room there is."""

import asyncio
import json
import logging
import shutil
import time
from collections.abc import Callable

from nats.errors import Error as NatsError

from deploy.embedded.nats_server import EmbeddedNats
from deploy.nats_accounts import HEALTH, RELOADER
from shared.messaging.connection import connect
from shared.settings import NatsServers

ASKED_EVERY = 10.0  # seconds
# A server that starts on a full disk may take a stream for lost.
ROOM = 64 * 1024**2
# So many restarts in a row say that no full disk is the reason; from then on it has more time between two.
MOST_RESTARTS = 3
PAUSE = 600.0  # seconds
FORGOTTEN_AFTER = 3600.0  # seconds without a restart

log = logging.getLogger(__name__)


class FullDiskWatch:
    """Asks the server every ten seconds whether a write has failed."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._ask_at = now() + ASKED_EVERY
        self._restarts = 0
        self._restarted_at = now()

    def needs_restart(self, broker: EmbeddedNats) -> bool:
        """Whether a stream refuses what it could store by now. After three restarts that did not help, seldom."""
        now = self._now()
        if now < self._ask_at:
            return False
        self._ask_at = now + ASKED_EVERY
        if shutil.disk_usage(broker.folder).free < ROOM or not asyncio.run(_has_failed(broker)):
            return False
        is_new = now - self._restarted_at > FORGOTTEN_AFTER
        self._restarts, self._restarted_at = 1 if is_new else self._restarts + 1, now
        if self._restarts >= MOST_RESTARTS:
            self._ask_at = now + PAUSE
            log.error(
                "NATS still cannot write after %d restarts, though its disk has room. Look into %s and at the rights,"
                " the quota and the state of the disk under %s; it is restarted again in %.0f minutes",
                self._restarts, broker.folder / "nats.log", broker.folder / "nats", PAUSE / 60,
            )  # fmt: skip
        return True


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
