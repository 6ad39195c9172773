"""One sheet of an XLSX file: what is printed in its cells, which cells are merged, and what of it is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from services.planning.documents.document import UnreadableDocument
from services.planning.documents.formats.grid import is_too_large
from services.planning.documents.formats.letters import cleaned
from services.planning.documents.formats.xlsx.filtering import FilledCells
from services.planning.documents.formats.xlsx.printing import printed

MAX_COLUMN = 16_384
MAX_MERGED = 20_000
TOO_MANY_CELLS = (
    "Tài liệu quá lớn: trang tính “{title}” có quá nhiều ô chứa nội dung. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
)
HIDDEN_ROWS = "Trang tính “{title}” có {count} hàng bị ẩn; các hàng này không được đọc."
HIDDEN_COLUMNS = "Trang tính “{title}” có {count} cột bị ẩn; các cột này không được đọc."
UNCALCULATED = (
    "Trang tính “{title}” có {count} ô công thức chưa được tính. Hãy mở bằng Excel, lưu lại rồi đọc lại để có giá trị."
)


@dataclass(frozen=True)
class Written:
    text: str
    bold: bool


@dataclass(frozen=True)
class Merged:
    """Rows and columns from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Sheet:
    """`rows` holds the visible cells that are not empty, by row and column, in order."""

    title: str
    rows: dict[int, dict[int, Written]]
    merged: Sequence[Merged] = ()
    notes: Sequence[str] = field(default=())


class CellReader(WorkSheetParser):
    """openpyxl 3.1 gives None for a formula that was never calculated: they are counted here."""

    uncalculated = 0

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            self.uncalculated += 1
        return cell


def read_sheet(book: Any, sheet: Any) -> Sheet:
    """`book` was opened read-only by openpyxl 3.1, whose sheets then tell neither merged nor hidden cells."""
    rows: dict[int, dict[int, Written]] = {}
    places = 0
    with sheet._get_source() as source:
        reader = CellReader(
            FilledCells(source),
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in reader.parse():
            found = {cell["column"]: written for cell in cells if (written := _written(book, cell)).text}
            if found:
                rows.setdefault(number, {}).update(found)
                places += len(found)
            if is_too_large(len(rows), places) or max(found, default=0) > MAX_COLUMN:
                raise UnreadableDocument(TOO_MANY_CELLS.format(title=sheet.title))
    return _visible(sheet.title, rows, reader)


def _written(book: Any, cell: dict[str, Any]) -> Written:
    if cell["value"] is None or cell["data_type"] == "e":
        return Written("", bold=False)
    style = book._cell_styles[cell["style_id"]]
    text = printed(cell["value"], _number_format(book, style.numFmtId))
    return Written(cleaned(text), bool(book._fonts[style.fontId].b))


def _number_format(book: Any, format_id: int) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    if format_id < BUILTIN_FORMATS_MAX_SIZE:
        return BUILTIN_FORMATS.get(format_id, "General")
    return str(book._number_formats[format_id - BUILTIN_FORMATS_MAX_SIZE])


def _visible(title: str, rows: dict[int, dict[int, Written]], reader: CellReader) -> Sheet:
    hidden_rows = {int(row) for row, told in reader.row_dimensions.items() if told.get("hidden") in ("1", "true")}
    spans = [
        range(int(told["min"]), min(int(told["max"]), MAX_COLUMN) + 1)
        for told in reader.column_dimensions.values()
        if told.get("hidden") in ("1", "true")
    ]
    visible: dict[int, dict[int, Written]] = {}
    left_out_rows, left_out_columns = 0, set()
    for number in sorted(rows):
        if number in hidden_rows:
            left_out_rows += 1
            continue
        hidden = {column for column in rows[number] if any(column in span for span in spans)}
        left_out_columns |= hidden
        visible[number] = {column: rows[number][column] for column in sorted(rows[number].keys() - hidden)}
    told = (
        (HIDDEN_ROWS, left_out_rows),
        (HIDDEN_COLUMNS, len(left_out_columns)),
        (UNCALCULATED, reader.uncalculated),
    )
    notes = [sentence.format(title=title, count=count) for sentence, count in told if count]
    return Sheet(title, {number: row for number, row in visible.items() if row}, _merged(reader, visible), notes)


def _merged(reader: CellReader, visible: dict[int, dict[int, Written]]) -> list[Merged]:
    """The merged areas whose text is seen; the others say nothing."""
    found = reader.merged_cells.mergeCell[:MAX_MERGED] if reader.merged_cells else []
    areas = [Merged(*range_boundaries(area.ref)) for area in found]
    return [area for area in areas if area.left in visible.get(area.top, {})]
