"""Traces one submission: outbox of this machine, intake stream, receipt, what was refused or parked, who counts it."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.commune_client.outbox import Entry
from shared.contracts import Receipt
from shared.tracing import Decided, where


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
    """What a service decided; `followed` are the positions that other services applied."""

    service: str
    receipt: Receipt
    body_kept: bool
    position: int
    followed: dict[str, int] = field(default_factory=dict)

    @property
    def decided(self) -> Decided:
        return Decided(self.receipt.accepted, self.receipt.parked, self.position, self.followed)


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
        last = self.settled[-1] if self.settled else None
        found = where(last.decided if last else None, [each.is_taken for each in self.stream], self.kept)
        if last:
            return _decided(last)
        if found == "waits":
            waiting = next(message for message in self.stream if not message.is_taken)
            doubt = f"; {waiting.redelivered} messages there come again and again" if waiting.redelivered else ""
            return f"It waits in the intake stream for {waiting.service}, which has not taken it{doubt}."
        if found == "lost":
            return f"{self.stream[0].service} took it, and its store has no receipt: was it restored from a backup?"
        if found == "kept":
            return _kept(self.kept[0])
        unknown = "Unknown: it is in no outbox of this machine, not in the intake stream and in no store"
        return f"{unknown}, but not everything answers." if self.away else f"{unknown}."


def _decided(settled: Settled) -> str:
    receipt, decided = settled.receipt, settled.decided
    if decided.where == "parked":
        return f"Parked by {settled.service}: nobody can read it ({receipt.parked}). It counts for nothing."
    refused = f", {len(receipt.refused)} refused" if receipt.refused else ""
    recorded = f"{receipt.accepted} recorded, {receipt.duplicates} known before{refused}"
    ends = {
        "adds-nothing": "It adds nothing.",
        "not-followed": f"Not followed yet by {', '.join(decided.awaited)}.",
        "counts": "It counts.",
    }
    return f"{settled.service} decided it: {recorded}. {ends[decided.where]}"


def _kept(entry: Entry) -> str:
    if entry.refused:
        return "It is set aside on this machine: no broker will ever take it."
    return f"It waits in the outbox of this machine for {entry.server or 'a broker'}: it was never receipted."
