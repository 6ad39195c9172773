"""Reads XLSX: the one visible sheet that has a header, with the values that Excel last stored."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from openpyxl import Workbook

from services.indicators.readings_file.entries import Entry
from services.indicators.readings_file.findings import Findings, printable
from services.indicators.readings_file.tables.columns import HEADER_WITHIN, is_header, no_header
from services.indicators.readings_file.tables.layout import Choices
from services.indicators.readings_file.tables.sheet import layout_of, rows_of
from services.indicators.readings_file.tables.table import filled, table_entries
from shared.office_files.archive import Archive, Problem, UnsafeArchive
from shared.office_files.worksheets import opened_workbook

MAX_PARTS = 1_000
MAX_UNFOLDED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 200
UNSAFE: dict[Problem, str] = {
    "damaged": "bị hỏng, được đặt mật khẩu, hoặc không phải tệp XLSX",
    "encrypted": "được đặt mật khẩu; hãy bỏ mật khẩu rồi gửi lại",
    "too-many-parts": f"có hơn {MAX_PARTS} thành phần nên không được mở",
    "too-large": "giải nén ra hơn 200 MB nên không được mở",
    "too-compressed": f"giải nén ra hơn {MAX_RATIO} lần kích thước nên không được mở",
    "foreign-compression": "được nén theo cách mà Excel không dùng",
    "false-size": "bị hỏng: có thành phần không đúng kích thước đã ghi",
}


def xlsx_entries(content: bytes, findings: Findings, choices: Choices) -> Iterator[Entry]:
    """One entry a row; a file that cannot be opened is one finding."""
    try:
        Archive(content, MAX_PARTS).check_sizes(MAX_UNFOLDED_BYTES, MAX_RATIO)
        with opened_workbook(content) as book:
            yield from _entries(book, findings, choices)
    except UnsafeArchive as error:
        findings.add(UNSAFE[error.problem])
    except Exception:  # noqa: BLE001 - openpyxl 3.1 raises whatever broken XML makes of it
        findings.add("bị hỏng, không đọc được như tệp XLSX")


def _entries(book: Workbook, findings: Findings, choices: Choices) -> Iterator[Entry]:
    sheet = _sheet(book, findings, choices)
    if sheet is None:
        return
    layout = layout_of(sheet, choices)
    found = table_entries(rows_of(book, sheet, layout), layout, findings, choices)
    if found is None:
        findings.add(f"không {no_header(choices)}", f"trang tính “{printable(sheet.title)}”")
        return
    yield from found
    for note in layout.notes():
        findings.note(note)


def _sheet(book: Workbook, findings: Findings, choices: Choices) -> Any:
    """The sheet to read; None with a finding where that is not certain."""
    if choices.sheet is not None:
        found = [sheet for sheet in book.worksheets if sheet.title.strip() == choices.sheet.strip()]
        if not found:
            findings.add(f"không có trang tính “{printable(choices.sheet)}”")
        return found[0] if found else None
    tables = [sheet for sheet in book.worksheets if _has_header(book, sheet, choices)]
    seen = [sheet for sheet in tables if sheet.sheet_state == "visible"]
    for sheet in tables:
        if sheet not in seen:
            findings.note("bị ẩn nên không được đọc", f"trang tính “{printable(sheet.title)}”")
    if not seen:
        findings.add(f"không trang tính nào (không bị ẩn) {no_header(choices)}")
    elif len(seen) > 1:
        titles = ", ".join(f"“{printable(sheet.title)}”" for sheet in seen[:10])
        findings.add(f"có {len(seen)} trang tính chứa bảng số liệu ({titles}); hãy chọn một bằng --sheet")
    return seen[0] if len(seen) == 1 else None


def _has_header(book: Workbook, sheet: Any, choices: Choices) -> bool:
    rows = rows_of(book, sheet, layout_of(sheet, Choices()))
    return any(is_header(line.cells, choices) for line in islice(filled(rows), HEADER_WITHIN))
