"""Builds a rectangular table from cells that stand at places of a grid and span several of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.planning.documents.document import Cell, Row, Table

MAX_ROWS = 10_000
MAX_PLACES = 100_000


@dataclass(frozen=True)
class Placed:
    """A cell and the columns it spans, from `start` up to but not with `end`. `continues` the one above it.

    `nested` has the texts of a table within it, row by row.
    """

    start: int
    end: int
    text: str = ""
    bold: bool = False
    continues: bool = False
    nested: tuple[tuple[str, ...], ...] = ()

    def moved(self, behind: int, by: int) -> "Placed":
        """The same cell in a grid with `by` more columns behind the column `behind`."""
        start, end = (place + by * (place > behind) for place in (self.start, self.end))
        return replace(self, start=start, end=end)


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


def with_nested_rows(rows: Sequence[GridRow], widths: Sequence[int]) -> tuple[list[GridRow], list[int]]:
    """The rows, with one for each row of the tables in the cells of one column, and the widths of their columns.

    Unchanged where the nested tables stand in several columns, differ in width, or are in one row only.
    """
    nesting = [(cell.start, len(line)) for row in rows for cell in row.cells for line in cell.nested]
    if len(set(nesting)) != 1 or sum(any(cell.nested for cell in row.cells) for row in rows) < 2:
        return list(rows), list(widths)
    at, columns = nesting[0]
    found: list[GridRow] = []
    for row in rows:
        cells = [cell.moved(at, columns - 1) for cell in row.cells]
        inner = next((cell for cell in cells if cell.nested), None)
        if inner is None:
            found.append(replace(row, cells=cells))
            continue
        for n, line in enumerate(inner.nested):
            others = [replace(cell, continues=n > 0 or cell.continues) for cell in cells if cell is not inner]
            own = [Placed(at + column, at + column + 1, text) for column, text in enumerate(line)]
            placed = sorted([*others, *own], key=lambda cell: cell.start)
            found.append(replace(row, place=f"{row.place}, dòng {n + 1}" if n else row.place, cells=placed))
    return found, [*widths[:at], *[*widths[at : at + 1]] * columns, *widths[at + 1 :]]


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
