"""The bar chart of rates: where each bar, the lighter bar of the period before and the target's mark stand."""

from dataclasses import dataclass
from decimal import Decimal

from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport, Target
from shared.vietnamese import percent

LABEL_WIDTH = 330
PLOT_WIDTH = 420
WIDTH = LABEL_WIDTH + PLOT_WIDTH + 80  # the rest is for the figure behind a bar
ROW_HEIGHT = 34
_LABEL_LENGTH = 52


@dataclass(frozen=True)
class Bar:
    """One indicator; lengths and places in pixels from the left edge of the plot, None where nothing is known."""

    label: str
    name: str
    rate: str
    top: int
    length: float | None
    length_before: float | None
    target_at: float | None
    missed: bool


@dataclass(frozen=True)
class Chart:
    height: int
    bars: tuple[Bar, ...]
    scale: tuple[tuple[float, str], ...]


def rate_chart(report: QuarterlyReport) -> Chart:
    """Bars from zero to 100 %, or to the highest rate where one is beyond."""
    longest = max([Decimal(100), *(rate for line in report.indicators for rate in _rates(line))])
    bars = tuple(_bar(place, line, longest) for place, line in enumerate(report.indicators))
    marks = tuple((_pixels(at, longest), percent(at, decimals=0)) for at in map(Decimal, range(0, 101, 20)))
    return Chart(height=ROW_HEIGHT * len(bars), bars=bars, scale=marks)


def _rates(line: IndicatorLine) -> list[Decimal]:
    return [rate for rate in (line.figure.rate, line.previous.rate) if rate is not None]


def _bar(place: int, line: IndicatorLine, longest: Decimal) -> Bar:
    bound = _bound(line.target)
    return Bar(
        label=line.name if len(line.name) <= _LABEL_LENGTH else line.name[: _LABEL_LENGTH - 1].rstrip() + "…",
        name=line.name,
        rate=percent(line.figure.rate),
        top=place * ROW_HEIGHT,
        length=_length(line.figure.rate, longest),
        length_before=_length(line.previous.rate, longest),
        target_at=_length(bound, longest),
        missed=line.met is False,
    )


def _bound(target: Target | None) -> Decimal | None:
    """The bound that is drawn: the lower one where a target has two."""
    bounds = (target.at_least, target.above, target.below, target.at_most) if target else ()
    return next((bound for bound in bounds if bound is not None), None)


def _length(rate: Decimal | None, longest: Decimal) -> float | None:
    return None if rate is None else _pixels(rate, longest)


def _pixels(rate: Decimal, longest: Decimal) -> float:
    return round(float(max(Decimal(0), min(rate, longest)) * PLOT_WIDTH / longest), 1)
