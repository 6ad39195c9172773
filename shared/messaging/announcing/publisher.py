"""Publishing to a stream in windows: each message's acknowledgement, or why the broker refused it.

`publish_async` of nats-py 2.16.0 never resolves the future of a refused message (its callback raises while it reads the
error), so a fence that did its work would look like a broker that is away.
"""

import asyncio
import json
from typing import NamedTuple

from nats.aio.client import Client
from nats.aio.msg import Msg


class Acknowledgement(NamedTuple):
    """The sequence a message has in its stream; `duplicate` when the stream held it already."""

    sequence: int
    duplicate: bool


class PublishRefused(Exception):
    """The broker did not take the message. `code` is its err_code."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{description} ({code})")
        self.code = code
        self.description = description


class Publisher:
    """One inbox for all acknowledgements of a connection."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._number = 0
        self._waiting: dict[str, asyncio.Future[Acknowledgement]] = {}
        self._subscribed = False

    async def publish(
        self, subject: str, body: bytes, headers: dict[str, str] | None = None
    ) -> "asyncio.Future[Acknowledgement]":
        if not self._subscribed:
            await self._client.subscribe(f"{self._inbox}.*", cb=self._answer)
            self._subscribed = True
        self._number += 1
        token = str(self._number)
        answer: asyncio.Future[Acknowledgement] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda _: self._waiting.pop(token, None))
        self._waiting[token] = answer
        await self._client.publish(subject, body, reply=f"{self._inbox}.{token}", headers=headers)
        return answer

    async def _answer(self, message: Msg) -> None:
        waiting = self._waiting.get(message.subject.rsplit(".", 1)[1])
        if waiting is None or waiting.done():
            return
        if not message.data:  # "no responders": no stream takes this subject
            waiting.set_exception(PublishRefused(503, "no stream takes this subject"))
            return
        answer = json.loads(message.data)
        if error := answer.get("error"):
            waiting.set_exception(PublishRefused(error.get("err_code", 0), error.get("description", "")))
        else:
            waiting.set_result(Acknowledgement(answer["seq"], answer.get("duplicate", False)))
