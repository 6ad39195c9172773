"""Readings from XLSX: the first visible sheet whose first row is a header, with the values that Excel last stored."""

import io
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from services.indicators.readings_file.archive import refusal
from services.indicators.readings_file.cells import Uncalculated
from services.indicators.readings_file.entries import Entry
from services.indicators.readings_file.errors import Findings, printable
from services.indicators.readings_file.table import Row, Table, filled, is_header

# What a sheet of Excel can hold.
MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_COLUMNS = 16_384


class SheetPlaces:
    """Places as the sheet itself names them."""

    def __init__(self, title: str) -> None:
        self._sheet = f"sheet {printable(title)}"

    def row(self, number: int) -> str:
        return f"{self._sheet}, row {number}"

    def cell(self, number: int, column: int, header: object) -> str:
        return f"{self._sheet}, cell {get_column_letter(column)}{number}"


class CellReader(WorkSheetParser):
    """openpyxl 3.1 gives None for a formula never calculated, and for one that gave "": here they are told apart."""

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        if len(row) > MAX_SHEET_COLUMNS:
            raise ValueError(f"a row of {len(row)} cells")
        return super().parse_row(row)

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            cell["value"] = Uncalculated()
        return cell


def entries(content: bytes, findings: Findings) -> Iterator[Entry]:
    """One entry a row; a file that cannot be opened is one finding."""
    if why := refusal(content):
        findings.add(why)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that it drops
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            yield from _entries(book, findings)
    except Exception:  # noqa: BLE001 - openpyxl 3.1 raises whatever broken XML makes of it
        findings.add("is damaged and cannot be read as XLSX")


def _entries(book: Workbook, findings: Findings) -> Iterator[Entry]:
    for sheet in book.worksheets:
        rows = filled(_rows(book, sheet)) if sheet.sheet_state == "visible" else iter(())
        first = next(rows, None)
        if first and is_header(first[1]):
            yield from Table(*first, SheetPlaces(sheet.title), findings).entries(rows)
            return
    findings.add("no visible sheet has a first row with a column observed_on or Ngày")


def _rows(book: Any, sheet: Any) -> Iterator[tuple[int, Row]]:
    """The rows that are in the file, by the numbers that they have there; what follows out of order is damage."""
    last = 0
    with sheet._get_source() as source:
        reader = CellReader(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in reader.parse():
            row: Row = {cell["column"]: cell["value"] for cell in cells}
            if not last < number <= MAX_SHEET_ROWS or len(row) < len(cells):
                raise ValueError(f"row {number} after row {last}")
            last = number
            yield number, row
