"""Opens an XLSX file: the table of each visible sheet and the paragraphs around it, as Excel displays them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl import Workbook

from services.planning.documents.document import Block, Document, Paragraph
from services.planning.documents.formats.refusals import MAX_PARTS, NOT_OFFICE_XML, TOO_LARGE, damage_refused
from services.planning.documents.formats.table_grid import GridRow, Placed, is_too_large, table
from services.planning.documents.formats.xlsx.cells import ExchangedDays, TextPrinter
from shared.office_files.archive import Archive
from shared.office_files.unreadable import UnreadableDocument
from shared.office_files.worksheets import (
    MAX_COLUMNS,
    FilledCells,
    MergedArea,
    WorksheetParser,
    is_bold,
    is_uncalculated,
    merged_area,
    opened_workbook,
    xml_of,
)

MAX_OTHER_BYTES = 60 * 1024 * 1024  # shared strings, styles and the like, which openpyxl holds in memory
MAX_SHEETS = 100
LEAST_OF_HEADER = 3  # columns
MAX_COVERED_ROWS = 10_000
TOO_MANY_SHEETS = f"Tài liệu quá lớn: có hơn {MAX_SHEETS} trang tính. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
HIDDEN_SHEET = "Trang tính “{title}” bị ẩn nên không được đọc."
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


@damage_refused()
def read_xlsx(path: Path) -> Document:
    """Formulas give the values that were last stored. Raises `UnreadableDocument`."""
    content = path.read_bytes()
    _refuse_bombs(Archive(content, MAX_PARTS))
    blocks: list[Block] = []
    notes: list[str] = []
    with opened_workbook(content, rich_text=True) as book:
        for sheet in _sheets(book, notes):
            blocks.extend(_blocks_of(sheet))
            notes.extend(sheet.notes)
    return Document(tuple(blocks), tuple(notes))


def _refuse_bombs(archive: Archive) -> None:
    others = [name for name in archive.names if name.endswith((".xml", ".rels")) and "/worksheets/" not in name]
    if sum(map(archive.size_of, others)) > MAX_OTHER_BYTES:
        raise UnreadableDocument(TOO_LARGE)
    for name in others:
        # A part that lies about its size is stopped here.
        if b"<!ENTITY" in (part := archive.read(name, archive.size_of(name))) or b"<!DOCTYPE" in part[:4096]:
            raise UnreadableDocument(NOT_OFFICE_XML)


def _sheets(book: Workbook, notes: list[str]) -> Iterator[Sheet]:
    if len(book.worksheets) > MAX_SHEETS:
        raise UnreadableDocument(TOO_MANY_SHEETS)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            notes.append(HIDDEN_SHEET.format(title=sheet.title))
        else:
            yield read_sheet(book, sheet)


def _blocks_of(sheet: Sheet) -> Iterator[Block]:
    """The paragraphs before the table, the table, the paragraphs after it: each cell of those is a paragraph."""
    place = f"trang tính {sheet.title}"
    covered = _covered(sheet)
    inside = _table_rows(sheet.rows, covered)
    before = [number for number in sheet.rows if not inside or number < inside[0]]
    after = [number for number in sheet.rows if inside and number > inside[-1]]
    yield from _paragraphs(sheet, before, place)
    rows = [
        GridRow(f"{place}, hàng {number}", _cells(sheet.rows.get(number, {}), number, covered.get(number, {})))
        for number in inside
    ]
    if found := table(rows, f"{place}, bảng 1"):
        yield found
    yield from _paragraphs(sheet, after, place)


def _paragraphs(sheet: Sheet, numbers: list[int], place: str) -> Iterator[Paragraph]:
    for number in numbers:
        for cell in sheet.rows[number].values():
            yield Paragraph(cell.text, f"{place}, hàng {number}", bold=cell.bold)


def _covered(sheet: Sheet) -> dict[int, dict[int, MergedArea]]:
    """The merged areas that reach a row, by the column in which they begin; only as far down as there is text."""
    last = max(sheet.rows, default=0)
    reached: dict[int, dict[int, MergedArea]] = {}
    for area in sheet.merged:
        for number in range(area.top, min(area.bottom, last, area.top + MAX_COVERED_ROWS) + 1):
            reached.setdefault(number, {})[area.left] = area
    return reached


def _table_rows(
    rows: Mapping[int, Mapping[int, SheetCell]], covered: Mapping[int, Mapping[int, MergedArea]]
) -> list[int]:
    """The numbers of the table's rows: from the first row that fills half as many columns as the fullest one.

    It ends with the last such row, and goes on while rows follow without a gap that fill two columns, as a row does
    whose other cells are merged with the ones above. It begins with the rows without a gap above that fill three
    columns: the upper row of a header of months fills few.
    """
    filled = {number: len(row.keys() | covered.get(number, {}).keys()) for number, row in rows.items()}
    enough = max(2, (max(filled.values(), default=0) + 1) // 2)
    wide = [number for number, count in filled.items() if count >= enough]
    if not wide:
        return []
    first, last = wide[0], wide[-1]
    while filled.get(first - 1, 0) >= LEAST_OF_HEADER:
        first -= 1
    while filled.get(last + 1, 0) >= 2:
        last += 1
    return [number for number in filled if first <= number <= last]


def _cells(row: Mapping[int, SheetCell], number: int, covered: Mapping[int, MergedArea]) -> list[Placed]:
    cells = {column: Placed(column, column + 1, cell.text, cell.bold) for column, cell in row.items()}
    for left, area in covered.items():
        for column in [column for column in cells if area.left < column <= area.right]:
            del cells[column]  # Excel shows only the first cell of a merged area
        seen = row.get(left) if number == area.top else None
        cells[left] = Placed(
            left, area.right + 1, seen.text if seen else "", bool(seen and seen.bold), number > area.top
        )
    return [cells[column] for column in sorted(cells)]


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
