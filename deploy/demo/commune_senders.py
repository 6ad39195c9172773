"""Sends for many communes, each over a connection with its own account."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any

from deploy.embedded.servers import Servers
from shared.commune_client.sender import Sender
from shared.contracts import Receipt, Submission
from shared.messaging.connection import connect
from shared.settings import NatsServers


class CommuneSenders:
    """`options` are those of nats.connect."""

    def __init__(self, servers: Servers, **options: Any) -> None:
        self._servers = servers
        self._options = options
        self._senders: dict[str, Sender] = {}
        self._opened = AsyncExitStack()
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> "CommuneSenders":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.aclose()

    async def open(self, communes: Iterable[str]) -> None:
        """Connect for communes that are not connected yet."""
        async with self._opening:
            new = [commune for commune in communes if commune not in self._senders]
            urls = await asyncio.to_thread(self._servers.commune_urls, new)
            for commune, url in urls.items():
                client = await connect(NatsServers.from_env({"NATS_URL": url}), **self._options)
                self._opened.push_async_callback(client.close)
                self._senders[commune] = await self._opened.enter_async_context(Sender(client, commune))

    async def send(self, commune: str, submission_id: str, submission: Submission) -> Receipt:
        """As `Sender.send`."""
        return await (await self._sender(commune)).send(commune, submission_id, submission)

    async def send_raw(self, commune: str, kind: str, submission_id: str, body: bytes) -> Receipt:
        """As `Sender.send_raw`."""
        return await (await self._sender(commune)).send_raw(commune, kind, submission_id, body)

    async def _sender(self, commune: str) -> Sender:
        if commune not in self._senders:
            await self.open([commune])
        return self._senders[commune]
