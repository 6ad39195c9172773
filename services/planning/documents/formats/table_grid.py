"""Builds a rectangular table from cells that stand at places of a grid and span several of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.planning.documents.document import Cell, Row, Table

MAX_ROWS = 10_000
MAX_PLACES = 100_000


@dataclass(frozen=True)
class Placed:
    """A cell and the columns it spans, from `start` up to but not with `end`. `continues` the one above it."""

    start: int
    end: int
    text: str = ""
    bold: bool = False
    continues: bool = False


@dataclass(frozen=True)
class GridRow:
    place: str
    cells: Sequence[Placed]
    page_begins: bool = False


def table(rows: Sequence[GridRow], place: str) -> Table | None:
    """The table of the rows that have a cell; a column in which no cell begins is left out. None if nothing is left."""
    begun = sorted({cell.start for row in rows for cell in row.cells})
    if not begun:
        return None
    column_of = {start: column for column, start in enumerate(begun)}
    return Table(tuple(_row(row, begun, column_of) for row in rows if row.cells), place)


def _row(row: GridRow, begun: Sequence[int], column_of: dict[int, int]) -> Row:
    cells = [Cell()] * len(begun)
    for placed in row.cells:
        first = column_of[placed.start]
        cells[first] = Cell(covered="above") if placed.continues else Cell(placed.text, placed.bold)
        for column in range(first + 1, len(begun)):
            if begun[column] >= placed.end:
                break
            cells[column] = Cell(covered="left")
    return Row(tuple(cells), row.place, row.page_begins)


def is_too_large(rows: int, places: int) -> bool:
    return rows > MAX_ROWS or places > MAX_PLACES


def narrow_columns_removed(rows: Iterable[GridRow], widths: Sequence[int], least: int) -> list[GridRow]:
    """The rows without the columns narrower than `least`, which come from borders that were dragged askew."""
    rows = list(rows)
    kept, position, last = [0], 0, 0
    for width in widths:
        position += width
        if position - last >= least:
            kept.append(kept[-1] + 1)
            last = position
        else:
            kept.append(kept[-1])
    needed = max((cell.end for row in rows for cell in row.cells), default=0)
    if len(kept) <= needed or any(kept[cell.start] == kept[cell.end] for row in rows for cell in row.cells):
        return rows
    return [
        GridRow(
            row.place,
            [Placed(kept[c.start], kept[c.end], c.text, c.bold, c.continues) for c in row.cells],
            row.page_begins,
        )
        for row in rows
    ]
