"""Has every NATS server that an address names read its configuration again, and waits until it has."""

import json
from dataclasses import replace

from nats.errors import Error as NatsError

from shared.messaging.connection import connect
from shared.settings import NatsServers

RELOADED_WITHIN = 60.0  # seconds
# To an account that is new in a reload, NATS 2.15.1 connects the streams in the next one only.
FOR_NEW_ACCOUNTS = 2


class NotReloaded(Exception):
    """A server did not read its configuration again; the message says why."""


async def reload(servers: NatsServers, times: int = 1) -> None:
    """One server after the other, as the user `reload`. What was revoked is cut off when this returns.

    NotReloaded names the servers that did not; the others have read it.
    """
    faults = []
    for url in servers.urls:
        try:
            await _reload(replace(servers, urls=(url,)), times)
        except NotReloaded as refused:
            faults.append(str(refused))
        except (NatsError, OSError, TimeoutError) as away:
            faults.append(f"{url}: {away or type(away).__name__}")
    if faults:
        raise NotReloaded("; ".join(faults))


async def _reload(server: NatsServers, times: int) -> None:
    client = await connect(server, connect_timeout=5, max_reconnect_attempts=3, allow_reconnect=False)
    try:
        this = client._server_info["server_id"]
        for _ in range(times):
            answer = await client.request(f"$SYS.REQ.SERVER.{this}.RELOAD", timeout=RELOADED_WITHIN)
            if error := json.loads(answer.data).get("error"):
                raise NotReloaded(f"{server.urls[0]}: {error['description']}")
    finally:
        await client.close()
