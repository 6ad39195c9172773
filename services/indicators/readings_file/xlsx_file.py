"""Readings from XLSX: the one visible sheet that has a header, with the values that Excel last stored."""

import io
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook

from services.indicators.readings_file.archive import refusal
from services.indicators.readings_file.choices import Choices
from services.indicators.readings_file.entries import Entry
from services.indicators.readings_file.errors import Findings, printable
from services.indicators.readings_file.sheet import layout_of, lines_of
from services.indicators.readings_file.table import HEADER_WITHIN, filled, is_header
from services.indicators.readings_file.table import entries as entries_of_table

HEADER = f"có hàng tiêu đề (cột Ngày hoặc observed_on) trong {HEADER_WITHIN} hàng đầu"


def entries(content: bytes, findings: Findings, choices: Choices) -> Iterator[Entry]:
    """One entry a row; a file that cannot be opened is one finding."""
    if why := refusal(content):
        findings.add(why)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that it drops
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            yield from _entries(book, findings, choices)
    except Exception:  # noqa: BLE001 - openpyxl 3.1 raises whatever broken XML makes of it
        findings.add("bị hỏng, không đọc được như tệp XLSX")


def _entries(book: Workbook, findings: Findings, choices: Choices) -> Iterator[Entry]:
    sheet = _sheet(book, findings, choices)
    if sheet is None:
        return
    layout = layout_of(sheet, choices)
    found = entries_of_table(lines_of(book, sheet, layout), layout, findings)
    if found is None:
        findings.add(f"không {HEADER}", f"trang tính “{printable(sheet.title)}”")
        return
    yield from found
    for note in layout.notes():
        findings.note(note)


def _sheet(book: Workbook, findings: Findings, choices: Choices) -> Any:
    """Which sheet is meant; None with a finding where that is not certain."""
    if choices.sheet is not None:
        found = [sheet for sheet in book.worksheets if sheet.title.strip() == choices.sheet.strip()]
        if not found:
            findings.add(f"không có trang tính “{printable(choices.sheet)}”")
        return found[0] if found else None
    tables = [sheet for sheet in book.worksheets if _has_header(book, sheet)]
    seen = [sheet for sheet in tables if sheet.sheet_state == "visible"]
    for sheet in tables:
        if sheet not in seen:
            findings.note("bị ẩn nên không được đọc", f"trang tính “{printable(sheet.title)}”")
    if not seen:
        findings.add(f"không trang tính nào (không bị ẩn) {HEADER}")
    elif len(seen) > 1:
        titles = ", ".join(f"“{printable(sheet.title)}”" for sheet in seen[:10])
        findings.add(f"có {len(seen)} trang tính chứa bảng số liệu ({titles}); hãy chọn một bằng --sheet")
    return seen[0] if len(seen) == 1 else None


def _has_header(book: Workbook, sheet: Any) -> bool:
    lines = lines_of(book, sheet, layout_of(sheet, Choices()))
    return any(is_header(line.cells) for line in islice(filled(lines), HEADER_WITHIN))
