"""The report as a workbook to count on with: figures as numbers, a row per commune and indicator."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport
from services.reporting.rendering import letterhead, tables, wording
from services.reporting.rendering.canonical import content_sha256
from services.reporting.rendering.office_file import write_reproducibly
from services.reporting.rendering.worksheet import COUNT, RATE, TEXT, Column, Value, add_sheet
from shared.vietnamese import collation_key, number


def write_xlsx(report: QuarterlyReport, path: Path) -> Path:
    """Five sheets, each with its heading frozen, filtered and printed on every page. Same report, same bytes."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = "Báo cáo: " + " ".join(letterhead.subject(report))
    workbook.properties.creator = letterhead.issuing_body(report)
    add_sheet(workbook, "Tổng hợp", _summary_columns(report), _summary(report))
    add_sheet(workbook, "Chỉ tiêu theo xã", _commune_columns(report), _by_commune(report))
    add_sheet(workbook, "Nhiệm vụ", _TASK_COLUMNS, _tasks(report))
    add_sheet(workbook, "Gửi số liệu", _SUBMISSION_COLUMNS, _submissions(report))
    add_sheet(workbook, "Nguồn", _SOURCE_COLUMNS, _sources(report))
    built = BytesIO()
    workbook.save(built)
    return write_reproducibly(built, report.known_at, path)


def _indicator_columns(report: QuarterlyReport) -> list[Column]:
    return [
        Column("Mã chỉ tiêu", 10, TEXT),
        Column("Chỉ tiêu", 48, TEXT),
        Column("Tử số", 11, COUNT),
        Column("Mẫu số", 11, COUNT),
        Column("Tỷ lệ", 10, RATE),
        Column("Chỉ tiêu giao", 14, TEXT, "center"),
        Column("Kết quả", 11, TEXT, "center"),
        Column(wording.period_before(report), 11, RATE),
    ]


def _summary_columns(report: QuarterlyReport) -> list[Column]:
    below = [Column("Số xã chưa đạt", 10, COUNT), Column("Xã chưa đạt", 60, TEXT)]
    return _indicator_columns(report) + ([] if report.commune else below)


def _commune_columns(report: QuarterlyReport) -> list[Column]:
    return [Column("Mã xã", 9, TEXT), Column("Xã/phường", 26, TEXT), *_indicator_columns(report)]


_TASK_COLUMNS = [
    Column("Xã/phường", 26, TEXT),
    Column("Cơ quan, đơn vị", 45, TEXT),
    Column("Tổng số", 12, COUNT),
    Column("Đã hoàn thành", 12, COUNT),
    Column("Chưa hoàn thành", 12, COUNT),
    Column("Trong đó quá hạn", 12, COUNT),
]
_SUBMISSION_COLUMNS = [Column("Nội dung", 40, TEXT), Column("Chi tiết", 70, TEXT), Column("Số lượng", 12, COUNT)]
_SOURCE_COLUMNS = [Column("Mục", 34, TEXT), Column("Nội dung", 80, TEXT)]


def _summary(report: QuarterlyReport) -> Iterator[list[Value]]:
    for line, row in zip(report.indicators, tables.indicator_rows(report), strict=True):
        below: list[Value] = [] if report.commune else [len(row.below), ", ".join(row.below) or None]
        yield _figures(line) + below


def _by_commune(report: QuarterlyReport) -> Iterator[list[Value]]:
    for commune in report.communes:
        for line in commune.indicators:
            yield [commune.code, commune.name, *_figures(line)]


def _figures(line: IndicatorLine) -> list[Value]:
    return [
        line.indicator,
        line.name,
        line.figure.numerator,
        line.figure.denominator,
        _part(line.figure.rate),
        wording.target(line),
        wording.verdict(line),
        _part(line.previous.rate),
    ]


def _part(rate: Decimal | None) -> Decimal | None:
    """A spreadsheet's percentage is a part of one."""
    return None if rate is None else rate / 100


def _tasks(report: QuarterlyReport) -> Iterator[list[Value]]:
    for task in sorted(report.tasks, key=lambda task: (collation_key(task.commune_name), collation_key(task.body))):
        yield [task.commune_name, task.body, task.done + task.open, task.done, task.open, task.late]


def _submissions(report: QuarterlyReport) -> Iterator[list[Value]]:
    yield ["Bản ghi số liệu được tính", "Tổng số", report.readings]
    yield ["Bản ghi bị từ chối", "Tổng số", report.refused]
    for rule, count in wording.refusals(report):
        yield ["Bản ghi bị từ chối theo lý do", rule, count]
    yield ["Bản tin không đọc được, đang chờ xử lý", "Tổng số", report.parked]
    yield ["Xã, phường, đặc khu chưa gửi số liệu", "Tổng số", len(report.not_reported)]
    for name in report.not_reported:
        yield ["Xã, phường, đặc khu chưa gửi số liệu", name, 1]


def _sources(report: QuarterlyReport) -> Iterator[list[Value]]:
    known: list[tuple[str, Value]] = [
        ("Số liệu tính từ ngày", report.counted_from),
        ("Số liệu tính đến hết ngày", report.counted_until),
        ("Số liệu biết đến hết ngày", report.known_at),
    ]
    versions = [(f"Phiên bản định nghĩa {line.indicator}", line.definition_version) for line in report.indicators]
    positions = [(f"Vị trí sổ sự kiện: {wording.book_name(book)}", at) for book, at in sorted(report.positions.items())]
    known += [(item, number(value)) for item, value in positions + versions]
    yield ["Cơ quan báo cáo", letterhead.issuing_body(report)]
    yield ["Kỳ báo cáo", report.period_name]
    yield from ([item, value] for item, value in known)
    yield ["Mã băm nội dung (SHA-256)", content_sha256(report)]
