"""Answers the questions that communes and the portal ask a service, from its read models: one instance takes each."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import psycopg
from eventsourcing.persistence import PersistenceError
from nats.aio.client import Client
from nats.aio.msg import Msg
from psycopg_pool import PoolTimeout
from pydantic import ValidationError

from shared.contracts import Answered, CommuneQuestion, Message, ProvinceQuestion, Question, Unanswered
from shared.contracts.operation import ShowHealth
from shared.messaging.following.grants import Grants
from shared.messaging.json_document import Doubled, parsed
from shared.messaging.questions.question_client import ANSWERED_WITHIN, COMMUNE, PORTAL

LARGEST_ANSWER = 4 * 1024 * 1024
ANSWERED_AT_ONCE = 2  # of the service's few connections to PostgreSQL
MOST_WAITING = 8  # questions of one commune, or of one account of the portal
AWAY = (OSError, TimeoutError, PoolTimeout, PersistenceError, psycopg.OperationalError, psycopg.InterfaceError)

Application = TypeVar("Application")
# Each function declares the type of its own question, and raises NoAnswer for one that it refuses.
Functions = Mapping[type[Question[Any]], Callable[[Application, Any], Message]]

log = logging.getLogger(__name__)


class NoAnswer(Exception):
    """A question that has no answer; the message is the sentence for whoever asked, `problem` that of `Unanswered`."""

    def __init__(self, sentence: str, problem: str = "refused") -> None:
        super().__init__(sentence)
        self.unanswered = Unanswered.model_validate({"problem": problem, "sentence": sentence})


NOT_READY = NoAnswer("Máy chủ của tỉnh chưa sẵn sàng trả lời; hãy thử lại sau ít phút.", "not-ready")
BUSY = NoAnswer("Quá nhiều câu hỏi đang chờ trả lời; hãy thử lại sau giây lát.", "busy")
FAILED = NoAnswer("Máy chủ của tỉnh gặp lỗi khi trả lời; hãy báo cho người vận hành.", "failed")
TOO_LARGE = NoAnswer(f"Câu trả lời lớn hơn {LARGEST_ANSWER // 1024**2} MB; hãy thu hẹp phạm vi câu hỏi.", "too-large")
UNKNOWN = NoAnswer(
    "Máy chủ của tỉnh chưa trả lời được loại câu hỏi này; hãy dùng cùng phiên bản với máy chủ.", "unknown-question"
)
UNREADABLE = "Máy chủ của tỉnh không đọc được câu hỏi ({})."
OTHER_COMMUNE = NoAnswer("Đơn vị chỉ được hỏi về chính mình và đơn vị đã nhập vào mình.", "not-granted")
OTHER_PROVINCE = NoAnswer("Đơn vị chỉ được hỏi về chính mình và những gì tỉnh mình công bố.", "not-granted")
NO_GRANT = NoAnswer("Tài khoản chưa được giao quyền xem nội dung này.", "not-granted")


class Asked(NamedTuple):
    """The subject of a question, and who asked on it, as the broker guarantees: a commune, or the portal."""

    subject: str
    commune: str | None

    @classmethod
    def on(cls, subject: str) -> "Asked":
        *question, last = subject.split(".")
        if question[-1] == COMMUNE:
            return cls(".".join(question[:-1]), last)
        return cls(".".join(question), None)


def asker_of(asked: Asked, body: bytes) -> str:
    """A commune, or the account for which the portal asks: each waits for its own answers only."""
    if asked.commune is not None:
        return f"{COMMUNE} {asked.commune}"
    try:
        found, _ = parsed(body)
    except (ValueError, RecursionError):
        found = None
    return f"{PORTAL} {found.get('actor') if isinstance(found, dict) else None}"


class Questions:
    """Answers for a service. Blocking work runs in a thread, a few at once; whoever asks too much is refused."""

    def __init__(
        self,
        application: Any,
        functions: Functions[Any],
        positions: Callable[[], dict[str, int]],
        is_ready: Callable[[], bool],
        grants: Grants | None = None,
    ) -> None:
        self._application = application
        self._functions = {question.subject: (question, function) for question, function in functions.items()}
        self._positions = positions
        self._is_ready = is_ready
        self._grants = grants
        self._waiting: Counter[str] = Counter()
        self._free = asyncio.Semaphore(ANSWERED_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, client: Client, service: str) -> None:
        """Answer from now on, sharing the questions with the other instances of the service."""

        async def take(message: Msg) -> None:  # a task each: one long answer delays no other
            task = asyncio.create_task(self._take(client, message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        for asker in (f"{COMMUNE}.*", PORTAL):
            await client.subscribe(f"{service}.query.*.*.{asker}", queue=service, cb=take)

    async def _take(self, client: Client, message: Msg) -> None:
        if not message.reply:  # whoever asks without an address for the answer needs none
            return
        asker = asker_of(asked := Asked.on(message.subject), message.data)
        until = time.monotonic() + ANSWERED_WITHIN
        if self._waiting[asker] >= MOST_WAITING:
            await client.publish(message.reply, _body(BUSY.unanswered))
            return
        self._waiting[asker] += 1
        try:
            async with self._free:
                if time.monotonic() < until:  # nobody waits for it any more
                    await client.publish(message.reply, await asyncio.to_thread(self._answered, asked, message.data))
        except Exception:
            log.exception("a question on %s", message.subject)
        finally:
            self._waiting[asker] -= 1
            self._waiting += Counter()  # forgets whoever waits for nothing

    def _answered(self, asked: Asked, body: bytes) -> bytes:
        try:
            if len(answer := _body(self._answer(asked, body))) > LARGEST_ANSWER:
                raise TOO_LARGE
        except NoAnswer as refused:
            return _body(refused.unanswered)
        except AWAY as away:
            log.warning("a question on %s: %s", asked.subject, away or type(away).__name__)
            return _body(NOT_READY.unanswered)
        except Exception:
            log.exception("a question on %s", asked.subject)
            return _body(FAILED.unanswered)
        return answer

    def _answer(self, asked: Asked, body: bytes) -> Answered[Any]:
        if asked.subject not in self._functions:
            raise UNKNOWN
        kind, function = self._functions[asked.subject]
        question = read_question(kind, body)
        self._check(asked, question)
        if not self._is_ready() and not isinstance(question, ShowHealth):
            raise NOT_READY
        # Before the tables are read: all up to here is in the answer, and perhaps more.
        positions = self._positions()
        return Answered(positions=positions, answer=function(self._application, question))

    def _check(self, asked: Asked, question: Question[Any]) -> None:
        """The broker guarantees who asked: a commune, or the portal for an account that has a grant."""
        if asked.commune is None:
            if not (self._grants and self._grants.may_ask(question)):
                raise NO_GRANT
        elif isinstance(question, ProvinceQuestion):
            if not (self._grants and self._grants.commune_may_ask(question, asked.commune)):
                raise OTHER_PROVINCE
        elif not isinstance(question, CommuneQuestion) or not self._is_of(question.commune, asked.commune):
            raise OTHER_COMMUNE

    def _is_of(self, commune: str, machine: str) -> bool:
        return commune == machine or (self._grants is not None and self._grants.is_of(commune, machine))


def read_question(kind: type[Question[Any]], body: bytes) -> Question[Any]:
    """NoAnswer with the place of the first error."""
    try:
        if len(body) > kind.largest:
            raise ValueError(f"lớn hơn {kind.largest // 1024} KB")
        found, _ = parsed(body)
        if isinstance(found, Doubled):
            raise ValueError("có khóa lặp lại")
        return kind.model_validate_json(body)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])[:80]
        raise NoAnswer(UNREADABLE.format(f"{place}: {first['msg']}"[:200]), "unreadable") from None
    except (ValueError, RecursionError) as broken:
        reason = str(broken) if type(broken) is ValueError else "không phải JSON"
        raise NoAnswer(UNREADABLE.format(reason), "unreadable") from None


def _body(message: Message) -> bytes:
    return message.model_dump_json().encode()
