"""Writes one sheet of the workbook as a stream: columns, heading, page layout; text never becomes a formula."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from services.reporting.rendering.blocks.block import cells_by_column, heading_rows
from services.reporting.rendering.formats.workbook.printing import (
    ROW_HEIGHT,
    Printing,
    keep_together,
    narrowed,
    set_header,
    set_pages,
)
from shared.printable import printable
from shared.vietnamese import MISSING

TEXT, COUNT, RATE, POINTS, DAY, DEGREES = "@", "#,##0", "0.0\\ %", "0.00", "d/m/yyyy", "0.0000"
_LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767  # characters in a cell, and
_HIGHEST = 409  # points of a row: both are limits of Excel
_LINE_HEIGHT = 16  # points
_LETTERS_IN_A_WIDTH = 1.15  # a width is counted in digits, which are broader than most letters
_LETTERS_PRINTED, _LETTERS_OF_A_HEADING = 1.0, 0.7  # since layout 3: room for broader fonts, and for bold letters
_LINE = Side(style="thin", color="B0B0B0")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FONT = Font(name="Times New Roman", size=12)
_BOLD = Font(name="Times New Roman", size=12, bold=True)
_SHADED = PatternFill("solid", fgColor="E7ECF2")
# By the cell's format, alignment and row: openpyxl compares a style with all others whenever it is set.
_STYLES: WeakKeyDictionary[Workbook, dict[tuple[str, str, bool], StyleArray]] = WeakKeyDictionary()

Value = str | int | Decimal | date | None


@dataclass(frozen=True)
class SheetColumn:
    """A heading, a width in characters, the number format of the cells and how their text is aligned.

    `group` is a heading over it and its neighbours of the same group; `number` stands under the heading.
    """

    heading: str
    width: float
    number_format: str
    align: str = "left"
    group: str | None = None
    number: str = ""


def add_sheet(
    workbook: Workbook,
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[Value]],
    printing: Printing | None = None,
) -> Any:
    """A sheet with its heading frozen, filtered and repeated on each printed page; `printing` since layout 3."""
    sheet = workbook.create_sheet(title)
    columns = narrowed(columns) if printing else columns
    _lay_out(sheet, columns)
    if printing:
        set_pages(sheet, columns, printing)
        set_header(sheet, printing)
    letters = _LETTERS_PRINTED if printing else _LETTERS_IN_A_WIDTH
    heading = _add_heading(sheet, columns, _LETTERS_OF_A_HEADING if printing else _LETTERS_IN_A_WIDTH)
    cells = [_Cells(sheet, column) for column in columns]
    height = heading
    groups: list[Value] = []
    for height, row in enumerate(rows, start=heading + 1):
        _make_room(sheet, height, columns, row, letters)
        sheet.append([cell.with_value(value) for cell, value in zip(cells, row, strict=True)])
        groups.append(row[printing.together] if printing and printing.together is not None else None)
    sheet.auto_filter.ref = f"A{heading}:{get_column_letter(len(columns))}{height}"
    if printing and printing.together is not None:
        heights = [sheet.row_dimensions[at].height or ROW_HEIGHT for at in range(1, height + 1)]
        keep_together(sheet, heights[:heading], heights[heading:], groups)
    return sheet


def fraction(rate: Decimal | None) -> Decimal | None:
    """A rate in percent as a cell of the format RATE holds it: 93.5 becomes 0.935."""
    return None if rate is None else rate / 100


class _Cells:
    """A column's cells. openpyxl writes a streamed cell at once, so each kind is styled once and filled again."""

    def __init__(self, sheet: Any, column: SheetColumn) -> None:
        align = column.align if column.number_format == TEXT else "right"
        self._plain = _styled(sheet, column.number_format, align)
        self._quoted = _styled(sheet, TEXT, align)
        self._quoted.quotePrefix = True
        self._missing = _styled(sheet, TEXT, align)
        self._day = _styled(sheet, DAY, "left")

    def with_value(self, value: Value) -> Any:
        """The cell with `value`. Text is never a formula, whatever it begins with; None is a dash."""
        if value is None:
            return _filled(self._missing, MISSING)
        if isinstance(value, str):
            text = _fitting(value)
            return _filled(self._quoted if text.startswith(_LOOKS_LIKE_A_FORMULA) else self._plain, text)
        cell = self._day if isinstance(value, date) else self._plain
        cell.value = value
        return cell


def _fitting(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _add_heading(sheet: Any, columns: Sequence[SheetColumn], letters: float) -> int:
    """Write the rows of the heading, with groups over their columns; the number of rows."""
    rows = cells_by_column(heading_rows(columns))
    for height, row in enumerate(rows, start=1):
        own = {at: cell.text for at, cell in row.items() if cell.rows == cell.columns == 1}
        _make_room(sheet, height, columns, [own.get(at) for at in range(len(columns))], letters)
        sheet.append([_heading(sheet, row[at].text if at in row else "") for at in range(len(columns))])
        for at, cell in row.items():
            if cell.rows > 1 or cell.columns > 1:
                last = f"{get_column_letter(at + cell.columns)}{height + cell.rows - 1}"
                sheet.merged_cells.add(f"{get_column_letter(at + 1)}{height}:{last}")
    return len(rows)


def _make_room(
    sheet: Any,
    height: int,
    columns: Sequence[SheetColumn],
    row: Sequence[Value],
    letters: float,
) -> None:
    """Set the row height for wrapped text, because LibreOffice does not adjust it when it opens a file."""
    texts = ((value, column.width) for value, column in zip(row, columns, strict=True) if isinstance(value, str))
    lines = max((ceil(len(text) / width / letters) for text, width in texts), default=1)
    if lines > 1:
        sheet.row_dimensions[height].height = min(_LINE_HEIGHT * lines, _HIGHEST)


def _filled(cell: Any, text: str) -> Any:
    cell.value = text
    cell.data_type = "s"
    return cell


def _styled(sheet: Any, number_format: str, align: str, *, heading: bool = False) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    styles = _STYLES.setdefault(sheet.parent, {})
    if (number_format, align, heading) not in styles:
        _set_style(cell, number_format, align)
        if heading:
            cell.font = _BOLD
            cell.fill = _SHADED
        styles[number_format, align, heading] = cell._style
    cell._style = copy(styles[number_format, align, heading])
    return cell


def _set_style(cell: Any, number_format: str, align: str) -> None:
    cell.font = _FONT
    cell.border = _BORDER
    is_text = number_format == TEXT
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=is_text, indent=int(align == "left"))
    cell.number_format = number_format


def _heading(sheet: Any, text: str) -> Any:
    return _filled(_styled(sheet, TEXT, "center", heading=True), _fitting(text))


def _lay_out(sheet: Any, columns: Sequence[SheetColumn]) -> None:
    """A4 landscape, as wide as the page, with the margins of Decree 30/2020/NĐ-CP in inches."""
    heading = len(heading_rows(columns))
    sheet.freeze_panes = f"A{heading + 1}"
    sheet.print_title_rows = f"1:{heading}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 1.18, 0.79, 0.79, 0.79
    sheet.oddFooter.center.text = "&P/&N"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
