"""How a report looks: one page, two documents, one workbook and one canonical record, all of the same figures."""

import re
from collections.abc import Callable, Collection
from pathlib import Path

from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.rendering.canonical import content_sha256
from services.reporting.rendering.edition import Edition
from services.reporting.rendering.html import html
from services.reporting.rendering.pdf import write_pdf
from services.reporting.rendering.printing import Printing
from services.reporting.rendering.word.document import write_docx
from services.reporting.rendering.workbook.contents import write_xlsx

__all__ = ["FORMATS", "Edition", "content_sha256", "render"]


def _write_html(printing: Printing, path: Path) -> None:
    path.write_text(html(printing), encoding="utf-8", newline="\n")


def _write_json(printing: Printing, path: Path) -> None:
    path.write_bytes(printing.canonical)


FORMATS: dict[str, Callable[[Printing, Path], object]] = {
    "html": _write_html,
    "docx": write_docx,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "json": _write_json,
}


def render(
    report: QuarterlyReport, formats: Collection[str], folder: Path, edition: Edition | None = None
) -> list[Path]:
    """Writes the report once per format into `folder`, made if need be; the files' paths in the order of `formats`.

    The same report, as the same edition or as a draft (None), gives the same bytes in every format. Raises ValueError
    for an unknown format before it writes.
    """
    unknown = sorted(set(formats) - FORMATS.keys())
    if unknown:
        raise ValueError(f"unknown format {', '.join(unknown)}; known are {', '.join(FORMATS)}")
    folder.mkdir(parents=True, exist_ok=True)
    printing = Printing(report, edition)
    paths = [folder / f"{_stem(report)}.{name}" for name in formats]
    for name, path in zip(formats, paths, strict=True):
        FORMATS[name](printing, path)
    return paths


def _stem(report: QuarterlyReport) -> str:
    """`bao-cao-51-2025-Q3`, or with a commune's code `bao-cao-51-23356-2025-Q3`; never a path of its own."""
    codes = {line.commune: line.code for line in report.communes}
    commune = [codes.get(report.commune, report.commune)] if report.commune else []
    return re.sub(r"[^A-Za-z0-9-]+", "-", "-".join(["bao-cao", report.province, *commune, report.period]))
