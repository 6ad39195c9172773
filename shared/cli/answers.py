"""Asks the province's services from a commune's command; what has no answer ends the command with one sentence."""

import asyncio
import os
import time
from typing import TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.cli import fail
from shared.cli.sending import PROBLEMS
from shared.cli.waiting import ANSWER, CONNECTION, AwaitedReply
from shared.commune_client.broker import Broker
from shared.commune_client.delivery import BRIEFLY
from shared.contracts import Answered, CommuneQuestion, Message
from shared.messaging.connection import connect
from shared.messaging.questions.question_client import ANSWERED_WITHIN, NotAnswered, ask
from shared.settings import with_stack

FOR_A_MOMENT = ("not-ready", "busy")  # a service that restarts or has much to do
ASKED_AGAIN_AFTER = 1.0  # seconds
TRY_LATER = "hãy thử lại sau"

Answer = TypeVar("Answer", bound=Message)


def is_at_a_commune() -> bool:
    """Whether a list is the answer of the province's services: the machine has their broker, and no database."""
    env = with_stack(os.environ)
    return "NATS_URL" in env and "DATABASE_URL" not in env


def answered(broker: Broker, question: CommuneQuestion[Answer], *, away: str = TRY_LATER) -> Answered[Answer]:
    """The answer to a question of the commune whose account the broker has, or that is set. Ends the command (1).

    `away` is what a person is advised where the broker cannot be reached.
    """
    answer = answered_or_why(broker, question, away=away)
    return fail(answer) if isinstance(answer, str) else answer


def answered_or_why(
    broker: Broker, question: CommuneQuestion[Answer], waits_for: str = ANSWER, *, away: str = TRY_LATER
) -> Answered[Answer] | str:
    """The answer, or the sentence that says why there is none. A person reads that it `waits_for` this."""
    connection = _Connection(broker, broker.commune or question.commune, waits_for)
    try:
        return asyncio.run(connection.run(question))
    except NotAnswered as refused:
        return connection.denied or str(refused)
    except (NatsError, OSError, ValueError):  # a TimeoutError where it is denied; ValueError: no address of a server
        return connection.denied or f"{PROBLEMS['away'].format(server=broker.server)}; {away}."


class _Connection:
    """One connection. `denied` is what the server refuses, which nats-py 2.16 reports on the side."""

    def __init__(self, broker: Broker, commune: str, waits_for: str) -> None:
        self._broker = broker
        self._commune = commune
        self._waits_for = waits_for
        self._limit = asyncio.Timeout(None)
        self.denied: str | None = None

    async def run(self, question: CommuneQuestion[Answer]) -> Answered[Answer]:
        with AwaitedReply(None) as waiting:
            return await self._run(question, waiting)

    async def _run(self, question: CommuneQuestion[Answer], waiting: AwaitedReply) -> Answered[Answer]:
        waiting.begin(CONNECTION)
        client = await connect(self._broker.servers, error_cb=self._note, **BRIEFLY)
        waiting.begin(self._waits_for)
        try:
            async with self._limit:
                return await self._ask(client, question)
        finally:
            await client.close()

    async def _ask(self, client: Client, question: CommuneQuestion[Answer]) -> Answered[Answer]:
        until = time.monotonic() + ANSWERED_WITHIN
        while True:
            try:
                return await ask(client, question, self._commune)
            except NotAnswered as refused:
                if refused.problem not in FOR_A_MOMENT or time.monotonic() > until:
                    raise
            await asyncio.sleep(ASKED_AGAIN_AFTER)

    async def _note(self, fault: Exception) -> None:
        reason = str(fault).lower()
        if "authorization violation" in reason:
            self.denied = f"{PROBLEMS['unknown-account']}."
        elif "permissions violation" in reason:
            self.denied = f"Tài khoản trong NATS_URL không được hỏi về đơn vị {self._commune}."
            self._limit.reschedule(0)  # no answer will come
