"""What moved between two editions, and by which corrections: kept word for word beside the contents themselves."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from services.reporting.domain.moves import PROVINCE, Amounts, Move
from services.reporting.domain.quarterly_report import Figure, IndicatorLine, QuarterlyReport
from services.reporting.read_models.corrections import ReadingCorrected
from shared.vietnamese import percent

MOST_IN_HEADLINE = 10


@dataclass(frozen=True)
class Changes:
    """`readings` are how many stood before and after: what came late moves figures without a correction."""

    moves: Sequence[Move]
    corrections: Sequence[ReadingCorrected]
    readings: tuple[int, int]

    @property
    def sha256(self) -> str:
        return sha256(self.canonical()).hexdigest()

    def canonical(self) -> bytes:
        said = {
            "moved": [asdict(move) for move in self.moves],
            "corrections": [correction._asdict() for correction in self.corrections],
            "readings": self.readings,
        }
        return (
            json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str) + "\n"
        ).encode()


def changes_in(content: bytes) -> dict[str, Any]:
    """What was kept of the changes, as JSON says it: `moved`, `corrections` and `readings`."""
    changes: dict[str, Any] = json.loads(content)
    return changes


def headline(report: QuarterlyReport) -> list[str]:
    """What an announcement of a first edition says of it."""
    return [f"{line.name}: {percent(line.figure.rate)}" for line in report.indicators if line.target and _known(line)]


def headline_of(moves: Sequence[Move], report: QuarterlyReport) -> list[str]:
    """The province's own rates that moved, in words."""
    zero = {line.indicator: line.figure.zero_denominator for line in report.indicators}
    own = [move for move in moves if move.commune == PROVINCE and move.item in zero]
    return [
        f"{move.name}: {_rate(move.before, zero[move.item])} → {_rate(move.after, zero[move.item])}"
        for move in own[:MOST_IN_HEADLINE]
    ]


def _rate(amounts: Amounts, zero_denominator: str) -> str:
    numerator, denominator = amounts or (None, None)
    return percent(Figure(numerator, denominator, zero_denominator).rate)


def _known(line: IndicatorLine) -> bool:
    return line.figure.rate is not None
