"""The report that is signed, block after block: what both the Word document and the PDF print between head and end."""

from collections.abc import Iterator

from services.reporting.rendering import form_tables, letterhead, sources, tables, wording
from services.reporting.rendering.blocks import Annex, Block, Cell, Column, Grid, Heading, Note, Paragraph, Picture, Row
from services.reporting.rendering.printing import Printing
from shared.vietnamese import number

_WHOLE_PAGE = 222  # millimetres of a page's height that a chart may take, its heading beside it


def body(printing: Printing, annexes: tuple[Annex, ...]) -> Iterator[Block]:
    """From the opening to the sources; the annexes are told of, as Decree 30/2020 asks (Annex I, part I, III.1)."""
    report = printing.report
    yield Paragraph(letterhead.opening(report))
    yield from _indicators(printing)
    yield from _tasks(printing)
    yield Heading("III. Tình hình gửi số liệu")
    yield from map(Paragraph, wording.submission_sentences(report))
    if report.scores:
        yield Heading("IV. Kết quả chấm điểm")
        for scored in report.scores:
            yield from form_tables.score(scored)
    if annexes:
        yield Paragraph(wording.enclosed([(annex.number, annex.title) for annex in annexes]))
    yield Paragraph(letterhead.closing(report))
    yield from map(Note, sources.notes(printing.report, printing.edition, printing.sha256))


def _indicators(printing: Printing) -> Iterator[Block]:
    report = printing.report
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
    yield Heading("I. Kết quả thực hiện chỉ tiêu")
    yield Paragraph(wording.summary_of_indicators(report), leads=True)
    yield Grid(columns, list(_indicator_rows(printing)))
    for drawing in printing.body_charts:
        yield Picture(drawing, _WHOLE_PAGE)


def _indicator_rows(printing: Printing) -> Iterator[Row]:
    of_a_commune = bool(printing.report.commune)
    for row in tables.indicator_rows(printing.report):
        figures: list[str | Cell] = [row.numerator, row.denominator, row.rate, row.target]
        figures += [Cell(row.verdict, bold=row.missed), row.previous]
        below = [] if of_a_commune else [number(len(row.below))]
        name = Cell(f"– {row.name}", italic=True) if row.is_part else row.name
        yield [row.place, name, *figures, *below]
        if row.below and not of_a_commune:
            yield ["", Cell(f"Chưa đạt: {', '.join(row.below)}.", italic=True, columns=8)]


def _tasks(printing: Printing) -> Iterator[Block]:
    report = printing.report
    columns = [
        Column("TT", 10, "center"),
        Column("Cơ quan, đơn vị" if report.commune else "Xã, phường, đặc khu", 62, "left"),
        Column("Tổng số", 20),
        Column("Đã hoàn thành", 24),
        Column("Chưa hoàn thành", 24),
        Column("Trong đó quá hạn", 20),
    ]
    rows: list[Row] = [[str(at), *_task_cells(row)] for at, row in enumerate(tables.task_rows(report), start=1)]
    total = [Cell(text, bold=True) for text in _task_cells(tables.all_tasks(report))]
    yield Heading("II. Nhiệm vụ")
    yield Paragraph(wording.summary_of_tasks(report), leads=True)
    yield Grid(columns, [*rows, ["", *total]])


def _task_cells(row: tables.TaskRow) -> list[str]:
    return [row.name, number(row.total), number(row.done), number(row.open), number(row.late)]
