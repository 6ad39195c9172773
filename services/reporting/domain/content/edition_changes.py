"""The changes between two editions with the corrections that caused them, as JSON, and the headlines of an edition."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TypedDict, Unpack

from services.reporting.domain.content.differences import PROVINCE, figure_changes
from services.reporting.domain.content.report_content import IndicatorLine, ReportContent
from services.reporting.domain.content.restatement import (
    Amounts,
    Causes,
    FigureChange,
    ReadingCorrected,
    ReadingLate,
    Restatement,
)
from services.reporting.domain.content.versions import COMPUTATION, pinned
from shared.vietnamese import percent

MOST_IN_HEADLINE = 10
MOST_LATE = 1000  # late readings that a restatement names; it counts all


@dataclass(frozen=True)
class EditionChanges:
    """`readings` are the numbers of readings before and after; `late` are the late ones between them."""

    figures: Sequence[FigureChange]
    corrections: Sequence[ReadingCorrected]
    readings: tuple[int, int]
    late: Sequence[ReadingLate] = ()

    @property
    def sha256(self) -> str:
        return sha256(self.canonical()).hexdigest()

    def canonical(self) -> bytes:
        """As an edition stores them: JSON with `moved`, `corrections`, `readings`, and `late` where there are any."""
        fields = {
            "moved": [asdict(change) for change in self.figures],
            "corrections": [asdict(correction) for correction in self.corrections],
            "readings": self.readings,
        }
        if self.late:  # as a restatement, which names the first ones
            fields["late"] = [asdict(reading) for reading in self.late[:MOST_LATE]]
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return f"{text}\n".encode()


class Signature(TypedDict):
    """The edition that a restatement replaces, who restates it and why."""

    replaces: int
    by: str
    reason: str


def restated(
    before: ReportContent, after: ReportContent, causes: Causes, **signature: Unpack[Signature]
) -> ReportContent:
    """The later content with what moved since the earlier one."""
    causes = replace(causes, late=causes.late[:MOST_LATE])
    opening = any(each.observed_on < after.counted_from for each in causes.corrections)
    moved = Restatement(
        readings=(before.readings, after.readings),
        computations=(pinned(before.pins, COMPUTATION), pinned(after.pins, COMPUTATION)),
        moved=tuple(causes.of(change) for change in figure_changes(before, after)),
        corrections=tuple(causes.corrections),
        names=dict(causes.names),
        counted_from=after.counted_from if opening else None,
        late=tuple(causes.late),
        **signature,
    )
    return replace(after, restated=moved)


def headline(report: ReportContent) -> list[str]:
    """The announcement's summary of a first edition: the rates that have a target."""
    return [
        f"{line.name}: {percent(line.shown_rate)}"
        for line in report.indicators
        if line.target and line.shown_rate is not None
    ]


def headline_of_changes(changes: Sequence[FigureChange], report: ReportContent) -> list[str]:
    """The announcement's summary of a restatement: the province's own rates, before and after."""
    lines = {line.indicator: line for line in report.indicators}
    own = [change for change in changes if change.commune == PROVINCE and change.item in lines]
    return [
        f"{each.name}: {_rate(each.before, lines[each.item])} → {_rate(each.after, lines[each.item])}"
        for each in own[:MOST_IN_HEADLINE]
    ]


def _rate(amounts: Amounts, line: IndicatorLine) -> str:
    numerator, denominator = amounts or (None, None)
    return percent(replace(line, figure=replace(line.figure, numerator=numerator, denominator=denominator)).shown_rate)
