"""The report as one page of HTML that needs nothing else: no script, no network, its charts and its style inside."""

from services.reporting.rendering import form_tables, letterhead, sources, tables, wording
from services.reporting.rendering.annexes import RATES_TITLE, annexes
from services.reporting.rendering.blocks import heading_rows
from services.reporting.rendering.printing import Printing
from services.reporting.rendering.templating import template
from shared.vietnamese import number


def html(printing: Printing) -> str:
    """The whole page; every word of a commune is escaped. Warnings for a reviewer are shown and never printed."""
    report, enclosed = printing.report, annexes(printing)
    return template("quarterly_report.html.j2").render(
        printing=printing,
        report=report,
        letterhead=letterhead,
        wording=wording,
        sources=sources,
        form_tables=form_tables,
        heading_rows=heading_rows,
        indicators=tables.indicator_rows(report),
        tasks=tables.task_rows(report),
        all_tasks=tables.all_tasks(report),
        rates=[] if report.commune else tables.rate_rows(report),
        printed_annexes=enclosed,
        annexes=[(annex.number, annex.title) for annex in enclosed],
        rates_title=RATES_TITLE,
        number=number,
    )
