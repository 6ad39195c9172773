"""Traces one submission: outbox of this machine, intake stream, receipt, what was refused or parked, who counts it."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.commune_client.outbox import Entry
from shared.contracts import Receipt


@dataclass(frozen=True)
class InStream:
    """A message of the intake. `is_taken`: its service has acknowledged it; `redelivered` messages came again there."""

    commune: str
    kind: str
    service: str
    sequence: int
    sent_at: datetime
    is_taken: bool
    redelivered: int


@dataclass(frozen=True)
class Settled:
    """What a service decided. `position` is of its event; `followed` are the positions that other services applied."""

    service: str
    receipt: Receipt
    body_kept: bool
    position: int
    followed: dict[str, int] = field(default_factory=dict)

    @property
    def counted_by(self) -> list[str]:
        return [service for service, position in self.followed.items() if position >= self.position > 0]

    @property
    def awaited(self) -> list[str]:
        return [service for service, position in self.followed.items() if position < self.position]


@dataclass(frozen=True)
class Trace:
    """Everything that is known of a submission id. `away` names what could not be asked."""

    submission_id: str
    kept: list[Entry]
    stream: list[InStream]
    settled: list[Settled]
    away: list[str]

    @property
    def is_known(self) -> bool:
        return bool(self.kept or self.stream or self.settled)

    @property
    def verdict(self) -> str:
        """The one sentence that answers the question."""
        if self.settled:
            return _decided(self.settled[-1])
        waiting = [message for message in self.stream if not message.is_taken]
        if waiting:
            doubt = f"; {waiting[0].redelivered} messages there come again and again" if waiting[0].redelivered else ""
            return f"It waits in the intake stream for {waiting[0].service}, which has not taken it{doubt}."
        if self.stream:
            return f"{self.stream[0].service} took it, and its store has no receipt: was it restored from a backup?"
        if self.kept:
            return _kept(self.kept[0])
        unknown = "Unknown: in no outbox of this machine, not in the intake stream, in no store"
        return f"{unknown} ({', '.join(self.away)} not asked)." if self.away else f"{unknown}."


def _decided(settled: Settled) -> str:
    receipt = settled.receipt
    if receipt.parked:
        return f"Parked by {settled.service}: nobody can read it ({receipt.parked}). It counts for nothing."
    refused = f", {len(receipt.refused)} refused" if receipt.refused else ""
    recorded = f"{receipt.accepted} recorded, {receipt.duplicates} known before{refused}"
    if not receipt.accepted:
        return f"{settled.service} decided it: {recorded}. It adds nothing."
    if settled.awaited:
        return f"{settled.service} decided it: {recorded}. Not followed yet by {', '.join(settled.awaited)}."
    return f"{settled.service} decided it: {recorded}. It counts."


def _kept(entry: Entry) -> str:
    if entry.refused:
        return "It is set aside on this machine: no broker will ever take it."
    return f"It waits in the outbox of this machine for {entry.server or 'a broker'}: it was never receipted."
