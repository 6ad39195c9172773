"""Makes a table of rows of raw cells: equally long, with clean texts and marks where a page begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.planning.documents.document import Cell, Row, Table
from services.planning.documents.formats.plain_text.line_kinds import is_code, is_header
from services.planning.documents.formats.plain_text.lines import Note, place, plain
from shared.vietnamese import folded

_SPANNING = ("phân công", "trách nhiệm", "tổ chức thực hiện", "cơ quan", "đơn vị", "thời gian")


@dataclass(frozen=True)
class TextRow:
    """`merged`: its only text reaches over all columns."""

    cells: tuple[str, ...]
    line: int
    merged: bool = False


def table_of(rows: Sequence[TextRow], width: int) -> Table:
    """Shorter rows get empty cells at the right; none is longer than `width`. A repeated header stays in the table."""
    begins = page_beginnings(rows)
    return Table(
        tuple(_row(row, width, index in begins) for index, row in enumerate(rows)),
        place(rows[0].line),
    )


def page_beginnings(rows: Sequence[TextRow]) -> set[int]:
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


def same_header(row: TextRow, header: TextRow) -> bool:
    same_first = plain(row.cells[0])[0].casefold() == plain(header.cells[0])[0].casefold()  # quick, and mostly False
    return same_first and same_cells(row, header) and is_header(header.cells)


def same_cells(one: TextRow, other: TextRow) -> bool:
    return one.cells == other.cells or _shown(one) == _shown(other)


def _shown(row: TextRow) -> list[str]:
    if sum(map(len, row.cells)) > 2000:  # no header is so long
        return [str(id(row))]
    texts = [folded(plain(cell)[0]) for cell in row.cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _row(row: TextRow, width: int, page_begins: bool) -> Row:
    cells = [Cell(*plain(cell)) for cell in row.cells]
    missing = Cell(covered="left") if row.merged else Cell()
    return Row(tuple(cells + [missing] * (width - len(cells))), place(row.line), page_begins)


def aligned(rows: Sequence[TextRow], width: int, notes: list[Note]) -> list[TextRow]:
    """Puts rows with another number of cells than `width` where they most likely belong, with a note.

    Groups of a number and a title are usual and not noted.
    """
    grid = list(rows)
    if len(grid) > 1 and _is_second_line(grid[0], grid[1], width):
        grid[:2] = _two_lines(grid[0], grid[1])
    return [_aligned(row, width, index, notes) for index, row in enumerate(grid)]


def narrowed(row: TextRow, width: int, notes: list[Note]) -> TextRow:
    """At most `width` cells: what is beyond stays in the last one, with a note."""
    count = len(row.cells)
    if count <= width:
        return row
    notes.append(Note(row.line, f"hàng có {count} ô trong khi bảng có {width} cột, phần thừa ở ô cuối."))
    return TextRow((*row.cells[: width - 1], "\n".join(row.cells[width - 1 :])), row.line)


def _aligned(row: TextRow, width: int, index: int, notes: list[Note]) -> TextRow:
    count = len(row.cells)
    if count == width or (count == 2 and is_code(row.cells[0])):
        return row
    if count > width:
        return narrowed(row, width, notes)
    if is_code(row.cells[0]) or not row.cells[0].strip() or is_header(row.cells):
        cells, how = row.cells, "các ô cuối để trống"
    elif count > 1:
        cells, how = ("",) * (width - count) + row.cells, "các ô đầu để trống"
    elif index:
        return TextRow(row.cells, row.line, merged=True)
    else:
        cells, how = ("", *row.cells), "ô đầu để trống"
    notes.append(Note(row.line, f"hàng có {count} ô trong khi bảng có {width} cột, {how}."))
    return TextRow(cells, row.line)


def _is_second_line(header: TextRow, below: TextRow, width: int) -> bool:
    """The header's second line holds only the columns under one cell that spans them."""
    spanned = [cell for cell in below.cells if cell.strip()]
    fits = len(header.cells) + len(spanned) - 1 == width and len(spanned) > 1
    return fits and is_header(header.cells) and not any(map(is_code, spanned))


def _two_lines(header: TextRow, below: TextRow) -> list[TextRow]:
    spanned = tuple(cell for cell in below.cells if cell.strip())
    named = [folded(cell) for cell in header.cells]
    at = next((named.index(name) for word in _SPANNING for name in named if name.startswith(word)), len(named) - 1)
    more = len(spanned) - 1
    first = (*header.cells[: at + 1], *[""] * more, *header.cells[at + 1 :])
    second = (*[""] * at, *spanned, *[""] * (len(header.cells) - at - 1))
    return [TextRow(first, header.line), TextRow(second, below.line)]
