"""The report as a PDF by Decree 30/2020/NĐ-CP, set from the same blocks as the Word document."""

import re
from dataclasses import asdict
from pathlib import Path

from services.reporting.rendering import typesetting
from services.reporting.rendering.blocks.annexes import annexes
from services.reporting.rendering.blocks.block import (
    Annex,
    Block,
    Caption,
    Cell,
    Grid,
    Heading,
    Note,
    Paragraph,
    Picture,
    heading_rows,
)
from services.reporting.rendering.blocks.body import body, signed
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text import letterhead
from shared.printable import printable

_Content = dict[str, object]
_LONG_WORD = re.compile(r"[^\s\u200b]{24}(?=[^\s\u200b])")


def write_pdf(printed: PrintedReport, path: Path) -> Path:
    """A4, the fonts inside; the same report gives the same bytes on every machine."""
    path.write_bytes(typesetting.pdf(content(printed), printed.report.known_at))
    return path


def content(printed: PrintedReport) -> _Content:
    """The input of the Typst template as plain strings, numbers and lists."""
    report, enclosed = printed.report, annexes(printed)
    return {
        "title": _text("Báo cáo: " + " ".join(letterhead.subject(report))),
        "day": [report.known_at.year, report.known_at.month, report.known_at.day],
        "unit": _text(letterhead.territory(report).upper()),
        "author": _text(letterhead.issuing_body(report)),
        "dated": _text(letterhead.dated(report)),
        "subject": [_text(line) for line in letterhead.subject(report)],
        "restated": _text(letterhead.restated(report, printed.edition)),
        "addressee": _text(letterhead.addressee(report)),
        "recipients": [_text(line) for line in letterhead.recipients(report)],
        "attached": _text(letterhead.attached_to(report)),
        "body": [_block(block) for block in body(printed, enclosed)],
        "signed": [_block(block) for block in signed(report)],
        "annexes": [_annex(annex) for annex in enclosed],
    }


def _annex(annex: Annex) -> _Content:
    return {
        "number": annex.number,
        "title": _text(annex.title),
        "landscape": annex.landscape,
        "blocks": [_block(block) for block in annex.blocks],
    }


def _block(block: Block) -> _Content:
    match block:
        case Grid():
            return _grid(block)
        case Picture(drawing, height):
            width = min(letterhead.TEXT_WIDTH, height * drawing.width / drawing.height)
            return {"kind": "picture", "svg": drawing.svg, "title": _text(drawing.title), "width": width}
        case Paragraph(text, leads):
            return {"kind": "paragraph", "text": _text(text), "leads": leads}
        case Caption(text, bold):
            return {"kind": "caption", "text": _text(text), "bold": bold}
        case Heading(text) | Note(text):
            return {"kind": type(block).__name__.lower(), "text": _text(text)}


def _grid(grid: Grid) -> _Content:
    return {
        "kind": "grid",
        "size": grid.size,
        "whole": grid.whole,
        "widths": [column.width for column in grid.columns],
        "aligns": [column.align for column in grid.columns],
        "headings": [[_cell(cell) for cell in row] for row in heading_rows(grid.columns)],
        "rows": [[_cell(cell) for cell in row] for row in grid.rows],
    }


def _cell(cell: str | Cell) -> str | _Content:
    """A plain string, or an object for a cell with attributes."""
    return _text(cell) if isinstance(cell, str) else {**asdict(cell), "text": _text(cell.text)}


def _text(text: str) -> str:
    return breakable(printable(text))


def breakable(text: str) -> str:
    """With zero-width spaces in words longer than 24 characters, because Typst breaks lines only between words."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)
