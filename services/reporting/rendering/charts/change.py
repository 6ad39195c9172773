"""The chart of the change since the period before: each indicator's rate then and now."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from services.reporting.domain.content.report_content import IndicatorLine, ReportContent
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
from services.reporting.rendering.text import sentences
from shared.vietnamese import number, percent

LABELS, FIGURES = 300, 96
PLOT = WIDTH - LABELS - FIGURES
ROW = 22
_HIGHEST = Decimal(150)


@dataclass(frozen=True)
class RateChange:
    """One indicator; `before` and `now` in pixels from the left edge of the plot, `difference` in percentage points."""

    lines: tuple[tuple[str, int], ...]
    name: str
    top: int
    before: float
    now: float
    difference: str


@dataclass(frozen=True)
class Axis:
    """The marks of a scale in percent, evenly spaced over the plot."""

    marks: tuple[Decimal, ...]

    def at(self, rate: Decimal) -> float:
        return pixels(rate - self.marks[0], self.marks[-1] - self.marks[0], PLOT)


def change_chart(report: ReportContent) -> Drawing | None:
    """The indicators with a rate in both periods; None without any."""
    pairs = [(at, line, rates) for at, line in enumerate(report.indicators, start=1) if (rates := _rates(line))]
    if not pairs:
        return None
    axis = _axis([rate for _, _, rates in pairs for rate in rates])
    labels = [f"{at}. {line.name}" for at, line, _ in pairs]
    rows = labelled_rows(labels, ROW, 15, LABEL_LENGTH, whole=report.layout >= SIGNABLE)
    changes = [_rate_change(row, line, rates, axis) for row, (_, line, rates) in zip(rows, pairs, strict=True)]
    before = sentences.period_before(report).lower()
    return drawn(
        "change",
        f"Biểu đồ tỷ lệ từng chỉ tiêu {report.period_name} so với {before}",
        height=height_of(rows, ROW) + 44,
        changes=changes,
        scale=[(axis.at(mark), percent(mark, decimals=0)) for mark in axis.marks],
        plot=PLOT,
        labels=LABELS,
        before=before,
    )


def _axis(rates: list[Decimal]) -> Axis:
    """From a mark below the lowest rate to one above the highest; points, unlike bars, need no zero."""
    lowest, highest = min(rates), min(_HIGHEST, max(rates))
    step = next((step for step in (5, 10, 20) if highest - lowest <= 4 * step), 25)
    first = floor(lowest / step) * step
    marks = range(first, max(first + step, ceil(highest / step) * step) + 1, step)
    return Axis(tuple(map(Decimal, marks)))


def _rates(line: IndicatorLine) -> tuple[Decimal, Decimal] | None:
    now, before = line.figure.rate, line.previous.rate
    return None if now is None or before is None else (now, before)


def _rate_change(row: LabelledRow, line: IndicatorLine, rates: tuple[Decimal, Decimal], axis: Axis) -> RateChange:
    now, before = rates
    difference = now - before
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return RateChange(
        lines=row.lines,
        name=line.name,
        top=row.top,
        before=axis.at(before),
        now=axis.at(now),
        difference=sign + number(abs(difference), 1),
    )
