"""A commune's side of intake: send a submission, and keep at it until its receipt is here."""

import asyncio
import re
from collections.abc import Callable
from hashlib import sha256
from types import TracebackType
from typing import NamedTuple

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import ConnectionClosedError, MaxPayloadError
from nats.errors import Error as NatsError

from shared.contracts import ID_USED_BEFORE, Receipt, Submission
from shared.messaging.announcing.publisher import Publisher, PublishRefused
from shared.messaging.intake.bodies import LARGEST_SENT
from shared.messaging.streams import DESK_OWNERS, INTAKE_DOOR, INTAKE_SUBJECTS, OWNERS, Door

RECEIPT_WITHIN = 5.0
IN_FLIGHT = 1000
# NATS 2.15 has one code for a subject that holds this submission already and for a stream that is full.
NOT_STORED = 10077
ALREADY_THERE = "maximum messages per subject exceeded"
FULL = "maximum bytes exceeded", "maximum messages exceeded", "insufficient resources"
TOO_LARGE = 10054
TOKEN = re.compile(r"[^\s.*>]+")

# The headers of a message, by its subject and its body.
Headers = Callable[[str, bytes], dict[str, str]]


class IdUsedBefore(Exception):
    """The submission id was given to another content before; the one that was sent now does not count."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(f"{receipt.submission_id}: {ID_USED_BEFORE}")
        self.receipt = receipt


class NotConfirmed(Exception):
    """No receipt came yet. The same submission with the same id may be sent again: it counts once."""


class Expected(NamedTuple):
    """A receipt that is waited for: of a content, which has its digest, and of the kind it was sent as."""

    kind: str
    sha256: str
    answer: "asyncio.Future[Receipt]"

    def take(self, receipt: Receipt) -> None:
        """A receipt under the same id can be of another service, or of another content that came later."""
        if self.answer.done() or _owner(receipt.kind) != _owner(self.kind):
            return
        is_own = (receipt.kind, receipt.sha256) == (self.kind, self.sha256)
        if is_own and receipt.parked != ID_USED_BEFORE:
            self.answer.set_result(receipt)
        elif is_own or receipt.parked != ID_USED_BEFORE:
            self.answer.set_exception(IdUsedBefore(receipt))


class Sender:
    """Sends for one commune, or for all (`commune="*"`), at a door. A receipt that was missed is asked for.

    A receipt is compared with the body that was sent. `is_full`: the broker refused the last one for want of space.
    """

    def __init__(
        self, client: Client, commune: str = "*", door: Door = INTAKE_DOOR, headers: Headers | None = None
    ) -> None:
        self._door = door
        self._headers = headers
        self._client = client
        self._commune = commune
        self._publisher = Publisher(client)
        self._waiting: dict[tuple[str, str], list[Expected]] = {}
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._subscription: Subscription | None = None
        self.is_full = False

    async def __aenter__(self) -> "Sender":
        self._subscription = await self._client.subscribe(f"{self._door.receipt}.{self._commune}.*", cb=self._receipt)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._subscription and not self._client.is_closed:
            await self._subscription.unsubscribe()

    async def send(self, commune: str, submission_id: str, submission: Submission) -> Receipt:
        """Send, and wait for the receipt however long it takes.

        What no waiting can mend is raised: ValueError for an id that fits in no subject, MaxPayloadError or
        PublishRefused for a body that is too large, IdUsedBefore for an id that another content has,
        ConnectionClosedError when the client has given up.
        """
        body = submission.model_dump_json().encode()
        return await self.send_raw(commune, submission.kind, submission_id, body)

    async def send_raw(
        self, commune: str, kind: str, submission_id: str, body: bytes, sent: Callable[[], None] = lambda: None
    ) -> Receipt:
        """The same for a body as it is; `sent` is called whenever the body goes out."""
        if not (TOKEN.fullmatch(commune) and TOKEN.fullmatch(submission_id)):
            raise ValueError(f'"{commune}", "{submission_id}": an id has no spaces, points, * or >')
        if len(body) > LARGEST_SENT:
            raise MaxPayloadError
        expected = Expected(kind, sha256(body).hexdigest(), asyncio.get_running_loop().create_future())
        async with self._in_flight:
            self._waiting.setdefault((commune, submission_id), []).append(expected)
            try:
                while True:
                    sent()
                    if not await self._publish(self._door.submission(commune, kind, submission_id), body):
                        await self._ask(commune, submission_id, expected)
                    try:
                        return await asyncio.wait_for(asyncio.shield(expected.answer), RECEIPT_WITHIN)
                    except TimeoutError:
                        await self._ask(commune, submission_id, expected)
                        if expected.answer.done():
                            return expected.answer.result()
            finally:
                self._no_longer_expect(commune, submission_id, expected)

    def _no_longer_expect(self, commune: str, submission_id: str, expected: Expected) -> None:
        others = self._waiting[commune, submission_id]
        others.remove(expected)
        if not others:
            del self._waiting[commune, submission_id]

    async def _publish(self, subject: str, body: bytes) -> bool:
        """False when the stream holds a submission of this id already."""
        headers = self._headers(subject, body) if self._headers else None
        try:
            await asyncio.wait_for(await self._publisher.publish(subject, body, headers), RECEIPT_WITHIN)
        except PublishRefused as refused:
            if refused.code == TOO_LARGE:
                raise
            if refused.code == NOT_STORED and refused.description == ALREADY_THERE:
                return False
            # Full, or away: the server starts, or the stream is provisioned again.
            self.is_full = refused.description in FULL
            await asyncio.sleep(1)
        except (ConnectionClosedError, MaxPayloadError):
            raise
        except (NatsError, TimeoutError):
            await asyncio.sleep(1)  # the broker is away: whether it came is what the receipt will say
        else:
            self.is_full = False
        return True

    async def receipt(self, commune: str, kind: str, submission_id: str) -> Receipt | None:
        """Of the content that had this id first; None where there is none. NatsError or TimeoutError without answer."""
        subject = f"{self._door.receipts}.{_owner(kind)}.{commune}"
        answer = await self._client.request(subject, submission_id.encode(), timeout=2)
        return Receipt.model_validate_json(answer.data) if answer.data else None

    async def _ask(self, commune: str, submission_id: str, expected: Expected) -> None:
        try:
            receipt = await self.receipt(commune, expected.kind, submission_id)
        except (NatsError, TimeoutError):
            return
        if receipt:
            expected.take(receipt)

    async def _receipt(self, message: Msg) -> None:
        _, commune, submission_id = message.subject.split(".")
        if waiting := self._waiting.get((commune, submission_id)):
            receipt = Receipt.model_validate_json(message.data)
            for expected in list(waiting):
                expected.take(receipt)


def _owner(kind: str) -> str:
    """The service that takes a kind of submission, or that parks it where none does."""
    return {**OWNERS, **DESK_OWNERS}.get(kind, INTAKE_SUBJECTS.service)
