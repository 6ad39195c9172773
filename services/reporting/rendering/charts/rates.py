"""The chart of rates against targets: where each bar and each target's mark stand."""

from dataclasses import dataclass
from decimal import Decimal

from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport, Target
from services.reporting.rendering.charts.drawing import WIDTH, Drawing, drawn, pixels, shortened
from shared.vietnamese import percent

LABELS, FIGURES = 300, 76
PLOT = WIDTH - LABELS - FIGURES
ROW = 22
_HIGHEST = Decimal(150)  # a rate beyond it ends with the plot, or it would flatten all others


@dataclass(frozen=True)
class Bar:
    """One indicator; lengths in pixels from the left edge of the plot, None where nothing is known."""

    label: str
    name: str
    rate: str
    top: int
    length: float | None
    target_at: float | None
    missed: bool


def rate_chart(report: QuarterlyReport) -> Drawing | None:
    """Bars from zero to 100 %, or to the highest rate where one is beyond; None without indicators."""
    if not report.indicators:
        return None
    rates = [line.figure.rate for line in report.indicators if line.figure.rate is not None]
    longest = min(_HIGHEST, max([Decimal(100), *rates]))
    return drawn(
        "rates",
        f"Biểu đồ tỷ lệ từng chỉ tiêu {report.period_name} so với chỉ tiêu giao",
        height=ROW * len(report.indicators) + 44,
        bars=[_bar(place, line, longest) for place, line in enumerate(report.indicators)],
        scale=[(pixels(at, longest, PLOT), percent(at, decimals=0)) for at in map(Decimal, range(0, 101, 20))],
        plot=PLOT,
        labels=LABELS,
    )


def _bar(place: int, line: IndicatorLine, longest: Decimal) -> Bar:
    rate, bound = line.figure.rate, asked(line.target)
    return Bar(
        label=shortened(f"{place + 1}. {line.name}"),
        name=line.name,
        rate=percent(rate),
        top=place * ROW,
        length=None if rate is None else pixels(rate, longest, PLOT),
        target_at=None if bound is None else pixels(bound, longest, PLOT),
        missed=line.met is False,
    )


def asked(target: Target | None) -> Decimal | None:
    """The bound that is drawn: the lower one where a target has two."""
    bounds = (target.at_least, target.above, target.below, target.at_most) if target else ()
    return next((bound for bound in bounds if bound is not None), None)
