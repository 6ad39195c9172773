"""The report as one HTML page with charts and styles inside, without scripts and external files."""

from pathlib import Path

from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.blocks import body, form_tables, lists
from services.reporting.rendering.blocks.annexes import RATES_TITLE, annexes
from services.reporting.rendering.blocks.block import heading_rows
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.templating import template
from services.reporting.rendering.text import coverage, letterhead, sections, sentences, sources, table_rows
from shared.vietnamese import number


def write_html(printed: PrintedReport, path: Path) -> None:
    """Every inserted text is escaped. Warnings for a reviewer are shown on the screen and not printed on paper."""
    report, enclosed = printed.report, annexes(printed)
    page = template("report.html.j2").render(
        printed=printed,
        report=report,
        letterhead=letterhead,
        sentences=sentences,
        coverage=coverage,
        sources=sources,
        form_tables=form_tables,
        sections=sections,
        body=body,
        lists=lists,
        signable=report.layout >= SIGNABLE,
        heading_rows=heading_rows,
        indicators=table_rows.indicator_rows(report),
        tasks=table_rows.task_rows(report),
        all_tasks=table_rows.all_tasks(report),
        rates=[] if report.commune else table_rows.rate_rows(report),
        printed_annexes=enclosed,
        annexes=[(annex.number, annex.title) for annex in enclosed],
        rates_title=RATES_TITLE,
        number=number,
    )
    path.write_text(page, encoding="utf-8", newline="\n")
