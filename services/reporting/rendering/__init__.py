"""Renders a report as HTML, Word, PDF, Excel and canonical JSON, all with the same figures.

The order: text (sentences, table rows) and charts, then blocks, then one writer per format.
"""

import re
from collections.abc import Callable, Collection
from pathlib import Path

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.rendering.canonical_json import content_sha256
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text.sources import EditionMark

__all__ = ["FORMATS", "EditionMark", "content_sha256", "render"]


def _write_html(printed: PrintedReport, path: Path) -> None:
    from services.reporting.rendering.formats.html import write_html

    write_html(printed, path)


def _write_docx(printed: PrintedReport, path: Path) -> None:
    from services.reporting.rendering.formats.word.document import write_docx

    write_docx(printed, path)


def _write_pdf(printed: PrintedReport, path: Path) -> None:
    from services.reporting.rendering.formats.pdf import write_pdf

    write_pdf(printed, path)


def _write_xlsx(printed: PrintedReport, path: Path) -> None:
    from services.reporting.rendering.formats.workbook.workbook import write_xlsx

    write_xlsx(printed, path)


def _write_json(printed: PrintedReport, path: Path) -> None:
    path.write_bytes(printed.canonical)


# A writer is imported when it writes: the libraries of Word and Excel are half the start of a command that needs none.
FORMATS: dict[str, Callable[[PrintedReport, Path], object]] = {
    "html": _write_html,
    "docx": _write_docx,
    "pdf": _write_pdf,
    "xlsx": _write_xlsx,
    "json": _write_json,
}


def render(
    report: ReportContent, formats: Collection[str], folder: Path, edition: EditionMark | None = None
) -> list[Path]:
    """Write the report once per format into `folder`, which is created; the paths in the order of `formats`.

    The same report with the same mark (None for a draft) gives the same bytes in every format. Raises ValueError for an
    unknown format before anything is written.
    """
    unknown = sorted(set(formats) - FORMATS.keys())
    if unknown:
        raise ValueError(f"unknown format {', '.join(unknown)}; known are {', '.join(FORMATS)}")
    folder.mkdir(parents=True, exist_ok=True)
    printed = PrintedReport(report, edition)
    paths = [folder / f"{_stem(report)}.{name}" for name in formats]
    for name, path in zip(formats, paths, strict=True):
        FORMATS[name](printed, path)
    return paths


def _stem(report: ReportContent) -> str:
    """`bao-cao-51-2025-Q3`, or with a commune's code `bao-cao-51-23356-2025-Q3`; without path separators."""
    codes = {line.commune: line.code for line in report.communes}
    commune = [codes.get(report.commune, report.commune)] if report.commune else []
    return re.sub(r"[^A-Za-z0-9-]+", "-", "-".join(["bao-cao", report.province, *commune, report.period]))
