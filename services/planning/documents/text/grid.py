"""Rows of raw cells become one table: equally long, with clean texts and the places where a page begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.planning.documents.document import Cell, Row, Table
from services.planning.documents.text.labels import is_header
from services.planning.documents.text.lines import place
from services.planning.documents.text.markup import plain
from shared.vietnamese import folded


@dataclass(frozen=True)
class GridRow:
    """`merged`: its only text reaches over all columns."""

    cells: tuple[str, ...]
    line: int
    merged: bool = False


def table_of(rows: Sequence[GridRow], width: int) -> Table:
    """Shorter rows get empty cells at the right; none is longer than `width`. A repeated header stays in the table."""
    begins = page_beginnings(rows)
    return Table(
        tuple(_row(row, width, index in begins) for index, row in enumerate(rows)),
        place(rows[0].line),
    )


def page_beginnings(rows: Sequence[GridRow]) -> set[int]:
    """The rows that follow a repetition of the header, which may have several rows."""
    found: set[int] = set()
    if not rows or not is_header(rows[0].cells):
        return found
    repeated = 0
    for index, row in enumerate(rows):
        if index and same_header(row, rows[0]):
            repeated = 1
        elif repeated and repeated < index and same_cells(row, rows[repeated]):
            repeated += 1
        elif repeated:
            found.add(index)
            repeated = 0
    return found


def same_header(row: GridRow, header: GridRow) -> bool:
    same_first = plain(row.cells[0])[0].casefold() == plain(header.cells[0])[0].casefold()  # quick, and mostly False
    return same_first and same_cells(row, header) and is_header(header.cells)


def same_cells(one: GridRow, other: GridRow) -> bool:
    return one.cells == other.cells or _shown(one) == _shown(other)


def _shown(row: GridRow) -> list[str]:
    if sum(map(len, row.cells)) > 2000:  # no header is so long
        return [str(id(row))]
    texts = [folded(plain(cell)[0]) for cell in row.cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _row(row: GridRow, width: int, page_begins: bool) -> Row:
    cells = [Cell(*plain(cell)) for cell in row.cells]
    missing = Cell(covered="left") if row.merged else Cell()
    return Row(tuple(cells + [missing] * (width - len(cells))), place(row.line), page_begins)
