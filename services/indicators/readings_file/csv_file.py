"""Readings from CSV: UTF-8, with a comma, a semicolon or a tab between the cells."""

import csv
import io
from collections.abc import Iterator

from services.indicators.readings_file.entries import Entry
from services.indicators.readings_file.errors import Findings, printable
from services.indicators.readings_file.table import MAX_COLUMNS, Row, Table, filled, is_header


class CsvPlaces:
    """A row is counted as a spreadsheet shows it, the header being row 1."""

    def row(self, number: int) -> str:
        return f"row {number}"

    def cell(self, number: int, column: int, header: object) -> str:
        return f"row {number}, column {column if header is None else printable(str(header).strip())}"


def entries(content: bytes, findings: Findings) -> Iterator[Entry]:
    """One entry a row; a file that is not a table is one finding."""
    if b"\0" in content:
        findings.add("holds NUL bytes and is not CSV; save it as CSV UTF-8")
        return
    try:
        content.decode()
    except UnicodeDecodeError:
        findings.add("is not written in UTF-8; save it as CSV UTF-8")
        return
    rows = filled(_rows(content, _delimiter(content), findings))
    number, header = next(rows, (1, {}))
    if header and not is_header(header):
        findings.add("the first row has no column observed_on or Ngày", CsvPlaces().row(number))
        return
    yield from Table(number, header, CsvPlaces(), findings).entries(rows)


def _rows(content: bytes, delimiter: str, findings: Findings) -> Iterator[tuple[int, Row]]:
    number = 0
    try:
        for number, cells in enumerate(_cells(content, delimiter), 1):
            if len(cells) > MAX_COLUMNS:
                findings.add(f"there are more than {MAX_COLUMNS} columns", CsvPlaces().row(number))
            yield number, dict(enumerate(cells[:MAX_COLUMNS], 1))
    except csv.Error as error:
        findings.add(f"cannot be read as CSV ({error})", CsvPlaces().row(number + 1))


def _cells(content: bytes, delimiter: str) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    return csv.reader(text, delimiter=delimiter, strict=True)


def _delimiter(content: bytes) -> str:
    """The one under which the first row that is not empty names a day, and has the most cells."""

    def found(delimiter: str) -> tuple[bool, int]:
        try:
            first = next((cells for cells in _cells(content, delimiter) if any(map(str.strip, cells))), [])
        except csv.Error:
            return False, 0
        return is_header(dict(enumerate(first[:MAX_COLUMNS]))), len(first)

    return max((",", ";", "\t"), key=found)
