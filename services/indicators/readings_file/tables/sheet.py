"""Reads the rows of one sheet of an XLSX file with their stored values, and which cells are merged or hidden."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from services.indicators.readings_file.findings import printable
from services.indicators.readings_file.tables.columns import NumberedRow
from services.indicators.readings_file.tables.layout import Choices, SheetLayout
from services.indicators.readings_file.values.cells import Unread
from shared.office_files.worksheets import (
    MAX_COLUMNS,
    MAX_ROWS,
    FilledCells,
    WorksheetParser,
    formula_of,
    is_hidden,
    is_uncalculated,
    merged_area,
    merged_references,
    number_formats,
    shows_day,
    value_taken_out,
    xml_of,
)

MAX_MERGED = 20_000
QUOTED = re.compile(r'"[^"]*"|\\.')
NO_DAY = "“{month}” chỉ hiện tháng, năm hoặc giờ, không phải là ngày như 14/9/2025 hoặc 2025-09-14"
UNCALCULATED = "là công thức chưa được tính; hãy mở tệp bằng Excel rồi lưu lại"


class _CellParser(WorksheetParser):
    """A value that cannot be read (a formula without value, an error, a percentage) becomes `Unread`.

    So it refuses its row only and not the file, which openpyxl 3.1 ends with an exception at such a value.
    """

    def __init__(self, source: Any, book: Any, sheet: Any) -> None:
        super().__init__(source, book, sheet)
        self.row_hidden = False
        formats = number_formats(book)
        # The styles under which 1 is shown as 100 %, and those under which a date shows no day.
        self._percents = {style for style, one in enumerate(formats) if "%" in QUOTED.sub("", one)}
        self._dayless = {style for style, one in enumerate(formats) if not shows_day(one)}

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, object]]]:
        if len(row) > MAX_COLUMNS:
            raise ValueError(f"a row of {len(row)} cells")
        self.row_hidden = is_hidden(row)
        number, cells = super().parse_row(row)
        self.row_dimensions.clear()  # openpyxl 3.1 keeps the attributes of every row
        return number, cells

    def parse_cell(self, element: Element) -> dict[str, object]:
        column_before = self.col_counter
        try:
            cell: dict[str, object] = super().parse_cell(element)
        except (ValueError, OverflowError):
            self.col_counter = column_before
            return self._broken(element)
        value, stored = cell["value"], element.get("t", "n")
        if value is None:
            if is_uncalculated(element, value):
                cell["value"] = Unread(UNCALCULATED, formula_of(element))
        elif cell["data_type"] == "e":
            problem = f"“{printable(str(value))}” là lỗi của bảng tính, không phải giá trị"
            cell["value"] = Unread(problem if stored == "e" else "là ngày nằm ngoài lịch của bảng tính", str(value))
        elif cell["style_id"] in self._percents and isinstance(value, int | float) and stored == "n":
            cell["value"] = Unread(
                f"“{value:.10%}”".replace(".0000000000", "") + " là tỷ lệ; hãy ghi số đếm", str(value)
            )
        elif isinstance(value, date) and cell["style_id"] in self._dayless:
            cell["value"] = Unread(NO_DAY.format(month=f"{value.month}/{value.year}"), f"{value.month}/{value.year}")
        return cell

    def _broken(self, element: Element) -> dict[str, object]:
        """Raises again if more than the value is broken."""
        text = value_taken_out(element)
        cell: dict[str, object] = super().parse_cell(element)
        return {**cell, "value": Unread(f"“{printable(text)}” không phải là một giá trị của bảng tính", text)}


def layout_of(sheet: Any, choices: Choices) -> SheetLayout:
    merged = [merged_area(reference) for reference in merged_references(sheet)]
    if len(merged) > MAX_MERGED:
        raise ValueError(f"{len(merged)} merged areas")
    return SheetLayout(
        sheet.title, [area for area in merged if area.left < area.right or area.top < area.bottom], choices
    )


def rows_of(book: Any, sheet: Any, layout: SheetLayout) -> Iterator[NumberedRow]:
    """The rows that are in the file, by the numbers that they have there; what follows out of order is damage."""
    last = 0
    with xml_of(sheet) as source:
        parser = _CellParser(FilledCells(source), book, sheet)
        for number, cells in parser.parse():
            if not last:
                layout.hidden_columns = parser.hidden_columns()
            row = {cell["column"]: cell["value"] for cell in cells}
            if not last < number <= MAX_ROWS or len(row) < len(cells):
                raise ValueError(f"row {number} after row {last}")
            last = number
            yield NumberedRow(number, row, hidden=parser.row_hidden)
        if sorted(parser.merged_references()) != sorted(merged_references(sheet)):
            raise ValueError("the merged areas were not found")
