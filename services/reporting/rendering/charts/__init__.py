"""The charts of a report, each drawn once as SVG for all its formats."""

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.rendering.charts.change import change_chart
from services.reporting.rendering.charts.dot_map import dot_map
from services.reporting.rendering.charts.drawing import Drawing
from services.reporting.rendering.charts.ranking import ranking_chart
from services.reporting.rendering.charts.rates import rate_chart

__all__ = ["Drawing", "of_communes", "of_indicators"]


def of_indicators(report: ReportContent) -> tuple[Drawing, ...]:
    """Rates with targets, and the change since the period before."""
    return _drawn(rate_chart(report), change_chart(report))


def of_communes(report: ReportContent, linked: bool = False) -> tuple[Drawing, ...]:
    """Ranking and map of the communes; empty for a commune's report. `linked` as in `dot_map`."""
    return () if report.commune else _drawn(ranking_chart(report), dot_map(report, linked))


def _drawn(*drawings: Drawing | None) -> tuple[Drawing, ...]:
    return tuple(drawing for drawing in drawings if drawing)
