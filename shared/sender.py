"""A commune's side of intake: send a submission, and keep at it until its receipt is here."""

import asyncio
import re
from collections.abc import Callable
from types import TracebackType

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import ConnectionClosedError, MaxPayloadError
from nats.errors import Error as NatsError

from shared.contracts import Receipt, Submission
from shared.contracts.indicators import CorrectReadings, RecordReadings, WithdrawReadings
from shared.contracts.planning import ReportProgress
from shared.contracts.reporting import SubmitReport
from shared.publishing import Publisher, PublishRefused
from shared.streams import INTAKE

OWNERS = {
    RecordReadings.kind: "indicators",
    CorrectReadings.kind: "indicators",
    WithdrawReadings.kind: "indicators",
    ReportProgress.kind: "planning",
    SubmitReport.kind: "reporting",
}
RECEIPT_WITHIN = 5.0
IN_FLIGHT = 1000
ALREADY_THERE = 10077  # the subject holds this submission already: it came, whatever became of the acknowledgement
TOO_LARGE = 10054
TOKEN = re.compile(r"[^\s.*>]+")


class Sender:
    """Sends for one commune, or for all (`commune="*"`). A receipt that was missed is asked for."""

    def __init__(self, client: Client, commune: str = "*") -> None:
        self._client = client
        self._commune = commune
        self._publisher = Publisher(client)
        self._waiting: dict[tuple[str, str], asyncio.Future[Receipt]] = {}
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._subscription: Subscription | None = None

    async def __aenter__(self) -> "Sender":
        self._subscription = await self._client.subscribe(f"receipt.{self._commune}.*", cb=self._receipt)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._subscription and not self._client.is_closed:
            await self._subscription.unsubscribe()

    async def send(self, commune: str, submission_id: str, submission: Submission) -> Receipt:
        """Send, and wait for the receipt however long it takes.

        What no waiting can mend is raised: ValueError for an id that fits in no subject, MaxPayloadError or
        PublishRefused for a body that is too large, ConnectionClosedError when the client has given up.
        """
        body = submission.model_dump_json().encode()
        return await self.send_raw(commune, submission.kind, submission_id, body)

    async def send_raw(
        self, commune: str, kind: str, submission_id: str, body: bytes, sent: Callable[[], None] = lambda: None
    ) -> Receipt:
        """The same for a body as it is; `sent` is called whenever the body goes out."""
        if not (TOKEN.fullmatch(commune) and TOKEN.fullmatch(submission_id)):
            raise ValueError(f'"{commune}", "{submission_id}": an id has no spaces, points, * or >')
        key = (commune, submission_id)
        async with self._in_flight:
            answer = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
            try:
                while True:
                    sent()
                    new = await self._publish(f"{INTAKE}.{commune}.{kind}.{submission_id}", body)
                    if not new and (receipt := await self._ask(commune, OWNERS[kind], submission_id)):
                        return receipt
                    try:
                        return await asyncio.wait_for(asyncio.shield(answer), RECEIPT_WITHIN)
                    except TimeoutError:
                        if receipt := await self._ask(commune, OWNERS[kind], submission_id):
                            return receipt
            finally:
                self._waiting.pop(key, None)

    async def _publish(self, subject: str, body: bytes) -> bool:
        """False when the stream holds the submission already."""
        try:
            await asyncio.wait_for(await self._publisher.publish(subject, body), RECEIPT_WITHIN)
        except PublishRefused as refused:
            if refused.code == TOO_LARGE:
                raise
            if refused.code == ALREADY_THERE:
                return False
            await asyncio.sleep(1)  # the stream is away: the server starts, or it is provisioned again
        except (ConnectionClosedError, MaxPayloadError):
            raise
        except (NatsError, TimeoutError):
            await asyncio.sleep(1)  # the broker is away: whether it came is what the receipt will say
        return True

    async def _ask(self, commune: str, owner: str, submission_id: str) -> Receipt | None:
        try:
            answer = await self._client.request(f"receipts.{owner}.{commune}", submission_id.encode(), timeout=2)
        except (NatsError, TimeoutError):
            return None
        return Receipt.model_validate_json(answer.data) if answer.data else None

    async def _receipt(self, message: Msg) -> None:
        _, commune, submission_id = message.subject.split(".")
        waiting = self._waiting.get((commune, submission_id))
        if waiting and not waiting.done():
            waiting.set_result(Receipt.model_validate_json(message.data))
