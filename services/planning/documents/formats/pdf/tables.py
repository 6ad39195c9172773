"""Makes rows of the tables on PDF pages: one that continues over pages is one table, without repeated headers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.planning.documents.formats.pdf.lines import Line, paragraphs_of
from services.planning.documents.formats.pdf.page import TableOnPage
from services.planning.documents.formats.table_grid import GridRow, Placed

NEAR = 6.0  # points within which the columns of two pages are the same
PADDING = 5.4  # points between a cell's rule and its text, as Word has it
CUT_NUMBER = re.compile(r"\d{1,2}\.(?:\d{1,2}\.)+")
REST_OF_NUMBER = re.compile(r"\d{1,2}")


@dataclass(frozen=True)
class PageContent:
    """A table as far as it stands on one page, or a line outside tables."""

    page: int
    content: TableOnPage | Line


def continued(parts: Sequence[PageContent]) -> Iterator[list[PageContent]]:
    """The parts of each table: one at the top of a page continues the one before it if the columns match."""
    together: list[PageContent] = []
    for part in parts:
        if together and (part.page == together[-1].page or not _goes_on(together[-1], part)):
            yield together
            together = []
        together.append(part)
    if together:
        yield together


def _goes_on(before: PageContent, part: PageContent) -> bool:
    xs, others = _xs(before), _xs(part)
    is_marked = isinstance(part.content, TableOnPage) and part.content.goes_on and len(xs) == len(others)
    return is_marked or _match(xs, others)


def _xs(part: PageContent) -> Sequence[float]:
    return part.content.grid.xs if isinstance(part.content, TableOnPage) else ()


def _match(xs: Sequence[float], others: Sequence[float]) -> bool:
    """Whether two tables are equally wide and the columns of one are those of the other, or some of them merged."""
    few, many = sorted((xs, others), key=len)
    return (
        abs(few[0] - many[0]) < NEAR
        and abs(few[-1] - many[-1]) < NEAR
        and all(any(abs(x - other) < NEAR for other in many) for x in few)
    )


def rows_of(parts: Sequence[PageContent], number: int) -> list[GridRow]:
    """The rows of a table's parts; the first rows of the table are its header, left out where a page repeats them."""
    rows = list(_rows(parts[0], parts, number))
    first = rows[:]
    for part in parts[1:]:
        further = list(_rows(part, parts, number))
        again = 0
        while again < min(len(first), len(further) - 1) and _texts(further[again]) == _texts(first[again]):
            again += 1
        first_row = _with_merged_cells(rows[-1], *further[again : again + 2])
        rows[-1:] = _with_whole_number(rows[-1], replace(first_row, page_begins=True))
        rows += further[again + 1 :]
    return rows


def _with_merged_cells(last: GridRow, row: GridRow, below: GridRow | None = None) -> GridRow:
    """The first row of a page: an empty cell that is merged with the one above or below goes on from the last page."""
    merged = {cell.start for each in (last, below) if each for cell in each.cells if cell.continues}
    cells = [replace(cell, continues=not cell.text and cell.start in merged) for cell in row.cells]
    return replace(row, cells=cells) if any(cell.text for cell in row.cells) else row


def _with_whole_number(last: GridRow, row: GridRow) -> tuple[GridRow, GridRow]:
    """Two rows between which the page changes. A number too long for its column is cut like every other text."""
    if not last.cells or not row.cells or not CUT_NUMBER.fullmatch(last.cells[0].text):
        return last, row
    number, rest = last.cells[0], row.cells[0]
    if not REST_OF_NUMBER.fullmatch(rest.text):
        return last, row
    whole = replace(number, text=number.text + rest.text)
    return (
        replace(last, cells=(whole, *last.cells[1:])),
        replace(row, cells=(replace(rest, text=""), *row.cells[1:])),
    )


def _texts(row: GridRow) -> list[str]:
    return [cell.text for cell in row.cells]


def _rows(part: PageContent, parts: Sequence[PageContent], number: int) -> Iterator[GridRow]:
    assert isinstance(part.content, TableOnPage)
    grid, lines = part.content.grid, part.content.lines
    widest = max((_xs(one) for one in parts), key=len)
    columns = [_nearest(widest, x) for x in grid.xs]
    rows: list[list[Placed]] = [[] for _ in grid.ys[:-1]]
    for place, cell in enumerate(grid.cells):
        found = paragraphs_of(lines.get(place, []), grid.xs[cell.left] + PADDING, grid.xs[cell.right] - PADDING)
        text = "\n".join(paragraph.text for paragraph in found)
        bold = bool(found) and all(paragraph.bold for paragraph in found)
        first = Placed(columns[cell.left], columns[cell.right], text, bold)
        rows[cell.top].append(first)
        for below in range(cell.top + 1, cell.bottom):
            rows[below].append(replace(first, text="", bold=False, continues=True))
    for row, cells in enumerate(rows, 1):
        place_of = f"trang {part.page}, bảng {number}, hàng {row}"
        yield GridRow(place_of, sorted(cells, key=lambda cell: cell.start))


def _nearest(places: Sequence[float], x: float) -> int:
    return min(range(len(places)), key=lambda number: abs(places[number] - x))
