"""The chart of the period against the one before: where each indicator stood, and where it stands."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport
from services.reporting.rendering import wording
from services.reporting.rendering.charts.drawing import WIDTH, Drawing, drawn, pixels, shortened
from shared.vietnamese import number, percent

LABELS, FIGURES = 300, 96
PLOT = WIDTH - LABELS - FIGURES
ROW = 22
_HIGHEST = Decimal(150)


@dataclass(frozen=True)
class Move:
    """One indicator; places in pixels from the left edge of the plot, the difference in percentage points."""

    label: str
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


def change_chart(report: QuarterlyReport) -> Drawing | None:
    """The indicators that have a rate in both periods; None when none has."""
    pairs = [(at, line, rates) for at, line in enumerate(report.indicators, start=1) if (rates := _rates(line))]
    if not pairs:
        return None
    axis = _axis([rate for _, _, rates in pairs for rate in rates])
    moves = [_move(place, *pair, axis) for place, pair in enumerate(pairs)]
    before = wording.period_before(report).lower()
    return drawn(
        "change",
        f"Biểu đồ tỷ lệ từng chỉ tiêu {report.period_name} so với {before}",
        height=ROW * len(moves) + 44,
        moves=moves,
        scale=[(axis.at(mark), percent(mark, decimals=0)) for mark in axis.marks],
        plot=PLOT,
        labels=LABELS,
        before=before,
    )


def _axis(rates: list[Decimal]) -> Axis:
    """From a mark below the lowest rate to one above the highest: points, other than bars, need no zero."""
    lowest, highest = min(rates), min(_HIGHEST, max(rates))
    step = next((step for step in (5, 10, 20) if highest - lowest <= 4 * step), 25)
    first = floor(lowest / step) * step
    marks = range(first, max(first + step, ceil(highest / step) * step) + 1, step)
    return Axis(tuple(map(Decimal, marks)))


def _rates(line: IndicatorLine) -> tuple[Decimal, Decimal] | None:
    now, before = line.figure.rate, line.previous.rate
    return None if now is None or before is None else (now, before)


def _move(place: int, at: int, line: IndicatorLine, rates: tuple[Decimal, Decimal], axis: Axis) -> Move:
    now, before = rates
    difference = now - before
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return Move(
        label=shortened(f"{at}. {line.name}"),
        name=line.name,
        top=place * ROW,
        before=axis.at(before),
        now=axis.at(now),
        difference=sign + number(abs(difference), 1),
    )
