"""Reads one sheet of an XLSX file: the displayed values of its visible cells, and its merged areas."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from services.planning.documents.formats.table_grid import is_too_large
from services.planning.documents.formats.xlsx.exchanged_days import ExchangedDays
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
