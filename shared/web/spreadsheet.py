"""A list of a page as a file for Excel: a row of headings that stays on top, and every text a text, never a formula."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from starlette.responses import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000
NARROW, WIDE = 14, 60  # characters

Cell = str | int | date | None


def spreadsheet(file_name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """An XLSX file of one sheet; `file_name` in ASCII, without its ending. Days are days there, and counts numbers."""
    book, listed = Workbook(write_only=True), [list(row) for row in rows]
    sheet = book.create_sheet("Danh sách")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(listed) + 1}"
    for place in range(len(columns)):
        longest = max((len(row[place]) for row in listed if isinstance(row[place], str)), default=0)  # type: ignore[arg-type]
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(max(longest, NARROW), WIDE)
    sheet.append([_cell(sheet, name, bold=True) for name in columns])
    for row in listed:
        sheet.append([_cell(sheet, value) for value in row])
    written = BytesIO()
    book.save(written)
    headers = {"Content-Disposition": f'attachment; filename="{file_name}.xlsx"'}
    return Response(written.getvalue(), media_type=XLSX, headers=headers)


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value[:LONGEST_CELL])
    cell: Any = WriteOnlyCell(sheet)
    cell.value = None if value == "" else value
    if isinstance(value, str) and value:
        cell.data_type = "s"
    if isinstance(value, date):
        cell.number_format = "d/m/yyyy"
    cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(bold=bold)
    return cell
