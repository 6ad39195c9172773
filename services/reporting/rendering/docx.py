"""The report as a Word document that an office can sign: the form of Decree 30/2020/NĐ-CP around the tables."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from docx.document import Document as WordDocument
from docx.shared import Pt

from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.rendering import decree30, letterhead, tables, word_frame, wording
from services.reporting.rendering.canonical import content_sha256
from services.reporting.rendering.office_file import write_reproducibly, xml_text
from services.reporting.rendering.word_tables import Cell, Column, Row, table
from shared.vietnamese import number

_INDICATORS_IN_A_TABLE = 12


def write_docx(report: QuarterlyReport, path: Path) -> Path:
    """A4 portrait; a province's report has the communes' rates as a landscape annex. Same report, same bytes."""
    document = decree30.blank_document(report)
    word_frame.add_head(document, report)
    word_frame.add_title(document, report)
    _paragraphs(document, [letterhead.opening(report)])
    _indicators(document, report)
    _tasks(document, report)
    _heading(document, "III. Tình hình gửi số liệu")
    _paragraphs(document, [*wording.submission_sentences(report), letterhead.closing(report)])
    _footnote(document, report)
    word_frame.add_signature(document, report)
    if report.communes and not report.commune:
        _annex(document, report)
    built = BytesIO()
    document.save(built)
    return write_reproducibly(built, report.known_at, path)


def _indicators(document: WordDocument, report: QuarterlyReport) -> None:
    columns = [
        Column("TT", 8, "center"),
        Column("Chỉ tiêu", 54 if report.commune else 41, "left"),
        Column("Tử số", 18),
        Column("Mẫu số", 18),
        Column("Tỷ lệ", 16),
        Column("Chỉ tiêu giao", 17, "center"),
        Column("Kết quả", 14, "center"),
        Column(wording.period_before(report), 15),
        *([] if report.commune else [Column("Số xã chưa đạt", 13)]),
    ]
    _heading(document, "I. Kết quả thực hiện chỉ tiêu")
    _lead(document, wording.summary_of_indicators(report))
    _table(document, columns, _indicator_rows(report), "TableText")


def _indicator_rows(report: QuarterlyReport) -> Iterator[Row]:
    for place, row in enumerate(tables.indicator_rows(report), start=1):
        figures: list[str | Cell] = [row.numerator, row.denominator, row.rate, row.target]
        figures += [Cell(row.verdict, bold=row.missed), row.previous]
        below = [] if report.commune else [number(len(row.below))]
        yield [str(place), row.name, *figures, *below]
        if row.below and not report.commune:
            yield ["", Cell(f"Chưa đạt: {', '.join(row.below)}.", italic=True, columns=8)]


def _tasks(document: WordDocument, report: QuarterlyReport) -> None:
    columns = [
        Column("TT", 10, "center"),
        Column("Cơ quan, đơn vị" if report.commune else "Xã, phường, đặc khu", 62, "left"),
        Column("Tổng số", 20),
        Column("Đã hoàn thành", 24),
        Column("Chưa hoàn thành", 24),
        Column("Trong đó quá hạn", 20),
    ]
    counted = tables.task_rows(report)
    rows = [[str(place), *_task_cells(row)] for place, row in enumerate(counted, start=1)]
    total = [Cell(text, bold=True) for text in _task_cells(tables.all_tasks(report))]
    _heading(document, "II. Nhiệm vụ")
    _lead(document, wording.summary_of_tasks(report))
    _table(document, columns, [*rows, ["", *total]], "TableText")


def _task_cells(row: tables.TaskRow) -> list[str]:
    return [row.name, number(row.total), number(row.done), number(row.open), number(row.late)]


def _footnote(document: WordDocument, report: QuarterlyReport) -> None:
    text = f"Ghi chú: {wording.what_was_known(report)} Mã băm nội dung (SHA-256): {content_sha256(report)}."
    paragraph = document.add_paragraph(style="Body Text")
    paragraph.paragraph_format.space_after = Pt(12)
    run = paragraph.add_run(xml_text(text))
    run.font.size, run.font.italic = Pt(11), True


def _annex(document: WordDocument, report: QuarterlyReport) -> None:
    """A row per commune, rates only, in as many tables as their width asks for."""
    decree30.begin_annex(document)
    word_frame.centred(document, "Phụ lục", 14, bold=True)
    word_frame.centred(document, "TỶ LỆ THỰC HIỆN CHỈ TIÊU CỦA CÁC XÃ, PHƯỜNG, ĐẶC KHU", 14, bold=True)
    word_frame.centred(document, letterhead.attached_to(report), 13, italic=True)
    _paragraphs(document, ["Dấu * : chưa đạt chỉ tiêu giao; dấu – : chưa có số liệu."])
    rows = tables.rate_rows(report)
    starts = range(0, len(report.indicators), _INDICATORS_IN_A_TABLE)
    for table_number, start in enumerate(starts, start=1):
        shown = report.indicators[start : start + _INDICATORS_IN_A_TABLE]
        word_frame.centred(document, f"Bảng {table_number}/{len(starts)}", 13, bold=True)
        columns = _annex_columns([line.name for line in shown])
        _table(document, columns, _annex_rows(rows, start, len(shown)), "AnnexText")


def _annex_columns(names: list[str]) -> list[Column]:
    width = min(30.0, (decree30.LANDSCAPE_TEXT_WIDTH - 50) / len(names))
    return [Column("TT", 9, "center"), Column("Xã, phường, đặc khu", 41, "left"), *(Column(n, width) for n in names)]


def _annex_rows(rows: list[tables.RateRow], start: int, count: int) -> Iterator[Row]:
    for place, row in enumerate(rows, start=1):
        shown = row.cells[start : start + count]
        yield [str(place), row.commune, *(Cell(f"{c.rate}*", bold=True) if c.missed else c.rate for c in shown)]


def _table(document: WordDocument, columns: list[Column], rows: Iterable[Row], style: str) -> None:
    """At the end of the document, and an empty line after it, or Word would join it to a table that follows."""
    document.add_paragraph(style="Table Text")._p.addprevious(table(columns, rows, style))


def _heading(document: WordDocument, text: str) -> None:
    document.add_paragraph(text, style="Heading 1")


def _paragraphs(document: WordDocument, texts: Iterable[str]) -> None:
    for text in texts:
        document.add_paragraph(xml_text(text), style="Body Text")


def _lead(document: WordDocument, text: str) -> None:
    """A paragraph that stays on the page of the table after it."""
    document.add_paragraph(text, style="Body Text").paragraph_format.keep_with_next = True
