"""Writes the report as an Excel workbook: figures as numbers, a sheet per table, form, scorecard and chart."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from services.reporting.domain.content.narrative import SECTIONS
from services.reporting.domain.content.report_content import IndicatorLine, ReportContent
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.domain.stores import store_name
from services.reporting.rendering.formats.office_file import write_reproducibly
from services.reporting.rendering.formats.workbook import charts, forms
from services.reporting.rendering.formats.workbook.printing import Printing, printing_of
from services.reporting.rendering.formats.workbook.sheet import (
    COUNT,
    RATE,
    TEXT,
    SheetColumn,
    Value,
    add_sheet,
    fraction,
)
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text import coverage, letterhead, restated, sections, sentences, sources, table_rows
from shared.printable import printable
from shared.vietnamese import collation_key, number


def write_xlsx(printed: PrintedReport, path: Path) -> Path:
    """Every sheet has its heading frozen and repeated on each printed page; the last sheet has the sources."""
    report = printed.report
    workbook = Workbook(write_only=True)
    workbook.properties.title = printable("Báo cáo: " + " ".join(letterhead.subject(report)))
    workbook.properties.creator = printable(letterhead.issuing_body(report))
    printing = printing_of(report)
    add_sheet(workbook, "Tổng hợp", _summary_columns(report), _summary(report), _named(printing, 2))
    for form in report.forms:
        forms.add_form(workbook, form, report)
    for scored in report.scores:
        forms.add_score(workbook, scored, report)
    charts.add_rates(workbook, report)
    if not report.commune:
        charts.add_ranking(workbook, report)
        charts.add_map(workbook, report)
    if report.layout >= SIGNABLE and not report.commune:
        add_sheet(workbook, "Xã chưa đạt", _BELOW_COLUMNS, _below(report), printing)
    add_sheet(
        workbook, "Chỉ tiêu theo xã", _commune_columns(report), _by_commune(report), _named(printing, 4, together=1)
    )
    add_sheet(workbook, "Nhiệm vụ", _TASK_COLUMNS, _tasks(report), _named(printing, 1, together=0))
    add_sheet(workbook, "Gửi số liệu", _SUBMISSION_COLUMNS, _submissions(report), printing)
    if report.restated:
        moved, corrections = restated.moved_rows(report.restated, limit=None), restated.correction_rows(report.restated)
        add_sheet(workbook, "Số liệu thay đổi", _MOVED_COLUMNS, moved, printing)
        add_sheet(workbook, "Lần sửa số liệu", _CORRECTION_COLUMNS, corrections, _named(printing, 2))
        if report.restated.late:
            late = restated.late_rows(report.restated)
            add_sheet(workbook, "Số liệu gửi muộn", _LATE_COLUMNS, late, _named(printing, 2))
    if report.layout >= SIGNABLE:
        add_sheet(workbook, "Phần tự viết", _WRITTEN_COLUMNS, _written(report), printing)
    if report.warnings:
        add_sheet(workbook, "Cảnh báo", _WARNING_COLUMNS, _warnings(report), printing)
    add_sheet(workbook, "Nguồn", _SOURCE_COLUMNS, _sources(printed), printing)
    archive = BytesIO()
    workbook.save(archive)
    return write_reproducibly(archive, report.known_at, path)


def _named(printing: Printing | None, names: int, together: int | None = None) -> Printing | None:
    return printing and replace(printing, names=names, together=together)


def _indicator_columns(report: ReportContent) -> list[SheetColumn]:
    return [
        SheetColumn("Mã chỉ tiêu", 10 if report.layout < SIGNABLE else 22, TEXT),
        SheetColumn("Chỉ tiêu", 48 if report.layout < SIGNABLE else 42, TEXT),
        SheetColumn("Tử số", 11, COUNT),
        SheetColumn("Mẫu số", 11, COUNT),
        SheetColumn("Tỷ lệ", 10, RATE),
        SheetColumn("Chỉ tiêu giao", 14, TEXT, "center"),
        SheetColumn("Kết quả", 11, TEXT, "center"),
        SheetColumn(sentences.period_before(report), 11, RATE),
    ]


def _summary_columns(report: ReportContent) -> list[SheetColumn]:
    below = [SheetColumn("Số xã chưa đạt", 10, COUNT)]
    below += [SheetColumn("Xã chưa đạt", 60, TEXT)] if report.layout < SIGNABLE else []
    known = _COVERAGE_COLUMNS if report.layout > 1 else []
    return _indicator_columns(report) + known + ([] if report.commune else below)


def _commune_columns(report: ReportContent) -> list[SheetColumn]:
    """Since layout 3 without how many communes have figures: a row is of one commune; a heading of two lines."""
    known = _COVERAGE_COLUMNS if report.layout > 1 else []
    name, known = (26, known) if report.layout < SIGNABLE else (20, _OWN_COVERAGE_COLUMNS)
    return [SheetColumn("Mã xã", 9, TEXT), SheetColumn("Xã/phường", name, TEXT), *_indicator_columns(report), *known]


_OF_COMMUNES = 2  # the first of these columns
_COVERAGE_COLUMNS = [
    SheetColumn("Số xã có đủ số liệu", 10, COUNT),
    SheetColumn("Tổng số xã", 10, COUNT),
    SheetColumn("Tỷ lệ số ngày làm việc có số liệu", 12, RATE),
    SheetColumn("Số ngày thiếu một vế, không tính", 12, COUNT),
    SheetColumn("Lưu ý về độ phủ", 40, TEXT),
]
_OWN_COVERAGE_COLUMNS = [
    SheetColumn("Tỷ lệ ngày có số liệu", 16, RATE),
    SheetColumn("Số ngày thiếu một vế", 15, COUNT),
    SheetColumn("Lưu ý về độ phủ", 37, TEXT),
]
_TASK_COLUMNS = [
    SheetColumn("Xã/phường", 26, TEXT),
    SheetColumn("Cơ quan, đơn vị", 45, TEXT),
    SheetColumn("Tổng số", 12, COUNT),
    SheetColumn("Đã hoàn thành", 12, COUNT),
    SheetColumn("Chưa hoàn thành", 12, COUNT),
    SheetColumn("Trong đó quá hạn", 12, COUNT),
]
_SUBMISSION_COLUMNS = [
    SheetColumn("Nội dung", 40, TEXT),
    SheetColumn("Chi tiết", 70, TEXT),
    SheetColumn("Số lượng", 12, COUNT),
]
_MOVED_COLUMNS = [
    SheetColumn("Đơn vị", 26, TEXT),
    SheetColumn("Chỉ tiêu, cột của biểu", 60, TEXT),
    SheetColumn("Lần trước", 20, TEXT),
    SheetColumn("Lần này", 20, TEXT),
    SheetColumn("Do lần sửa số", 30, TEXT),
]
_CORRECTION_COLUMNS = [
    SheetColumn("Số", 8, TEXT),
    SheetColumn("Đơn vị", 26, TEXT),
    SheetColumn("Ngày, lĩnh vực", 26, TEXT),
    SheetColumn("Bản số liệu", 22, TEXT),
    SheetColumn("Thay đổi", 60, TEXT),
    SheetColumn("Người sửa", 24, TEXT),
    SheetColumn("Lý do", 40, TEXT),
]
_LATE_COLUMNS = [
    *_CORRECTION_COLUMNS[:4],
    SheetColumn("Số liệu", 60, TEXT),
    SheetColumn("Ngày ghi nhận", 14, TEXT),
    SheetColumn("Bài gửi", 30, TEXT),
]
_BELOW_COLUMNS = [
    SheetColumn("Mã xã", 9, TEXT),
    SheetColumn("Xã/phường", 30, TEXT),
    SheetColumn("Số chỉ tiêu chưa đạt", 12, COUNT),
    SheetColumn("Chỉ tiêu chưa đạt", 75, TEXT),
]
_WRITTEN_COLUMNS = [SheetColumn("Phần", 34, TEXT), SheetColumn("Nội dung", 80, TEXT)]
_WARNING_COLUMNS = [SheetColumn("Xã/phường", 30, TEXT), SheetColumn("Cảnh báo cho người duyệt", 90, TEXT)]
_SOURCE_COLUMNS = [SheetColumn("Mục", 34, TEXT), SheetColumn("Nội dung", 80, TEXT)]


def _summary(report: ReportContent) -> Iterator[list[Value]]:
    lines = {(line.indicator, line.scope): line for line in (*report.scoped, *report.indicators)}
    for row in table_rows.indicator_rows(report):
        below: list[Value] = [] if report.commune else [len(row.below)]
        below += [", ".join(row.below) or None] if below and report.layout < SIGNABLE else []
        line = lines[row.code, row.scope]
        yield _figures(line, report) + _coverage(line, row.warnings, report) + below


def _by_commune(report: ReportContent) -> Iterator[list[Value]]:
    for commune in report.communes:
        for line in (*commune.indicators, *commune.scoped):
            warnings = coverage.coverage_warnings(line, [], report.layout)
            known = _coverage(line, warnings, report)[_OF_COMMUNES if report.layout >= SIGNABLE else 0 :]
            yield [commune.code, commune.name, *_figures(line, report), *known]


def _coverage(line: IndicatorLine, warnings: Sequence[str], report: ReportContent) -> list[Value]:
    if report.layout == 1:
        return []
    known = line.coverage
    if known is None:
        return [None] * len(_COVERAGE_COLUMNS)
    has_days = known.days is not None and known.of_days
    days = Decimal(known.days or 0) / known.of_days if has_days else None
    return [known.communes, known.of_communes, days, known.incomplete_days, " ".join(warnings) or None]


def _figures(line: IndicatorLine, report: ReportContent) -> list[Value]:
    return [
        line.indicator,
        f"{line.name} ({line.scope})" if line.scope else line.name,
        line.figure.numerator,
        line.figure.denominator,
        fraction(table_rows.printed_rate(line, report)),
        sentences.target(line),
        sentences.verdict(line),
        fraction(line.previous.rate),
    ]


def _tasks(report: ReportContent) -> Iterator[list[Value]]:
    for task in sorted(report.tasks, key=lambda task: (collation_key(task.commune_name), collation_key(task.body))):
        yield [task.commune_name, task.body, task.done + task.open, task.done, task.open, task.late]


def _submissions(report: ReportContent) -> Iterator[list[Value]]:
    yield ["Bản ghi số liệu được tính", "Tổng số", report.readings]
    yield ["Bản ghi bị từ chối", "Tổng số", report.refused]
    for rule, count in sentences.refusals(report):
        yield ["Bản ghi bị từ chối theo lý do", rule, count]
    yield ["Bản tin không đọc được, đang chờ xử lý", "Tổng số", report.parked]
    yield ["Xã, phường, đặc khu chưa gửi số liệu", "Tổng số", len(report.not_reported)]
    for name in report.not_reported:
        yield ["Xã, phường, đặc khu chưa gửi số liệu", name, 1]
    for name in report.unapproved or ():
        yield ["Xã, phường, đặc khu có báo cáo chưa được duyệt", name, 1]


def _below(report: ReportContent) -> Iterator[list[Value]]:
    for commune in report.communes:
        lines = [line for line in (*commune.indicators, *commune.scoped) if line.met is False]
        names = [f"{line.name} ({line.scope})" if line.scope else line.name for line in lines]
        if names:
            yield [commune.code, commune.name, len(names), "; ".join(names)]


def _written(report: ReportContent) -> Iterator[list[Value]]:
    for section in SECTIONS:
        paragraphs: list[str | None] = [*sections.paragraphs(report, section)]
        for paragraph in paragraphs or [None]:
            yield [sections.title(section), paragraph]


def _warnings(report: ReportContent) -> Iterator[list[Value]]:
    for warning in report.warnings:
        yield [warning.commune_name, warning.sentence]


def _sources(printed: PrintedReport) -> Iterator[list[Value]]:
    """Regime, period, definitions, map, positions, versions and hash, for a later check of the figures."""
    report, edition = printed.report, printed.edition
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
    for service, position in sorted(report.positions.items()):
        yield [f"Vị trí sổ sự kiện: {store_name(service)}", number(position)]
    for line in report.indicators:
        yield [f"Phiên bản định nghĩa {line.indicator}", number(line.definition_version)]
    for form in report.forms:
        yield [f"Biểu {form.code}", f"{form.title}; theo {form.source}; hiệu lực từ {sources.version(form.version)}"]
    for scored in report.scores:
        yield [f"Bộ chấm điểm {scored.scorecard}", f"{scored.source}; phiên bản {sources.version(scored.version)}"]
    for pin, version in sorted(report.pins.items()):
        yield [f"Phiên bản dữ liệu: {sources.pin_name(pin)}", sources.version(version)]
    for place, footnote in enumerate(report.footnotes, start=1):
        yield [f"Ghi chú ({place})", footnote]
    yield ["Mã băm nội dung (SHA-256)", printed.sha256]
    if edition and report.layout >= SIGNABLE:
        yield from map(list, sources.seal_rows(edition))
