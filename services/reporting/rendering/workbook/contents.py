"""The report as a workbook to count on with: figures as numbers, a row per commune and indicator."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport
from services.reporting.rendering import letterhead, sources, tables, wording
from services.reporting.rendering.office_file import write_reproducibly
from services.reporting.rendering.printable import printable
from services.reporting.rendering.printing import Printing
from services.reporting.rendering.workbook import charts, forms
from services.reporting.rendering.workbook.sheet import COUNT, RATE, TEXT, Column, Value, add_sheet
from shared.vietnamese import collation_key, number


def write_xlsx(printing: Printing, path: Path) -> Path:
    """A sheet per table, form, scorecard and chart, with its heading frozen and printed on every page, and sources."""
    report = printing.report
    workbook = Workbook(write_only=True)
    workbook.properties.title = printable("Báo cáo: " + " ".join(letterhead.subject(report)))
    workbook.properties.creator = printable(letterhead.issuing_body(report))
    add_sheet(workbook, "Tổng hợp", _summary_columns(report), _summary(report))
    for form in report.forms:
        forms.add_form(workbook, form)
    for scored in report.scores:
        forms.add_score(workbook, scored)
    charts.add_rates(workbook, report)
    if not report.commune:
        charts.add_ranking(workbook, report)
        charts.add_map(workbook, report)
    add_sheet(workbook, "Chỉ tiêu theo xã", _commune_columns(report), _by_commune(report))
    add_sheet(workbook, "Nhiệm vụ", _TASK_COLUMNS, _tasks(report))
    add_sheet(workbook, "Gửi số liệu", _SUBMISSION_COLUMNS, _submissions(report))
    if report.warnings:
        add_sheet(workbook, "Cảnh báo", _WARNING_COLUMNS, _warnings(report))
    add_sheet(workbook, "Nguồn", _SOURCE_COLUMNS, _sources(printing))
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
_WARNING_COLUMNS = [Column("Xã/phường", 30, TEXT), Column("Cảnh báo cho người duyệt", 90, TEXT)]
_SOURCE_COLUMNS = [Column("Mục", 34, TEXT), Column("Nội dung", 80, TEXT)]


def _summary(report: QuarterlyReport) -> Iterator[list[Value]]:
    lines = {(line.indicator, line.scope): line for line in (*report.scoped, *report.indicators)}
    for row in tables.indicator_rows(report):
        below: list[Value] = [] if report.commune else [len(row.below), ", ".join(row.below) or None]
        yield _figures(lines[row.code, row.scope]) + below


def _by_commune(report: QuarterlyReport) -> Iterator[list[Value]]:
    for commune in report.communes:
        for line in (*commune.indicators, *commune.scoped):
            yield [commune.code, commune.name, *_figures(line)]


def _figures(line: IndicatorLine) -> list[Value]:
    return [
        line.indicator,
        f"{line.name} ({line.scope})" if line.scope else line.name,
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
    for name in report.unapproved or ():
        yield ["Xã, phường, đặc khu có báo cáo chưa được duyệt", name, 1]


def _warnings(report: QuarterlyReport) -> Iterator[list[Value]]:
    for warning in report.warnings:
        yield [warning.commune_name, warning.sentence]


def _sources(printing: Printing) -> Iterator[list[Value]]:
    """What the figures stand on, for whoever checks them in years to come."""
    report, edition = printing.report, printing.edition
    yield ["Cơ quan báo cáo", letterhead.issuing_body(report)]
    yield ["Chế độ báo cáo", report.regime_name]
    yield ["Kỳ báo cáo", report.period_name]
    if edition:
        yield ["Bản phát hành", edition.sentence()]
    yield ["Số liệu tính từ ngày", report.counted_from]
    yield ["Số liệu tính đến hết ngày", report.counted_until]
    yield ["Số liệu biết đến hết ngày", report.known_at]
    yield ["Định nghĩa chỉ tiêu và địa giới", sources.basis(report)]
    if report.map_day:
        yield ["Địa giới hành chính ngày", report.map_day]
    for book, position in sorted(report.positions.items()):
        yield [f"Vị trí sổ sự kiện: {sources.book_name(book)}", number(position)]
    for line in report.indicators:
        yield [f"Phiên bản định nghĩa {line.indicator}", number(line.definition_version)]
    for form in report.forms:
        yield [f"Biểu {form.code}", f"{form.title}; theo {form.source}; hiệu lực từ {sources.version(form.version)}"]
    for scored in report.scores:
        yield [f"Bộ chấm điểm {scored.scorecard}", f"{scored.source}; phiên bản {sources.version(scored.version)}"]
    for what, version in sorted(report.pins.items()):
        yield [f"Phiên bản dữ liệu: {sources.pin_name(what)}", sources.version(version)]
    for place, footnote in enumerate(report.footnotes, start=1):
        yield [f"Ghi chú ({place})", footnote]
    yield ["Mã băm nội dung (SHA-256)", printing.sha256]
