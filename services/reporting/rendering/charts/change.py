"""The chart of the period against the one before: where each indicator stood, and where it stands."""

from dataclasses import dataclass
from decimal import Decimal

from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport
from services.reporting.rendering import wording
from services.reporting.rendering.charts.drawing import WIDTH, Drawing, drawn, pixels, shortened
from services.reporting.rendering.charts.rates import scale
from shared.vietnamese import number

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


def change_chart(report: QuarterlyReport) -> Drawing | None:
    """The indicators that have a rate in both periods; None when none has."""
    pairs = [(line, *rates) for line in report.indicators if (rates := _rates(line))]
    if not pairs:
        return None
    longest = min(_HIGHEST, max([Decimal(100), *(max(now, before) for _, now, before in pairs)]))
    moves = [_move(place, line, now, before, longest) for place, (line, now, before) in enumerate(pairs)]
    before = wording.period_before(report).lower()
    return drawn(
        "change",
        f"Biểu đồ tỷ lệ từng chỉ tiêu {report.period_name} so với {before}",
        height=ROW * len(moves) + 44,
        moves=moves,
        scale=scale(longest, PLOT),
        plot=PLOT,
        labels=LABELS,
        before=before,
    )


def _rates(line: IndicatorLine) -> tuple[Decimal, Decimal] | None:
    now, before = line.figure.rate, line.previous.rate
    return None if now is None or before is None else (now, before)


def _move(place: int, line: IndicatorLine, now: Decimal, before: Decimal, longest: Decimal) -> Move:
    difference = now - before
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return Move(
        label=shortened(line.name),
        name=line.name,
        top=place * ROW,
        before=pixels(before, longest, PLOT),
        now=pixels(now, longest, PLOT),
        difference=sign + number(abs(difference), 1),
    )
