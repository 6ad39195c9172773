"""The chart of communes ranked by the part of their targets that they meet: the first and the last of them."""

from dataclasses import dataclass, replace
from typing import Any

from services.reporting.domain.content.report_content import CommuneLine, ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.charts.drawing import WIDTH, Drawing, LabelledRow, drawn, height_of, labelled_rows
from shared.vietnamese import collation_key, number

LABELS, FIGURES = 230, 90
PLOT = WIDTH - LABELS - FIGURES
ROW = 19
_LABEL_LENGTH = 30
_ENDS = 12  # communes shown from either end


@dataclass(frozen=True)
class TargetTally:
    """The numbers of a commune's targets that are met, missed, or without a figure."""

    name: str
    met: int
    missed: int
    unknown: int

    @property
    def total(self) -> int:
        return self.met + self.missed + self.unknown


@dataclass(frozen=True)
class RankedBar:
    """One bar in three parts, their lengths in pixels; communes with equal results share a `rank`."""

    rank: int
    lines: tuple[tuple[str, int], ...]
    name: str
    top: int
    met: float
    missed: float
    unknown: float
    figure: str


def ranked_communes(report: ReportContent) -> list[TargetTally]:
    """The communes with readings and targets, those that meet the largest part of their targets first."""
    counted = [tally_of(commune) for commune in report.communes if commune.reported]
    with_target = [tally for tally in counted if tally.total]
    return sorted(with_target, key=_order)


def _order(tally: TargetTally) -> tuple[float, int, Any]:
    return -tally.met / tally.total, tally.missed, collation_key(tally.name)


def ranks_of(report: ReportContent) -> dict[str, int]:
    """By commune its rank; without those that have no readings or no targets."""
    tallies = [(commune.commune, tally_of(commune)) for commune in report.communes if commune.reported]
    ranked = sorted(((each, tally) for each, tally in tallies if tally.total), key=lambda pair: _order(pair[1]))
    ranks = _ranks([tally for _, tally in ranked])
    return {commune: rank for (commune, _), rank in zip(ranked, ranks, strict=True)}


def ranking_chart(report: ReportContent) -> Drawing | None:
    """All communes, or with many the first and the last twelve with a gap between. None without ranked communes."""
    ranked = ranked_communes(report)
    if not ranked:
        return None
    cut = len(ranked) > 2 * _ENDS
    placed = list(zip(_ranks(ranked), ranked, strict=True))
    shown = [*placed[:_ENDS], *placed[-_ENDS:]] if cut else placed
    names = [tally.name for _, tally in shown]
    rows = labelled_rows(names, ROW, 14, _LABEL_LENGTH, whole=report.layout >= SIGNABLE)
    gap_at = height_of(rows[:_ENDS], ROW) if cut else None
    moved = [replace(row, top=row.top + ROW) if cut and at >= _ENDS else row for at, row in enumerate(rows)]
    return drawn(
        "ranking",
        f"Xếp hạng xã, phường, đặc khu theo số chỉ tiêu đạt, {report.period_name}",
        height=height_of(rows, ROW) + (ROW if cut else 0) + 34,
        bars=[_bar(rank, tally, row) for (rank, tally), row in zip(shown, moved, strict=True)],
        gap_at=gap_at,
        left_out=number(len(ranked) - len(shown)),
        plot=PLOT,
        labels=LABELS,
    )


def _ranks(ranked: list[TargetTally]) -> list[int]:
    """Communes with equal results share the better rank."""
    ranks: list[int] = []
    for place, tally in enumerate(ranked):
        alike = place > 0 and _result(tally) == _result(ranked[place - 1])
        ranks.append(ranks[-1] if alike else place + 1)
    return ranks


def _result(tally: TargetTally) -> tuple[float, int]:
    return tally.met / tally.total, tally.missed


def tally_of(commune: CommuneLine) -> TargetTally:
    verdicts = [line.met for line in (*commune.indicators, *commune.scoped) if line.target is not None]
    return TargetTally(commune.name, verdicts.count(True), verdicts.count(False), verdicts.count(None))


def _bar(rank: int, tally: TargetTally, row: LabelledRow) -> RankedBar:
    met, missed, unknown = (round(count * PLOT / tally.total, 1) for count in (tally.met, tally.missed, tally.unknown))
    figure = f"{number(tally.met)}/{number(tally.total)}"
    return RankedBar(rank, row.lines, tally.name, row.top, met, missed, unknown, figure)
