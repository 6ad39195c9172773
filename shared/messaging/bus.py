"""The connections of one process to NATS: one that publishes, pulls and answers, and FastStream's beside it."""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from faststream.nats import NatsBroker
from faststream.nats.security import NatsCredentials, NatsNKey, NatsToken
from faststream.security import BaseSecurity, SASLPlaintext
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from prometheus_client import CollectorRegistry, Counter

from shared.messaging.answering import Answering
from shared.messaging.connection import connect, inbox_prefix, tls_of
from shared.messaging.streams import BATCH, Listener
from shared.settings import NatsServers

EXIT_CONNECTION_CLOSED = 75
COLLECTED_WITHIN = 0.005  # seconds
REQUEST_LASTS = 5.0  # seconds
AGAIN_AFTER = 1.0  # seconds after it has none
# The server cuts a connection for which it holds more than 64 MB, and 500 submissions can be 500 MB. The largest
# message that it takes, of 16 MB, fits.
PULLED_BYTES = 32 * 1024 * 1024

Take = Callable[[Sequence[Msg]], Awaitable[None]]

log = logging.getLogger(__name__)


class Bus:
    """`client` does the work, `broker` is FastStream's, for the process's start, end and readiness.

    Both reconnect for ever, and one that closes ends the process.
    """

    def __init__(self, servers: NatsServers, name: str) -> None:
        """`name` is the service's."""
        self.servers = servers
        self.name = name
        self.registry = CollectorRegistry()
        self._taken = Counter(
            "minhbach_messages_taken", "Messages taken from a consumer", ["consumer"], registry=self.registry
        )
        self._client: Client | None = None
        self._closing = False
        self.doubted = asyncio.Event()  # a consumer seems to be gone
        self._answering: list[Answering] = []
        self.broker = NatsBroker(
            servers.urls,
            security=_security(servers),
            inbox_prefix=inbox_prefix(name),
            apply_types=False,
            logger=log,
            log_level=logging.DEBUG,
            **self._options(),
        )

    @property
    def client(self) -> Client:
        assert self._client, "the bus was not started"
        return self._client

    async def start(self) -> None:
        self._client = await connect(self.servers, self.name, **self._options())

    async def stop(self) -> None:
        self._closing = True
        for answering in self._answering:
            answering.stop()
        if self._client:
            await self._client.close()

    async def answer(self, subject: str, queue: str, answer: Callable[[Msg], Awaitable[bytes]]) -> None:
        """Answer requests on a subject that ends in the commune; one instance of the queue takes each."""
        answering = Answering(answer)
        self._answering.append(answering)
        await self.client.subscribe(subject, queue=queue, cb=answering.take)

    async def pull(self, listener: Listener, take: Take) -> None:
        """Take the messages of a durable consumer in batches and in order, until cancelled.

        A request of our own, and not FastStream's PullSub(batch=True): in 0.7.8 that one drops the part of a batch it
        has collected when nats-py's fetch times out with asyncio's error, and it comes again only after ack_wait.
        """
        arrived: asyncio.Queue[Msg] = asyncio.Queue()
        inbox = self.client.new_inbox()
        subscription = await self.client.subscribe(inbox, cb=arrived.put)
        try:
            while True:
                await self._request(listener, inbox)
                await self._drain(listener, arrived, take)
        finally:
            with contextlib.suppress(NatsError):
                await subscription.unsubscribe()
            await self._give_back([arrived.get_nowait() for _ in range(arrived.qsize())])

    async def _request(self, listener: Listener, inbox: str) -> None:
        request = {"batch": BATCH, "max_bytes": PULLED_BYTES, "expires": int(REQUEST_LASTS * 1e9)}
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{listener.stream}.{listener.name}"
        await self.client.publish(subject, json.dumps(request).encode(), reply=inbox)

    async def _drain(self, listener: Listener, arrived: "asyncio.Queue[Msg]", take: Take) -> None:
        """Hand messages to `take` until the request has ended."""
        left = BATCH
        while left > 0:
            try:
                # Not wait_for, which in Python 3.11 forgets to be cancelled when a message arrives at that moment.
                async with asyncio.timeout(REQUEST_LASTS + 1):
                    first = await arrived.get()
            except TimeoutError:
                return
            messages = [first]
            try:
                await asyncio.sleep(COLLECTED_WITHIN)
                while not arrived.empty():
                    messages.append(arrived.get_nowait())
                carried = [message for message in messages if not _is_status(message)]
                if carried:
                    await take(carried)
            except BaseException:  # asked to end in the middle: another has them at once, and not after ack_wait
                await self._give_back(messages)
                raise
            self._taken.labels(listener.name).inc(len(carried))
            if any(map(_is_gone, messages)):
                self.doubted.set()
                await asyncio.sleep(AGAIN_AFTER)
            left = 0 if len(carried) < len(messages) else left - len(carried)

    async def _give_back(self, messages: Sequence[Msg]) -> None:
        with contextlib.suppress(NatsError):
            for message in messages:
                if not _is_status(message) and not message.is_acked:
                    await message.nak()

    def _options(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "max_reconnect_attempts": -1,
            "reconnect_time_wait": 0.5,
            "ping_interval": 10,
            "closed_cb": self._closed,
            "error_cb": self._error,
        }

    async def _error(self, fault: Exception) -> None:
        log.warning("NATS: %s", fault or type(fault).__name__)

    async def _closed(self) -> None:
        if not self._closing:
            log.critical("the connection to NATS closed for good")
            os._exit(EXIT_CONNECTION_CLOSED)


def _security(servers: NatsServers) -> BaseSecurity:
    """Who connects, for FastStream, and how it is encrypted."""
    tls = tls_of(servers)
    if servers.credentials:
        return NatsCredentials(servers.credentials, ssl_context=tls)
    if servers.nkey:
        return NatsNKey.from_file(servers.nkey, ssl_context=tls)
    if servers.user is not None and servers.password is not None:
        return SASLPlaintext(servers.user, servers.password, ssl_context=tls)
    if servers.user is not None:
        return NatsToken(servers.user, ssl_context=tls)
    return BaseSecurity(ssl_context=tls)


def _is_status(message: Msg) -> bool:
    # 404 and 408: nothing came in time; 409: the consumer changed, or too much is unacknowledged. What can be
    # acknowledged is a message, whatever headers its sender gave it.
    return not message.reply


def _is_gone(message: Msg) -> bool:
    """The broker knows no such consumer, or deleted it just now."""
    headers = message.headers or {}
    status, reason = headers.get("Status"), headers.get("Description", "")
    return _is_status(message) and (status == "503" or (status == "409" and reason == "Consumer Deleted"))
