"""How pages reach the services: questions and what accounts do, over the portal's connection to NATS."""

import asyncio
from typing import Any

from services.portal.desk import DeskSender, NotConfirmed
from shared.contracts import Answered, Question, Receipt, Submission
from shared.messaging import question_client
from shared.messaging.bus import Bus
from shared.messaging.desk_signature import Signing
from shared.web.site import Services


class Connection:
    """`run` is a task of the process; before it runs nothing is confirmed."""

    def __init__(self, bus: Bus, signing: Signing) -> None:
        self._bus = bus
        self._signing = signing
        self._sender: DeskSender | None = None
        self.services = Services(self.ask, self._send)

    async def run(self) -> None:
        async with DeskSender(self._bus.client, self._signing) as sender:
            self._sender = sender
            await asyncio.Event().wait()  # until the process ends

    async def ask(self, question: Question[Any]) -> Answered[Any]:
        return await question_client.ask(self._bus.client, question)

    def sender(self, submission_id: str) -> DeskSender:
        if self._sender is None:
            raise NotConfirmed(submission_id)
        return self._sender

    async def _send(self, scope: str, submission_id: str, actor: str, submission: Submission) -> Receipt:
        return await self.sender(submission_id).send(scope, submission_id, actor, submission)
