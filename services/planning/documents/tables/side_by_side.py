"""Divides a table whose header stands in it twice, side by side, into one table for each."""

from collections.abc import Iterator
from dataclasses import replace

from services.planning.documents.document import Cell, Row, Table
from services.planning.documents.tables.cell_contents import texts_of
from services.planning.documents.tables.columns.header_words import role_of
from shared.vietnamese import folded

_MAY_BE_HEADER = 6  # rows: titles may be above it
_FEWEST_COLUMNS = 3


def divided(table: Table) -> Iterator[Table]:
    """The table itself where no header is repeated beside itself."""
    at = next((found for row in table.rows[:_MAY_BE_HEADER] if (found := _second_header(row))), 0)
    if not at:
        yield table
        return
    yield _part(table, 0, at)
    yield from divided(_part(table, at, len(table.rows[0].cells)))


def _second_header(row: Row) -> int:
    """The column in which the names of the first columns begin again; 0 where they do not."""
    names = [folded(text) for text in texts_of(row)]
    if role_of(names[0]) not in ("number", "content"):
        return 0
    for at in range(_FEWEST_COLUMNS, len(names) - _FEWEST_COLUMNS + 1):
        own = [name for name in names[:at] if name]
        if names[at] == names[0] and len(own) >= _FEWEST_COLUMNS and names[at : at + len(own)] == own:
            return at
    return 0


def _part(table: Table, first: int, end: int) -> Table:
    rows = (replace(row, cells=_cells(row, first, end)) for row in table.rows)
    return replace(table, rows=tuple(row for row in rows if any(cell.text for cell in row.cells)))


def _cells(row: Row, first: int, end: int) -> tuple[Cell, ...]:
    cells = row.cells[first:end]
    begins = replace(cells[0], covered=None) if cells[0].covered == "left" else cells[0]
    return (begins, *cells[1:])
