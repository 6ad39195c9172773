"""Reads CSV: UTF-8, or Excel's "Unicode text", with a comma, a semicolon or a tab between the cells."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

from services.indicators.readings_file.entries import Entry
from services.indicators.readings_file.findings import Findings
from services.indicators.readings_file.tables.columns import (
    HEADER_WITHIN,
    MAX_COLUMNS,
    NumberedRow,
    is_header,
    no_header,
)
from services.indicators.readings_file.tables.layout import Choices, Layout
from services.indicators.readings_file.tables.table import table_entries

NOT_UTF_8 = (
    "không được lưu bằng UTF-8 (có thể là Windows-1258 hay TCVN3, đọc nhầm sẽ sai chữ);"
    " hãy lưu lại dạng CSV UTF-8 hoặc XLSX"
)


def csv_entries(content: bytes, findings: Findings, choices: Choices) -> Iterator[Entry]:
    """One entry a row; a file that is not a table is one finding."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            findings.add("là UTF-16 nhưng bị hỏng; hãy lưu lại dạng CSV UTF-8")
            return
    if b"\0" in content:
        findings.add("chứa byte NUL, không phải CSV; hãy lưu lại dạng CSV UTF-8")
        return
    try:
        content.decode()
    except UnicodeDecodeError:
        findings.add(NOT_UTF_8)
        return
    found = table_entries(_lines(content, _delimiter(content, choices), findings), Layout(), findings, choices)
    if found is not None:
        yield from found
    elif not findings.count:
        findings.add(f"không {no_header(choices)}")


def _lines(content: bytes, delimiter: str, findings: Findings) -> Iterator[NumberedRow]:
    number = 0
    try:
        for number, cells in enumerate(_cells(content, delimiter), 1):
            if len(cells) > MAX_COLUMNS:
                findings.add(f"có hơn {MAX_COLUMNS} cột", Layout().row(number))
            yield NumberedRow(number, dict(enumerate(cells[:MAX_COLUMNS], 1)))
    except csv.Error as error:
        # An open quote may have swallowed rows, so that none of the others is certain.
        findings.add(f"không đọc được như CSV, có thể thiếu dấu ngoặc kép ({error})", Layout().row(number + 1))


def _cells(content: bytes, delimiter: str) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    return csv.reader(text, delimiter=delimiter, strict=True)


def _delimiter(content: bytes, choices: Choices) -> str:
    """The one under which one of the first rows is a header, and has the most cells."""

    def found(delimiter: str) -> tuple[bool, int]:
        try:
            rows = (cells for cells in _cells(content, delimiter) if any(map(str.strip, cells)))
            headers = [c for c in islice(rows, HEADER_WITHIN) if is_header(dict(enumerate(c[:MAX_COLUMNS])), choices)]
        except csv.Error:
            return False, 0
        return bool(headers), max(map(len, headers), default=0)

    return max((",", ";", "\t"), key=found)
