"""Annexes that list communes, of a province's report, and the annex of the sources of every report (since layout 3)."""

from collections.abc import Iterator
from dataclasses import replace

from services.reporting.domain.content.report_content import CommuneLine, ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.blocks.block import (
    Annex,
    Block,
    Cell,
    Grid,
    Paragraph,
    Picture,
    Row,
    Size,
    TableColumn,
)
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text import sections, sentences, sources, table_rows
from shared.vietnamese import NO_BREAK_SPACE, number

BELOW_TITLE = "Xã, phường, đặc khu chưa đạt chỉ tiêu được giao"
TASKS_TITLE = "Nhiệm vụ của các xã, phường, đặc khu"
SUBMISSIONS_TITLE = "Xã, phường, đặc khu chưa gửi số liệu hoặc có báo cáo chưa được duyệt"
SOURCES_TITLE = "Nguồn số liệu và thông tin kiểm chứng"

_CODE_HEIGHT = 65  # millimetres: a module of a full code is more than half a millimetre
_SHORT = 14  # rows of a table that no page divides
_Unnumbered = tuple[str, bool, tuple[Block, ...]]


def of_communes(report: ReportContent) -> Iterator[_Unnumbered]:
    """The communes that miss targets, their tasks, and those without readings or approval."""
    if report.commune:
        return
    below = list(_below(report))
    if below:
        numbered = f"Cột cuối ghi số thứ tự của chỉ tiêu tại mục {sections.headings(report)[sections.INDICATORS]}."
        columns = [_NUMBER, _COMMUNE, TableColumn("Số chỉ tiêu chưa đạt", 22), TableColumn("Chỉ tiêu", 68, "left")]
        yield BELOW_TITLE, False, (Paragraph(numbered, leads=True), Grid(columns, below, "small"))
    if report.tasks:
        yield TASKS_TITLE, False, (task_grid(report),)
    if _has_long_list(report):
        columns = [_NUMBER, _COMMUNE, TableColumn("Số liệu", 45, "center"), TableColumn("Báo cáo", 45, "center")]
        yield SUBMISSIONS_TITLE, False, (Grid(columns, list(_not_complete(report)), "small"),)


def sources_of(printed: PrintedReport) -> _Unnumbered:
    columns = [TableColumn("Nội dung", 52, "left"), TableColumn("Chi tiết", 108, "left")]
    rows = list(sources.technical_rows(printed.report, printed.edition, printed.sha256))
    codes = (Picture(printed.seal_code, _CODE_HEIGHT),) if printed.seal_code else ()
    return SOURCES_TITLE, False, (Grid(columns, rows, "small"), *codes)


def reference(annexes: tuple[Annex, ...], title: str) -> str:
    """`Phụ lục IV`, which no line divides; empty where there is no annex of this title."""
    named = (f"Phụ lục {annex.number}".strip() for annex in annexes if annex.title == title)
    return next(named, "").replace(" ", NO_BREAK_SPACE)


def task_grid(report: ReportContent) -> Grid:
    """The numbers of tasks of each commune, or of each body of a commune."""
    columns = [
        TableColumn("TT", 10, "center"),
        TableColumn("Cơ quan, đơn vị" if report.commune else "Xã, phường, đặc khu", 62, "left"),
        TableColumn("Tổng số", 20),
        TableColumn("Đã hoàn thành", 24),
        TableColumn("Chưa hoàn thành", 24),
        TableColumn("Trong đó quá hạn", 20),
    ]
    rows: list[Row] = [[str(at), *_task_cells(row)] for at, row in enumerate(table_rows.task_rows(report), start=1)]
    total = [Cell(text, bold=True) for text in _task_cells(table_rows.all_tasks(report))]
    size: Size = "text" if report.layout < SIGNABLE or report.commune else "small"
    return whole_if_short(Grid(columns, [*rows, ["", *total]], size), report)


def whole_if_short(grid: Grid, report: ReportContent) -> Grid:
    """Since layout 3 no page divides a short table."""
    return replace(grid, whole=report.layout >= SIGNABLE and len(grid.rows) <= _SHORT)


_NUMBER = TableColumn("TT", 10, "center")
_COMMUNE = TableColumn("Xã, phường, đặc khu", 60, "left")


def _task_cells(row: table_rows.TaskRow) -> list[str]:
    return [row.name, number(row.total), number(row.done), number(row.open), number(row.late)]


def _below(report: ReportContent) -> Iterator[Row]:
    places = {line.indicator: place for place, line in enumerate(report.indicators, start=1)}
    missing = ((commune.name, _missed(commune, places)) for commune in report.communes)
    for place, (name, missed) in enumerate(((name, missed) for name, missed in missing if missed), start=1):
        yield [str(place), name, number(len(missed)), ", ".join(missed)]


def _missed(commune: CommuneLine, places: dict[str, int]) -> list[str]:
    """`3`, `7 (lĩnh vực đất đai)`: the places of the missed indicators in the table of the body."""
    missed = [line for line in (*commune.indicators, *commune.scoped) if line.met is False and line.indicator in places]
    ordered = sorted(missed, key=lambda line: (places[line.indicator], line.scope or ""))
    return [f"{places[line.indicator]}" + (f" ({line.scope})" if line.scope else "") for line in ordered]


def _has_long_list(report: ReportContent) -> bool:
    return max(len(report.not_reported), len(report.unapproved or ())) > sentences.MOST_NAMED


def _not_complete(report: ReportContent) -> Iterator[Row]:
    silent, unapproved = set(report.not_reported), set(report.unapproved or ())
    named = [commune.name for commune in report.communes if commune.name in silent | unapproved]
    for place, name in enumerate(named, start=1):
        yield [
            str(place),
            name,
            "Chưa gửi" if name in silent else "Đã gửi",
            "Chưa được duyệt" if name in unapproved else "Đã duyệt" if report.unapproved is not None else "–",
        ]
