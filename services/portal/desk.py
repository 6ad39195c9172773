"""Sends what an account does to the desk of the service that decides it, and waits a little for the receipt."""

import asyncio
from typing import Any

from nats.aio.client import Client

from shared.commune_client.sender import NotConfirmed, Sender
from shared.contracts import DeskMessage, Receipt, Submission
from shared.messaging.intake.desk_signature import Signing
from shared.messaging.streams import DESK_DOOR, DESK_OWNERS

CONFIRMED_WITHIN = 5.0  # seconds


class DeskSender:
    """One connection of the portal. `async with`; an id is given to one click, and again to its repetition."""

    def __init__(self, client: Client, signing: Signing) -> None:
        self._sender = Sender(client, door=DESK_DOOR, headers=signing.headers)

    async def __aenter__(self) -> "DeskSender":
        await self._sender.__aenter__()
        return self

    async def __aexit__(self, *ended: object) -> None:
        await self._sender.__aexit__(None, None, None)

    async def send(self, scope: str, submission_id: str, actor: str, submission: Submission) -> Receipt:
        """`scope` is the id of a commune, or `province-` and a code; `actor` the account that signed in.

        NotConfirmed after five seconds; ValueError for a kind that no service takes; IdUsedBefore, MaxPayloadError and
        PublishRefused as of `Sender`.
        """
        if submission.kind not in DESK_OWNERS:
            raise ValueError(f'no service takes "{submission.kind}" of an account')
        content = submission.model_dump(mode="json", exclude_none=True)
        return await self.send_content(scope, submission.kind, submission_id, actor, content)

    async def send_content(
        self, scope: str, kind: str, submission_id: str, actor: str, content: dict[str, Any]
    ) -> Receipt:
        """The same for a body as a program wrote it, with items that cannot be read among the others."""
        body = DeskMessage(actor=actor, submission=content).model_dump_json().encode()
        try:
            async with asyncio.timeout(CONFIRMED_WITHIN):
                return await self._sender.send_raw(scope, kind, submission_id, body)
        except TimeoutError:
            raise NotConfirmed(submission_id) from None

    async def receipt(self, scope: str, kind: str, submission_id: str) -> Receipt | None:
        """The receipt of what was sent before; None where the service has none, TimeoutError where it is silent."""
        return await self._sender.receipt(scope, kind, submission_id)
