"""Counts and logs what an intake refuses and parks, and how many submissions wait for it."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from nats.aio.client import Client

from shared.contracts import Receipt
from shared.messaging.streams import INTAKE, Listener

LOOKED_AT_EVERY = 5.0  # seconds
STUCK_AFTER = 60.0  # seconds without a submission taken while some wait
MOST_LOGGED = 20  # refusals of one batch; a commune may send thousands

log = logging.getLogger(__name__)


class IntakeReport:
    """Counts by kind since the process started. `waiting` are submissions that the service has not taken yet."""

    def __init__(self, service: str, stream: str = INTAKE) -> None:
        self.service = service
        self.stream = stream
        self.submissions: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.parked: Counter[str] = Counter()
        self.bodies_not_kept = 0
        self.waiting = 0
        self._waiting_since: float | None = None
        self._taken = -1
        self._moved_at = time.monotonic()
        self._is_reported = False

    @property
    def waiting_seconds(self) -> float:
        """For how long some have waited without a break; 0 where none waits."""
        return 0.0 if self._waiting_since is None else time.monotonic() - self._waiting_since

    def decided(self, receipts: Sequence[Receipt]) -> None:
        """A line for each submission with something refused, and for each that is parked."""
        for receipt in receipts:
            self.submissions[receipt.kind] += 1
            self.refused[receipt.kind] += len(receipt.refused)
            self.parked[receipt.kind] += receipt.parked is not None
        problems = [receipt for receipt in receipts if receipt.refused or receipt.parked]
        for receipt in problems[:MOST_LOGGED]:
            log.warning("%s", _line(receipt))
        if (more := len(problems) - MOST_LOGGED) > 0:
            log.warning("and %d more submissions with something refused", more)

    def not_kept(self, bodies: Mapping[str, int]) -> None:
        """How many bodies of each commune could not be read, or only in part, and are not kept for their number."""
        for commune, number in bodies.items():
            self.bodies_not_kept += number
            log.error("%d unreadable bodies of commune %s are not kept: it has too many already", number, commune)

    async def watch(self, client: Client, listener: Listener) -> None:
        """Look every few seconds how many submissions wait, until cancelled; an error once where none is taken."""
        while True:
            try:
                found = await client.jetstream().consumer_info(listener.stream, listener.name)
            except Exception as away:  # noqa: BLE001  the broker is away: looked at when it is back
                log.info("how many submissions wait cannot be read: %s", away or type(away).__name__)
            else:
                taken = (found.ack_floor.stream_seq if found.ack_floor else 0) or 0
                self.looked_at((found.num_pending or 0) + (found.num_ack_pending or 0), taken)
            await asyncio.sleep(LOOKED_AT_EVERY)

    def looked_at(self, waiting: int, taken: int) -> None:
        """`taken` is the sequence up to which all are acknowledged."""
        now = time.monotonic()
        if not waiting or taken != self._taken:
            self._moved_at, self._is_reported = now, False
        self.waiting, self._taken = waiting, taken
        self._waiting_since = (self._waiting_since or now) if waiting else None
        if now - self._moved_at > STUCK_AFTER and not self._is_reported:
            log.error(
                "%s of %s does not move from sequence %d: %d submissions wait",
                self.stream,
                self.service,
                taken,
                waiting,
            )
            self._is_reported = True


def _line(receipt: Receipt) -> str:
    submission = f"submission {receipt.submission_id} ({receipt.kind}) of commune {receipt.commune}"
    if receipt.parked:
        return f"{submission} is parked: {receipt.parked}"
    rules = Counter(item.rule for item in receipt.refused)
    named = ", ".join(f"{rule} {times}" for rule, times in rules.most_common(5))
    return f"{submission}: {len(receipt.refused)} refused ({named})"
