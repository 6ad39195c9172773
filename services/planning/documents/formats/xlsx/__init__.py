"""Opens an XLSX file: the table of each visible sheet and the paragraphs around it, as Excel displays them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from openpyxl import Workbook

from services.planning.documents.document import Block, Document, Paragraph
from services.planning.documents.formats.refusals import (
    MAX_PARTS,
    NOT_OFFICE_XML,
    TOO_LARGE,
    damage_refused,
)
from services.planning.documents.formats.table_grid import GridRow, Placed, table
from services.planning.documents.formats.xlsx.sheet import Sheet, SheetCell, read_sheet
from shared.office_files.archive import Archive
from shared.office_files.unreadable import UnreadableDocument
from shared.office_files.worksheets import MergedArea, opened_workbook

MAX_OTHER_BYTES = 60 * 1024 * 1024  # shared strings, styles and the like, which openpyxl holds in memory
MAX_SHEETS = 100
LEAST_OF_HEADER = 3  # columns
MAX_COVERED_ROWS = 10_000
TOO_MANY_SHEETS = f"Tài liệu quá lớn: có hơn {MAX_SHEETS} trang tính. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
HIDDEN_SHEET = "Trang tính “{title}” bị ẩn nên không được đọc."


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
