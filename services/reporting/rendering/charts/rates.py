"""The chart of rates with targets: the length of each bar and the position of each target's mark."""

from dataclasses import dataclass
from decimal import Decimal

from services.reporting.domain.content.report_content import IndicatorLine, ReportContent, Target
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.charts.drawing import (
    LABEL_LENGTH,
    WIDTH,
    Drawing,
    LabelledRow,
    drawn,
    height_of,
    labelled_rows,
    pixels,
)
from services.reporting.rendering.text.table_rows import printed_rate
from shared.vietnamese import percent

LABELS, FIGURES = 300, 76
PLOT = WIDTH - LABELS - FIGURES
ROW = 22
_HIGHEST = Decimal(150)  # a rate beyond it ends with the plot, or it would flatten all others


@dataclass(frozen=True)
class Bar:
    """One indicator; lengths in pixels from the left edge of the plot, None without a rate or target."""

    lines: tuple[tuple[str, int], ...]
    name: str
    rate: str
    top: int
    length: float | None
    target_at: float | None
    missed: bool


def rate_chart(report: ReportContent) -> Drawing | None:
    """Bars from zero to 100 %, or to a higher rate up to 150 %; None without indicators."""
    if not report.indicators:
        return None
    rates = [line.figure.rate for line in report.indicators if line.figure.rate is not None]
    longest = min(_HIGHEST, max([Decimal(100), *rates]))
    labels = [f"{place}. {line.name}" for place, line in enumerate(report.indicators, start=1)]
    rows = labelled_rows(labels, ROW, 15, LABEL_LENGTH, whole=report.layout >= SIGNABLE)
    return drawn(
        "rates",
        f"Biểu đồ tỷ lệ từng chỉ tiêu {report.period_name} so với chỉ tiêu giao",
        height=height_of(rows, ROW) + 44,
        bars=[
            _bar(row, line, printed_rate(line, report), longest)
            for row, line in zip(rows, report.indicators, strict=True)
        ],
        scale=[(pixels(at, longest, PLOT), percent(at, decimals=0)) for at in map(Decimal, range(0, 101, 20))],
        plot=PLOT,
        labels=LABELS,
    )


def _bar(row: LabelledRow, line: IndicatorLine, rate: Decimal | None, longest: Decimal) -> Bar:
    bound = drawn_bound(line.target)
    return Bar(
        lines=row.lines,
        name=line.name,
        rate=percent(rate),
        top=row.top,
        length=None if rate is None else pixels(rate, longest, PLOT),
        target_at=None if bound is None else pixels(bound, longest, PLOT),
        missed=line.met is False,
    )


def drawn_bound(target: Target | None) -> Decimal | None:
    """The bound of a target that is drawn: the lower one of two; none of a change."""
    if target is None or target.change:
        return None
    bounds = (target.at_least, target.above, target.below, target.at_most)
    return next((bound for bound in bounds if bound is not None), None)
