"""The report as one page of HTML that needs nothing else: no script, no network, its chart and its style inside."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.rendering import chart, letterhead, tables, wording
from services.reporting.rendering.canonical import content_sha256
from shared.vietnamese import number


def html(report: QuarterlyReport) -> str:
    """The whole page; every word of a commune is escaped."""
    return _template().render(
        report=report,
        letterhead=letterhead,
        wording=wording,
        indicators=tables.indicator_rows(report),
        tasks=tables.task_rows(report),
        all_tasks=tables.all_tasks(report),
        rates=[] if report.commune else tables.rate_rows(report),
        chart=chart.rate_chart(report),
        geometry=chart,
        sha256=content_sha256(report),
        number=number,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("services.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("quarterly_report.html.j2")
