"""The charts of a report, each drawn once as SVG for all its formats."""

from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.rendering.charts.change import change_chart
from services.reporting.rendering.charts.dot_map import dot_map
from services.reporting.rendering.charts.drawing import Drawing
from services.reporting.rendering.charts.ranking import ranking_chart
from services.reporting.rendering.charts.rates import rate_chart

__all__ = ["Drawing", "of_communes", "of_indicators"]


def of_indicators(report: QuarterlyReport) -> tuple[Drawing, ...]:
    """Rates against targets, and the period against the one before."""
    return _drawn(rate_chart(report), change_chart(report))


def of_communes(report: QuarterlyReport) -> tuple[Drawing, ...]:
    """The communes ranked and on a map; none in a commune's own report."""
    return () if report.commune else _drawn(ranking_chart(report), dot_map(report))


def _drawn(*drawings: Drawing | None) -> tuple[Drawing, ...]:
    return tuple(drawing for drawing in drawings if drawing)
