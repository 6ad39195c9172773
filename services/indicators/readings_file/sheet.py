"""The rows of one sheet of an XLSX file as they are stored, and what of them is merged or hidden."""

import re
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from services.indicators.readings_file.cells import Unread
from services.indicators.readings_file.choices import Choices
from services.indicators.readings_file.errors import printable
from services.indicators.readings_file.layout import Merged, SheetLayout
from services.indicators.readings_file.table import Line

# What a sheet of Excel can hold.
MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_COLUMNS = 16_384
MAX_MERGED = 20_000

CHUNK_BYTES = 1024 * 1024
LONGEST_TAG = 64
END_OF_ROWS = re.compile(rb"</(?:\w+:)?sheetData\s*>")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)[\"']")
QUOTED = re.compile(r'"[^"]*"|\\.')
TRUE = ("1", "true")

UNCALCULATED = "là công thức chưa được tính; hãy mở tệp bằng Excel rồi lưu lại"


class CellReader(WorkSheetParser):
    """openpyxl 3.1 gives None for a formula never calculated, and for one that gave "": here they are told apart.

    A value that is none (a number that is no number, an error, a percentage) becomes `Unread`, not the end of the file.
    """

    def __init__(self, source: IO[bytes], book: Any, sheet: Any) -> None:
        super().__init__(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        self.row_hidden = False
        self._percents = _percents(book)

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        if len(row) > MAX_SHEET_COLUMNS:
            raise ValueError(f"a row of {len(row)} cells")
        self.row_hidden = row.get("hidden") in TRUE
        number, cells = super().parse_row(row)
        self.row_dimensions.clear()
        return number, cells

    def parse_cell(self, element: Element) -> dict[str, Any]:
        column_before = self.col_counter
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except (ValueError, OverflowError):
            self.col_counter = column_before
            return self._broken(element)
        value, stored = cell["value"], element.get("t", "n")
        if value is None:
            if stored != "str" and (formula := element.find(FORMULA_TAG)) is not None:
                cell["value"] = Unread(UNCALCULATED, f"={formula.text or ''}")
        elif cell["data_type"] == "e":
            what = f"“{printable(str(value))}” là lỗi của bảng tính, không phải giá trị"
            cell["value"] = Unread(what if stored == "e" else "là ngày nằm ngoài lịch của bảng tính", str(value))
        elif cell["style_id"] in self._percents and isinstance(value, int | float) and stored == "n":
            cell["value"] = Unread(
                f"“{value:.10%}”".replace(".0000000000", "") + " là tỷ lệ; hãy ghi số đếm", str(value)
            )
        return cell

    def _broken(self, element: Element) -> dict[str, Any]:
        """Raises again where not the value is broken but the cell."""
        text = ""
        for value in element.findall(VALUE_TAG):
            text, value.text = value.text or "", None
        cell: dict[str, Any] = super().parse_cell(element)
        return {**cell, "value": Unread(f"“{printable(text)}” không phải là một giá trị của bảng tính", text)}


def layout_of(sheet: Any, choices: Choices) -> SheetLayout:
    """Merged areas stand after the rows that they say something of, so that they are looked for first."""
    with sheet._get_source() as source:
        merged = [Merged(*range_boundaries(ref)) for ref in _merged_refs(source)]
    if len(merged) > MAX_MERGED:
        raise ValueError(f"{len(merged)} merged areas")
    return SheetLayout(
        sheet.title, [area for area in merged if area.left < area.right or area.top < area.bottom], choices
    )


def lines_of(book: Any, sheet: Any, layout: SheetLayout) -> Iterator[Line]:
    """The rows that are in the file, by the numbers that they have there; what follows out of order is damage."""
    last = 0
    with sheet._get_source() as source:
        reader = CellReader(source, book, sheet)
        for number, cells in reader.parse():
            if not last:
                layout.hidden_columns = _hidden_columns(reader)
            row = {cell["column"]: cell["value"] for cell in cells}
            if not last < number <= MAX_SHEET_ROWS or len(row) < len(cells):
                raise ValueError(f"row {number} after row {last}")
            last = number
            yield Line(number, row, hidden=reader.row_hidden)
        areas = reader.merged_cells.mergeCell if reader.merged_cells else []
        with sheet._get_source() as again:
            if sorted(str(area.ref) for area in areas) != sorted(_merged_refs(again)):
                raise ValueError("the merged areas were not found")


def _merged_refs(source: IO[bytes]) -> list[str]:
    rest, after_rows = b"", False
    while chunk := source.read(CHUNK_BYTES):
        rest = rest + chunk if after_rows else rest[-LONGEST_TAG:] + chunk
        if not after_rows and (end := END_OF_ROWS.search(rest)):
            rest, after_rows = rest[end.end() :], True
    return [found[1].decode() for found in MERGED.finditer(rest)] if after_rows else []


def _hidden_columns(reader: CellReader) -> list[range]:
    return [
        range(int(told["min"]), min(int(told["max"]), MAX_SHEET_COLUMNS) + 1)
        for told in reader.column_dimensions.values()
        if told.get("hidden") in TRUE
    ]


def _percents(book: Any) -> set[int]:
    """The styles under which 1 is shown as 100 %."""
    return {number for number, style in enumerate(book._cell_styles) if "%" in QUOTED.sub("", _format(book, style))}


def _format(book: Any, style: Any) -> str:
    if style.numFmtId < BUILTIN_FORMATS_MAX_SIZE:
        return str(BUILTIN_FORMATS.get(style.numFmtId, "General"))
    return str(book._number_formats[style.numFmtId - BUILTIN_FORMATS_MAX_SIZE])
