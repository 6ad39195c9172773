"""Reads one sheet of an XLSX file: the displayed values of its visible cells, and its merged areas.

Notices date cells in which a spreadsheet may have exchanged day and month, by days beside them that stayed text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.utils import get_column_letter

from services.planning.documents.formats.table_grid import is_too_large
from services.planning.documents.formats.xlsx.printed_text import TextPrinter
from shared.office_files.unreadable import UnreadableDocument
from shared.office_files.worksheets import (
    MAX_COLUMNS,
    FilledCells,
    MergedArea,
    WorksheetParser,
    is_bold,
    is_uncalculated,
    merged_area,
    xml_of,
)

MONTHS = 12
MAX_NAMED = 20
DAY = re.compile(r"(?:(?:trước|đến|hết|từ|ngày) )*([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})\.?")
EXCHANGED = (
    "Trang tính “{title}”: {cells} là ô ngày, còn ô {text} ghi ngày bằng chữ; bảng tính có thể đã đổi ngày với tháng. "
    "Hãy đối chiếu thời hạn ở các ô này với văn bản gốc."
)


class ExchangedDays:
    """The days of one sheet. A spreadsheet that reads months first stores 1/12 as 12 January, and leaves 13/12 text."""

    def __init__(self) -> None:
        self._stored: list[tuple[int, int]] = []
        self._stored_past_12 = False
        self._text_past_12: tuple[int, int] | None = None

    def observe(self, row: int, column: int, value: object) -> None:
        if isinstance(value, date):
            self._stored_past_12 |= value.day > MONTHS
            if value.day <= MONTHS and value.day != value.month:
                self._stored.append((row, column))
        elif self._text_past_12 is None and isinstance(value, str) and len(value) < 40 and _is_past_12(value):
            self._text_past_12 = row, column

    def note(self, title: str) -> str | None:
        """The sentence about the cells in doubt; None where none is."""
        if not self._stored or self._stored_past_12 or self._text_past_12 is None:
            return None
        cells = ", ".join(_name(*place) for place in self._stored[:MAX_NAMED])
        more = len(self._stored) - MAX_NAMED
        named = f"ô {cells} và {more} ô khác" if more > 0 else f"ô {cells}"
        return EXCHANGED.format(title=title, cells=named, text=_name(*self._text_past_12))


def _is_past_12(text: str) -> bool:
    found = DAY.fullmatch(" ".join(text.lower().split()))
    if found is None:
        return False
    first, second = int(found[1]), int(found[3])
    return 1 <= min(first, second) <= MONTHS < max(first, second) <= 31


def _name(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


MAX_MERGED = 20_000
# Cells and rows that are parsed, with text or without; empty ones that have their references are not.
MAX_PARSED = 120_000
TOO_MANY_CELLS = (
    "Tài liệu quá lớn: trang tính “{title}” có quá nhiều ô chứa nội dung. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
)
TOO_MANY_PARSED = (
    "Tài liệu quá lớn: trang tính “{title}” có quá nhiều ô. Hãy chép phần có nội dung sang tệp mới rồi đọc lại."
)
HIDDEN_ROWS = "Trang tính “{title}” có {count} hàng bị ẩn; các hàng này không được đọc."
HIDDEN_COLUMNS = "Trang tính “{title}” có {count} cột bị ẩn; các cột này không được đọc."
UNCALCULATED = (
    "Trang tính “{title}” có {count} ô công thức chưa được tính. Hãy mở bằng Excel, lưu lại rồi đọc lại để có giá trị."
)


@dataclass(frozen=True)
class SheetCell:
    text: str
    bold: bool


@dataclass(frozen=True)
class Sheet:
    """`rows` holds the visible cells that are not empty, by row and column, in order."""

    title: str
    rows: dict[int, dict[int, SheetCell]]
    merged: Sequence[MergedArea] = ()
    notes: Sequence[str] = field(default=())


class _CountingParser(WorksheetParser):
    """Counts what it parses, and the formulas that were never calculated."""

    uncalculated = parsed = 0

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        self.parsed += 1 + len(row)
        if self.parsed > MAX_PARSED:
            return 0, []
        parsed: tuple[int, list[dict[str, Any]]] = super().parse_row(row)
        return parsed

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        self.uncalculated += is_uncalculated(element, cell["value"])
        return cell


def read_sheet(book: Any, sheet: Any) -> Sheet:
    """`book` is an `opened_workbook`. Raises `UnreadableDocument` for more cells with text than a plan has."""
    rows: dict[int, dict[int, SheetCell]] = {}
    places = 0
    notes: list[str] = []
    printer = TextPrinter(book)
    days = ExchangedDays()
    with xml_of(sheet) as source:
        parser = _CountingParser(FilledCells(source), book, sheet)
        parser.rich_text = True
        for number, cells in parser.parse():
            if parser.parsed > MAX_PARSED:
                raise UnreadableDocument(TOO_MANY_PARSED.format(title=sheet.title))
            found = {}
            for cell in cells:
                if cell["value"] is None:
                    continue
                days.observe(number, cell["column"], cell["value"])
                printed = printer.printed(cell)
                if printed.text:
                    found[cell["column"]] = SheetCell(printed.text, is_bold(book, cell["style_id"]))
                if printed.struck or printed.old_font:
                    notes += printed.notes(f"trang tính {sheet.title}, hàng {number}")
            if found:
                rows.setdefault(number, {}).update(found)
                places += len(found)
            if is_too_large(len(rows), places) or max(found, default=0) > MAX_COLUMNS:
                raise UnreadableDocument(TOO_MANY_CELLS.format(title=sheet.title))
    notes += [note] if (note := days.note(sheet.title)) else []
    return _visible(sheet.title, rows, parser, list(dict.fromkeys(notes)))


def _visible(
    title: str, rows: dict[int, dict[int, SheetCell]], parser: _CountingParser, further: Sequence[str]
) -> Sheet:
    hidden_rows, spans = parser.hidden_rows(), parser.hidden_columns()
    visible: dict[int, dict[int, SheetCell]] = {}
    left_out_rows, left_out_columns = 0, set()
    for number in sorted(rows):
        if number in hidden_rows:
            left_out_rows += 1
            continue
        hidden = {column for column in rows[number] if any(column in span for span in spans)}
        left_out_columns |= hidden
        visible[number] = {column: rows[number][column] for column in sorted(rows[number].keys() - hidden)}
    counts = (
        (HIDDEN_ROWS, left_out_rows),
        (HIDDEN_COLUMNS, len(left_out_columns)),
        (UNCALCULATED, parser.uncalculated),
    )
    notes = [sentence.format(title=title, count=count) for sentence, count in counts if count]
    notes += further
    return Sheet(title, {number: row for number, row in visible.items() if row}, _merged(parser, visible), notes)


def _merged(parser: WorksheetParser, visible: dict[int, dict[int, SheetCell]]) -> list[MergedArea]:
    """The merged areas that have a visible text."""
    areas = map(merged_area, parser.merged_references()[:MAX_MERGED])
    return [area for area in areas if area.left in visible.get(area.top, {})]
