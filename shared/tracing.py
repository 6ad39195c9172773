"""Where a submission is and what became of it: outbox, stream, receipt, what was refused or parked, who counts it."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

SUBMISSION_ID = re.compile(r"[^\s.*>]{1,200}")
Where = Literal["parked", "adds-nothing", "not-followed", "counts", "waits", "lost", "kept", "unknown"]


@dataclass(frozen=True)
class Decided:
    """What a service decided. `position` is of its event; `followed` are the positions that other services applied."""

    accepted: int
    parked: str | None
    position: int
    followed: dict[str, int] = field(default_factory=dict)

    @property
    def counted_by(self) -> list[str]:
        return [service for service, position in self.followed.items() if position >= self.position > 0]

    @property
    def awaited(self) -> list[str]:
        return [service for service, position in self.followed.items() if position < self.position]

    @property
    def where(self) -> Where:
        if self.parked:
            return "parked"
        if not self.accepted:
            return "adds-nothing"
        return "not-followed" if self.awaited else "counts"


def where(decided: Decided | None, taken: list[bool], kept: list[Any]) -> Where:
    """From the last decision, from each message of a stream whether its service has taken it, from what outboxes keep.

    "lost": a service took it, and its store has no receipt, as after a restored backup.
    """
    if decided:
        return decided.where
    if taken:
        return "lost" if all(taken) else "waits"
    return "kept" if kept else "unknown"
