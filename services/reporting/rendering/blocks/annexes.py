"""The annexes of a report: statutory forms, and in a province's report the rates, ranking and map of its communes."""

from collections.abc import Iterator

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import Restatement
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.blocks import form_tables, lists
from services.reporting.rendering.blocks.block import (
    Annex,
    Block,
    Caption,
    Cell,
    Grid,
    Note,
    Paragraph,
    Picture,
    Row,
    TableColumn,
)
from services.reporting.rendering.charts.drawing import shortened
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text import restated, table_rows
from services.reporting.rendering.text.letterhead import LANDSCAPE_TEXT_WIDTH
from services.reporting.rendering.text.sections import roman
from shared.vietnamese import MISSING, number

RATES_TITLE = "Tỷ lệ thực hiện chỉ tiêu của các xã, phường, đặc khu"
_INDICATORS_IN_A_TABLE = 12
_LONGEST_HEADING = 120  # characters: a heading repeats on every page; the report's first table has the whole name
_WHOLE_PAGE = 205  # millimetres of a page below the heading of an annex
_Unnumbered = tuple[str, bool, tuple[Block, ...]]  # title, whether landscape, blocks


def annexes(printed: PrintedReport) -> tuple[Annex, ...]:
    """Numbered with Roman numerals where there are two or more (Decree 30/2020/NĐ-CP, Annex I, part I, III.1)."""
    found = list(_annexes(printed))
    numbers = [""] if len(found) == 1 else [roman(place) for place in range(1, len(found) + 1)]
    return tuple(Annex(number, *annex) for number, annex in zip(numbers, found, strict=True))


def _annexes(printed: PrintedReport) -> Iterator[_Unnumbered]:
    """Since layout 3 the lists of communes, all charts, and last the sources."""
    report = printed.report
    lists_and_charts = report.layout >= SIGNABLE
    for form in report.forms:
        yield form_tables.title(form), True, tuple(form_tables.form_blocks(form, LANDSCAPE_TEXT_WIDTH, report))
    if report.communes and not report.commune:
        yield RATES_TITLE, True, tuple(_rates(report))
    if lists_and_charts:
        yield from lists.of_communes(report)
    charts = (*printed.body_charts * lists_and_charts, *printed.commune_charts)
    if charts:
        yield _charts_title(report), False, tuple(Picture(drawing, _WHOLE_PAGE) for drawing in charts)
    if report.restated:
        yield restated.title(report.restated), True, tuple(_restated(report.restated, report))
    if lists_and_charts:
        yield lists.sources_of(printed)


def _charts_title(report: ReportContent) -> str:
    if report.layout < SIGNABLE:
        return "Xếp hạng và bản đồ các xã, phường, đặc khu"
    return "Biểu đồ thực hiện chỉ tiêu" if report.commune else "Biểu đồ, xếp hạng và bản đồ các xã, phường, đặc khu"


def _restated(moved: Restatement, report: ReportContent) -> Iterator[Block]:
    """Which figures moved, by which correction, by whom and why; since layout 3 a row for each commune."""
    yield from map(Paragraph, restated.sentences(moved))
    yield from _moved_figures(moved) if report.layout < SIGNABLE else _moved_by_commune(moved, report)
    if moved.corrections:
        yield Caption("Các lần sửa và rút số liệu")
        yield Grid(*_corrections(moved, report), "small")
    if moved.late:
        yield Caption("Các bản số liệu gửi muộn")
        yield Grid(_LATE_COLUMNS, [list(row) for row in restated.late_rows(moved)], "small")


_LATE_COLUMNS = [
    TableColumn("Số", 12, "center"),
    TableColumn("Đơn vị", 38, "left"),
    TableColumn("Ngày, lĩnh vực", 40, "left"),
    TableColumn("Bản số liệu", 34, "left"),
    TableColumn("Số liệu", 65, "left"),
    TableColumn("Ngày ghi nhận", 24, "left"),
    TableColumn("Bài gửi", 34, "left"),
]


def _moved_figures(moved: Restatement) -> Iterator[Block]:
    figures = [
        TableColumn("TT", 9, "center"),
        TableColumn("Đơn vị", 45, "left"),
        TableColumn("Chỉ tiêu, cột của biểu", 83, "left"),
        TableColumn("Lần trước", 36),
        TableColumn("Lần này", 36),
        TableColumn("Do lần sửa số", 38, "left"),
    ]
    yield Caption("Số liệu thay đổi")
    yield Grid(figures, [[str(n), *row] for n, row in enumerate(restated.moved_rows(moved), start=1)], "small")


