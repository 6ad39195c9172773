"""The head, title, signature and recipients of a Word report (Decree 30/2020/NĐ-CP, Annex I)."""

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.formats.word import decree30
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text import letterhead
from shared.printable import printable
from shared.vietnamese import NO_BREAK_SPACE

_LINES_TO_SIGN = 5
_BODY_WIDTH, _NATION_WIDTH = 65, 95
_MM_PER_POINT = 25.4 / 72
_CAPITAL, _SMALL = 0.62, 0.45  # the mean width of a letter of Times New Roman Bold, as a part of its size
_MOTTO_LENGTH = 56  # millimetres at 13 points


def add_head(document: WordDocument, report: ReportContent) -> None:
    """The issuing body and its number on the left; the nation, its motto, place and date on the right (II.1-II.4)."""
    left, right, number, dated = _two_columns(document, 2, _BODY_WIDTH, _NATION_WIDTH)
    unit = letterhead.territory(report).upper()
    _write(left, "ỦY BAN NHÂN DÂN", 13, bold=True)
    _write(left, unit, 13, bold=True)
    decree30.rule(
        decree30.add_paragraph(left, "", "Form"), len(unit) * 13 * _CAPITAL * _MM_PER_POINT * 0.45, _BODY_WIDTH
    )
    _write(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    _write(right, "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    decree30.rule(decree30.add_paragraph(right, "", "Form"), _MOTTO_LENGTH, _NATION_WIDTH)
    _write(number, "Số:          /BC-UBND", 13)
    _write(dated, letterhead.dated(report), 13, italic=True)


def add_title(document: WordDocument, printed: PrintedReport) -> None:
    """The document type, the subject, a rule of a third to a half of its line (II.5), and the addressee."""
    report = printed.report
    lines = letterhead.subject(report)
    title = centred(document, "BÁO CÁO", 14, bold=True)
    title.paragraph_format.space_before = Pt(18)
    whole = report.period_name.replace(" ", NO_BREAK_SPACE) if report.layout >= SIGNABLE else report.period_name
    for line in lines:
        centred(document, line.replace(report.period_name, whole), 14, bold=True)
    length = min(max(map(len, lines)) * 14 * _SMALL * _MM_PER_POINT, letterhead.TEXT_WIDTH) * 0.4
    decree30.rule(decree30.add_paragraph(document, "", "Form"), length, letterhead.TEXT_WIDTH)
    if restated := letterhead.restated(report, printed.edition):
        centred(document, restated, 13, italic=True)
    addressee = centred(document, f"Kính gửi: {letterhead.addressee(report)}.", 14)
    addressee.paragraph_format.space_before = addressee.paragraph_format.space_after = Pt(12)


def add_signature(document: WordDocument, report: ReportContent) -> None:
    """The recipients on the left, the signature on the right (II.7 to II.9), on one page."""
    left, right = _two_columns(document, 1, 80, 80)
    heading = _write(left, "Nơi nhận:", 12, bold=True, italic=True)
    heading.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for recipient in letterhead.recipients(report):
        _write(left, f"- {recipient}", 11).alignment = WD_ALIGN_PARAGRAPH.LEFT
    authority = _write(right, "TM. ỦY BAN NHÂN DÂN", 13, bold=True)
    heading.paragraph_format.space_before = authority.paragraph_format.space_before = Pt(12)
    _write(right, "CHỦ TỊCH", 13, bold=True)
    if report.layout >= SIGNABLE:
        for _ in range(_LINES_TO_SIGN):
            _write(right, "", 13)


def centred(document: WordDocument, text: str, size: float, bold: bool = False, italic: bool = False) -> Paragraph:
    return _fill(decree30.add_paragraph(document, "", "Form"), text, size, bold, italic)


def _two_columns(document: WordDocument, rows: int, left: float, right: float) -> list[_Cell]:
    table = document.add_table(rows=rows, cols=2)
    table.autofit = False
    _close_margins(table)
    cells: list[_Cell] = []
    for row in table.rows:
        unbroken = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(unbroken)
        cells.extend(row.cells)
    for place, cell in enumerate(cells):
        cell.width = Mm(right if place % 2 else left)
    for column, width in zip(table.columns, (left, right), strict=True):
        column.width = Mm(width)
    return cells


def _close_margins(table: Table) -> None:
    """Without the side margins of cells the nation's name fits on its line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margins.append(OxmlElement(side, {qn("w:w"): "0", qn("w:type"): "dxa"}))
    table._tbl.tblPr.append(margins)


def _write(cell: _Cell, text: str, size: float, bold: bool = False, italic: bool = False) -> Paragraph:
    """Into the cell's first paragraph, which Word demands, or into the next."""
    first = cell.paragraphs[0]
    if first.runs or len(cell.paragraphs) > 1:
        return _fill(decree30.add_paragraph(cell, "", "Form"), text, size, bold, italic)
    first._p.style = "Form"
    return _fill(first, text, size, bold, italic)


def _fill(paragraph: Paragraph, text: str, size: float, bold: bool, italic: bool) -> Paragraph:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(printable(text))
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    return paragraph
