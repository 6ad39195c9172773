"""How pages and programs reach the services: questions and what accounts do, over the portal's connection to NATS.

What the grants of the account do not allow is refused here first; the service that answers or decides
checks them again.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.portal.desk import DeskSender
from services.portal.rights import Rights
from shared import refusal_rules
from shared.commune_client.sender import NotConfirmed
from shared.contracts import Answered, Question, Receipt, Refused, Submission
from shared.messaging import broker_accounts
from shared.messaging.broker_accounts import Held
from shared.messaging.bus import Bus
from shared.messaging.intake.desk import NOT_GRANTED
from shared.messaging.intake.desk_signature import Signing
from shared.messaging.questions import question_client
from shared.messaging.questions.questions import NO_GRANT
from shared.web.site import Services


class Connection:
    """`run` is a task of the process; before it runs nothing is confirmed."""

    def __init__(self, bus: Bus, signing: Signing, rights: Rights) -> None:
        self._bus = bus
        self._signing = signing
        self._rights = rights
        self._sender: DeskSender | None = None
        self.services = Services(self._ask_if_granted, self._send, self._check)

    async def run(self) -> None:
        async with DeskSender(self._bus.client, self._signing) as sender:
            self._sender = sender
            await asyncio.Event().wait()  # until the process ends

    async def ask(self, question: Question[Any]) -> Answered[Any]:
        return await question_client.ask(self._bus.client, question)

    async def held_keys(self, communes: Sequence[str]) -> Held | None:
        return await broker_accounts.held_keys(self._bus.client, communes)

    def sender(self, submission_id: str) -> DeskSender:
        if self._sender is None:
            raise NotConfirmed(submission_id)
        return self._sender

    async def _check(self, question: Question[Any]) -> None:
        if not await asyncio.to_thread(self._rights.may_ask, question):
            raise question_client.NotAnswered(NO_GRANT.unanswered.problem, str(NO_GRANT))

    async def _ask_if_granted(self, question: Question[Any]) -> Answered[Any]:
        await self._check(question)
        return await self.ask(question)

    async def _send(self, scope: str, submission_id: str, actor: str, submission: Submission) -> Receipt:
        if not await asyncio.to_thread(self._rights.may_send, actor, scope, submission):
            return _refused(scope, submission_id, actor, submission, self._rights.now())
        return await self.sender(submission_id).send(scope, submission_id, actor, submission)


def _refused(scope: str, submission_id: str, actor: str, submission: Submission, at: datetime) -> Receipt:
    """As the service would refuse it."""
    sentence = NOT_GRANTED.format(actor)
    return Receipt(
        submission_id=submission_id,
        commune=scope,
        kind=submission.kind,
        sha256="",
        recorded_at=at,
        accepted=0,
        refused=(Refused(item=submission.kind, rule=refusal_rules.NOT_GRANTED, sentence=sentence),),
        actor=actor,
    )