def _moved_by_commune(moved: Restatement, report: ReportContent) -> Iterator[Block]:
    places = {line.indicator: place for place, line in enumerate(report.indicators, start=1)}
    if whole := list(restated.moved_of_the_whole(moved, places)):
        figures = [
            TableColumn("TT", 9, "center"),
            TableColumn("Chỉ tiêu, cột của biểu", 113, "left"),
            TableColumn("Lần trước", 38),
            TableColumn("Lần này", 38),
            TableColumn("Do lần sửa số", 49, "left"),
        ]
        yield Caption(f"Số liệu thay đổi: {restated.WHOLE.lower()}")
        yield Grid(figures, whole, "small")
    if of_communes := list(restated.moved_of_communes(moved, places)):
        figures = [
            TableColumn("TT", 9, "center"),
            TableColumn("Đơn vị", 34, "left"),
            TableColumn("Chỉ tiêu: lần trước → lần này", 180, "left"),
            TableColumn("Do lần sửa số", 24, "left"),
        ]
        yield Caption("Số liệu thay đổi: các xã, phường, đặc khu")
        yield Note(restated.NUMBERED)
        yield Grid(figures, [[str(n), *row] for n, row in enumerate(of_communes, start=1)], "small")


def _corrections(moved: Restatement, report: ReportContent) -> tuple[list[TableColumn], list[Row]]:
    rows = list(restated.correction_rows(moved))
    own_column = report.layout < SIGNABLE
    columns = [
        TableColumn("Số", 9, "center"),
        TableColumn("Đơn vị", 38 if own_column else 34, "left"),
        TableColumn("Ngày, lĩnh vực" if own_column else "Ngày, lĩnh vực (bản số liệu)", 34, "left"),
        TableColumn("Bản số liệu", 30, "left"),
        TableColumn("Thay đổi", 60 if own_column else 94, "left"),
        TableColumn("Người sửa", 30, "left"),
        TableColumn("Lý do", 46, "left"),
    ]
    if own_column:
        return columns, list(rows)
    del columns[3]
    return columns, [[*row[:2], f"{row[2]} ({row[3]})", *row[4:]] for row in rows]


def _rates(report: ReportContent) -> Iterator[Block]:
    """A row per commune with its rates, in tables of at most twelve indicators."""
    yield Paragraph("Dấu * : chưa đạt chỉ tiêu giao; dấu – : chưa có số liệu.")
    rows = table_rows.rate_rows(report)
    starts = range(0, len(report.indicators), _INDICATORS_IN_A_TABLE)
    for place, start in enumerate(starts, start=1):
        shown = report.indicators[start : start + _INDICATORS_IN_A_TABLE]
        yield Caption(f"Bảng {place}/{len(starts)}")
        listed = list(_rows(rows, start, len(shown)))
        if report.layout >= SIGNABLE:
            listed = _with_figures(listed)
        yield Grid(_columns([line.name for line in shown]), listed, "small")
        if others := len(rows) - len(listed):
            yield Note(f"{number(others)} xã, phường, đặc khu khác chưa có số liệu của các chỉ tiêu này.")


def _with_figures(rows: list[Row]) -> list[Row]:
    """Where fewer than half of the communes have a figure of these indicators, those alone; else all."""
    with_figures = [row for row in rows if any(cell != MISSING for cell in row[2:])]
    return with_figures if len(with_figures) * 2 < len(rows) else rows


def _columns(names: list[str]) -> list[TableColumn]:
    width = min(30.0, (LANDSCAPE_TEXT_WIDTH - 50) / len(names))
    rates = [TableColumn(shortened(name, _LONGEST_HEADING), width) for name in names]
    return [TableColumn("TT", 9, "center"), TableColumn("Xã, phường, đặc khu", 41, "left"), *rates]


def _rows(rows: list[table_rows.RateRow], start: int, count: int) -> Iterator[Row]:
    for place, row in enumerate(rows, start=1):
        shown = row.cells[start : start + count]
        yield [str(place), row.commune, *(Cell(f"{c.rate}*", bold=True) if c.missed else c.rate for c in shown)]
