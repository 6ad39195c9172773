"""Asks a service a question and waits for its answer; every other end is one plain sentence."""

from typing import Any, TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from pydantic import TypeAdapter

from shared.contracts import Answered, Message, Question, Unanswered

ANSWERED_WITHIN = Question.answered_within  # seconds
COMMUNE, PORTAL = "commune", "portal"
SILENT = f"Máy chủ của tỉnh chưa trả lời sau {ANSWERED_WITHIN:.0f} giây; hãy thử lại sau."
NOBODY = "Dịch vụ phụ trách phần này ở máy chủ của tỉnh đang không chạy; hãy thử lại sau."

Answer = TypeVar("Answer", bound=Message)


class NotAnswered(Exception):
    """The message is the sentence; `problem` is that of `Unanswered`, or `silent` or `nobody`."""

    def __init__(self, problem: str, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = problem


async def ask(client: Client, question: Question[Answer], commune: str | None = None) -> Answered[Answer]:
    """Ask as a commune, or else as the portal. NotAnswered with the reason where there is no answer."""
    asker = PORTAL if commune is None else f"{COMMUNE}.{commune}"
    body = question.model_dump_json(exclude_none=True).encode()
    try:
        message = await client.request(f"{question.subject}.{asker}", body, timeout=question.answered_within)
    except NoRespondersError:
        raise NotAnswered("nobody", NOBODY) from None
    except (NatsError, TimeoutError):
        raise NotAnswered("silent", SILENT) from None
    return read_answer(question, message.data)


def read_answer(question: Question[Answer], body: bytes) -> Answered[Answer]:
    answered: Any = Answered.__class_getitem__(question.answer_type())  # the class is known at run time only
    found: Answered[Answer] | Unanswered = TypeAdapter(answered | Unanswered).validate_json(body)
    if isinstance(found, Unanswered):
        raise NotAnswered(found.problem, found.sentence)
    return found
