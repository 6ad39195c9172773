"""Sends an outbox: connect, send the submissions, wait for their receipts, and delete those that have one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError

from shared.commune_client.broker import Broker
from shared.commune_client.outbox import Entry, Kept, Outbox
from shared.commune_client.sender import IdUsedBefore, Sender
from shared.contracts import Receipt
from shared.contracts.indicators import CorrectReadings, RecordReadings, WithdrawReadings
from shared.contracts.planning import ReportProgress
from shared.contracts.reporting import SubmitReport
from shared.messaging.announcing.publisher import PublishRefused
from shared.messaging.connection import connect

SILENT_AFTER = 30.0  # seconds without any receipt
OTHERS_SILENT_AFTER = 5.0  # the same, once the command's own submissions have their receipts
BUSY_AFTER = 30.0  # seconds for which another process sends
# By default nats-py 2.16 goes on for two minutes where there is nobody.
BRIEFLY: dict[str, Any] = {"connect_timeout": 5, "max_reconnect_attempts": 3, "reconnect_time_wait": 1}

# Why something stays in the outbox: no broker, an account that it does not know, a commune that the account may not
# send for, no receipt for SILENT_AFTER, a broker without space for it, or another process that sends.
Problem = Literal["away", "unknown-account", "not-allowed", "silent", "full", "busy"]
Progress = Callable[[int, int], None]
Phase = Literal["lock", "connection", "receipts"]

READINGS = (RecordReadings.kind, CorrectReadings.kind, WithdrawReadings.kind)
# What must have its receipt before a submission of a kind is sent, where it was accepted before: steps of tasks go in
# their order, and the figures of a report are those of the readings before it. A service that is down delays no other.
SENT_AFTER = {
    ReportProgress.kind: (ReportProgress.kind,),
    CorrectReadings.kind: READINGS,
    WithdrawReadings.kind: READINGS,
    SubmitReport.kind: (*READINGS, SubmitReport.kind),
}


class NotKept(Exception):
    """The submission could not be read, or only in part, and the province does not keep its body."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(f"{receipt.submission_id}: its body is not kept")
        self.receipt = receipt


@dataclass
class Delivery:
    """The result of sending an outbox: receipts, what no broker will ever take and why, and how much still waits."""

    receipts: list[Receipt] = field(default_factory=list)
    set_aside: list[tuple[Path, Exception]] = field(default_factory=list)
    waiting: int = 0
    elsewhere: int = 0
    problem: Problem | None = None


def deliver(
    broker: Broker,
    commune: str,
    outbox: Outbox,
    own: Sequence[Kept] = (),
    progress: Progress = lambda *_: None,
    *,
    waits_for: Callable[[Phase], None] = lambda _: None,
) -> Delivery:
    """Send everything that waits for this broker, `own` among it, whichever command kept it and however that ended.

    A submission leaves the outbox with its receipt. One that was sent before is answered with the receipt of then, for
    its id is the same: it counts once. `own` have their receipts here also where another process has just sent them.
    `progress` is called with the numbers of receipts and submissions, `waits_for` when it begins to wait for something.
    """
    waits_for("lock")
    with outbox.locked(BUSY_AFTER) as is_locked:
        if is_locked:
            delivering = _Delivering(broker, commune, outbox, own, progress, waits_for)
            asyncio.run(delivering.run())
            delivery = delivering.delivery
        else:
            delivery = Delivery(problem="busy")
        delivery.waiting, delivery.elsewhere = len(outbox.waiting()), outbox.elsewhere()
    return delivery


class _Delivering:
    """The work of one connection."""

    def __init__(  # noqa: PLR0917  as `deliver`
        self,
        broker: Broker,
        commune: str,
        outbox: Outbox,
        own: Sequence[Kept],
        progress: Progress,
        waits_for: Callable[[Phase], None],
    ) -> None:
        self._broker = broker
        self._commune = commune
        self._outbox = outbox
        self._own = own
        self._without_receipt = {kept.submission_id for kept in own}
        self._progress = progress
        self._waits_for = waits_for
        self._denied: Problem | None = None
        self._limit: asyncio.Timeout | None = None
        self._accepted = 0
        self.delivery = Delivery()

    async def run(self) -> None:
        self._waits_for("connection")
        try:
            client = await connect(self._broker.servers, error_cb=self._note, **BRIEFLY)
        except (NatsError, OSError, ValueError):  # ValueError: no address of a server
            self.delivery.problem = self._denied or "away"
            return
        self._waits_for("receipts")
        try:
            async with asyncio.timeout(SILENT_AFTER) as self._limit, Sender(client, self._commune) as self._sender:
                await self._send_all()
        except TimeoutError:
            self.delivery.problem = self._denied or ("full" if self._sender.is_full else "silent")
        except NatsError:
            self.delivery.problem = self._denied or "away"
        finally:
            await client.close()

    async def _send_all(self) -> None:
        tried: set[str] = set()
        # Again for what other commands have kept in the meantime.
        while entries := [each for each in self._outbox.waiting() if each.submission_id not in tried]:
            tried |= {entry.submission_id for entry in entries}
            self._accepted += len(entries)
            started: list[tuple[str, asyncio.Task[None]]] = []
            for entry in entries:
                first = SENT_AFTER.get(entry.kind)
                earlier = [sending for kind, sending in started if kind in first] if first else []
                started.append((entry.kind, asyncio.create_task(self._send(entry, earlier))))
            await asyncio.gather(*(sending for _, sending in started))
        for kept in self._own:
            if kept.submission_id not in tried:
                self._received(await self._sender.send_raw(self._commune, *kept))

    async def _send(self, entry: Entry, earlier: Sequence[asyncio.Task[None]]) -> None:
        if earlier:
            await asyncio.wait(earlier)
        body = entry.path.read_bytes()
        try:
            receipt = await self._sender.send_raw(self._commune, entry.kind, entry.submission_id, body)
        except (ValueError, MaxPayloadError, PublishRefused, IdUsedBefore) as never:
            self.delivery.set_aside.append((self._outbox.set_aside(entry), never))
        else:
            if receipt.kept:
                entry.path.unlink(missing_ok=True)  # only with the receipt in hand
            else:  # this is the only copy of what could not be read
                self.delivery.set_aside.append((self._outbox.set_aside(entry), NotKept(receipt)))
            self._received(receipt)

    def _received(self, receipt: Receipt) -> None:
        self.delivery.receipts.append(receipt)
        self._without_receipt.discard(receipt.submission_id)
        own_are_done = self._own and not self._without_receipt
        self._wait_another(OTHERS_SILENT_AFTER if own_are_done else SILENT_AFTER)
        self._progress(len(self.delivery.receipts), self._accepted)

    def _wait_another(self, seconds: float) -> None:
        if self._limit and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time() + seconds)

    async def _note(self, fault: Exception) -> None:
        """nats-py 2.16 would print a traceback, and gives the server's words only."""
        reason = str(fault).lower()
        if "authorization violation" in reason:
            self._denied = "unknown-account"
        elif "permissions violation" in reason:
            self._denied = "not-allowed"
            self._wait_another(0)  # no receipt will come
