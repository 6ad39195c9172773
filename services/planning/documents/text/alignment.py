"""Rows with another number of cells than the table has columns are put where they most likely belong, and noted."""

from collections.abc import Sequence

from services.planning.documents.text.flattened import TabCell
from services.planning.documents.text.grid import GridRow
from services.planning.documents.text.labels import is_code, is_header
from services.planning.documents.text.lines import Note
from shared.vietnamese import folded

_SPANNING = ("phân công", "trách nhiệm", "tổ chức thực hiện", "cơ quan", "đơn vị", "thời gian")


def aligned(rows: Sequence[Sequence[TabCell]], width: int, notes: list[Note]) -> list[GridRow]:
    """Rows of at most `width` cells. Groups of a number and a title are usual and not noted."""
    grid = [GridRow(tuple(cell.text for cell in row), row[0].line) for row in rows]
    if len(grid) > 1 and _is_second_line(grid[0], grid[1], width):
        grid[:2] = _two_lines(grid[0], grid[1])
    return [_aligned(row, width, index, notes) for index, row in enumerate(grid)]


def _aligned(row: GridRow, width: int, index: int, notes: list[Note]) -> GridRow:
    count = len(row.cells)
    if count == width or (count == 2 and is_code(row.cells[0])):
        return row
    if count > width:
        cells, how = (*row.cells[: width - 1], "\n".join(row.cells[width - 1 :])), "phần thừa ở ô cuối"
    elif is_code(row.cells[0]) or not row.cells[0].strip() or is_header(row.cells):
        cells, how = row.cells, "các ô cuối để trống"
    elif count > 1:
        cells, how = ("",) * (width - count) + row.cells, "các ô đầu để trống"
    elif index:
        return GridRow(row.cells, row.line, merged=True)
    else:
        cells, how = ("", *row.cells), "ô đầu để trống"
    notes.append(Note(row.line, f"hàng có {count} ô trong khi bảng có {width} cột, {how}."))
    return GridRow(cells, row.line)


def _is_second_line(header: GridRow, below: GridRow, width: int) -> bool:
    """The header's second line holds only the columns under one cell that spans them."""
    spanned = [cell for cell in below.cells if cell.strip()]
    fits = len(header.cells) + len(spanned) - 1 == width and len(spanned) > 1
    return fits and is_header(header.cells) and not any(map(is_code, spanned))


def _two_lines(header: GridRow, below: GridRow) -> list[GridRow]:
    spanned = tuple(cell for cell in below.cells if cell.strip())
    named = [folded(cell) for cell in header.cells]
    at = next((named.index(name) for word in _SPANNING for name in named if name.startswith(word)), len(named) - 1)
    more = len(spanned) - 1
    first = (*header.cells[: at + 1], *[""] * more, *header.cells[at + 1 :])
    second = (*[""] * at, *spanned, *[""] * (len(header.cells) - at - 1))
    return [GridRow(first, header.line), GridRow(second, below.line)]
