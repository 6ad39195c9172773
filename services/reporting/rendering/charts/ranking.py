"""The chart of communes ranked by the targets that they meet: the first and the last of them."""

from dataclasses import dataclass

from services.reporting.domain.quarterly_report import CommuneLine, QuarterlyReport
from services.reporting.rendering.charts.drawing import WIDTH, Drawing, drawn, shortened
from shared.vietnamese import collation_key, number

LABELS, FIGURES = 230, 90
PLOT = WIDTH - LABELS - FIGURES
ROW = 19
_ENDS = 12  # of many communes so many from either end


@dataclass(frozen=True)
class Standing:
    """A commune's targets: met, missed, and those for which nothing is known."""

    name: str
    met: int
    missed: int
    unknown: int

    @property
    def asked(self) -> int:
        return self.met + self.missed + self.unknown


@dataclass(frozen=True)
class Place:
    """One bar in three parts, their lengths in pixels; `rank` is shared by communes that stand alike."""

    rank: int
    label: str
    name: str
    top: int
    met: float
    missed: float
    unknown: float
    figure: str


def standings(report: QuarterlyReport) -> list[Standing]:
    """The communes that sent anything and were asked for anything, the most targets met first."""
    counted = [standing_of(commune) for commune in report.communes if commune.reported]
    asked = [standing for standing in counted if standing.asked]
    return sorted(asked, key=lambda s: (-s.met / s.asked, s.missed, collation_key(s.name)))


def ranking_chart(report: QuarterlyReport) -> Drawing | None:
    """All communes where they are few; else the first and the last of them, with a gap between. None without any."""
    ranked = standings(report)
    if not ranked:
        return None
    cut = len(ranked) > 2 * _ENDS
    placed = list(zip(_ranks(ranked), ranked, strict=True))
    shown = [*placed[:_ENDS], *placed[-_ENDS:]] if cut else placed
    tops = [at * ROW + (ROW if cut and at >= _ENDS else 0) for at in range(len(shown))]
    return drawn(
        "ranking",
        f"Xếp hạng xã, phường, đặc khu theo số chỉ tiêu đạt, {report.period_name}",
        height=tops[-1] + ROW + 34,
        places=[_place(rank, standing, top) for (rank, standing), top in zip(shown, tops, strict=True)],
        gap_at=_ENDS * ROW if cut else None,
        left_out=number(len(ranked) - len(shown)),
        plot=PLOT,
        labels=LABELS,
    )


def _ranks(ranked: list[Standing]) -> list[int]:
    """Who stands alike shares the better rank."""
    ranks: list[int] = []
    for place, standing in enumerate(ranked):
        alike = place > 0 and _stands(standing) == _stands(ranked[place - 1])
        ranks.append(ranks[-1] if alike else place + 1)
    return ranks


def _stands(standing: Standing) -> tuple[float, int]:
    return standing.met / standing.asked, standing.missed


def standing_of(commune: CommuneLine) -> Standing:
    verdicts = [line.met for line in (*commune.indicators, *commune.scoped) if line.target is not None]
    return Standing(commune.name, verdicts.count(True), verdicts.count(False), verdicts.count(None))


def _place(rank: int, standing: Standing, top: int) -> Place:
    met, missed, unknown = (
        round(count * PLOT / standing.asked, 1) for count in (standing.met, standing.missed, standing.unknown)
    )
    figure = f"{number(standing.met)}/{number(standing.asked)}"
    return Place(rank, shortened(standing.name, 30), standing.name, top, met, missed, unknown, figure)
