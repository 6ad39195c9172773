"""Puts the lines and tables of all pages into one order: paragraphs, and tables, one that goes on over pages as one."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from services.planning.documents.document import Block, Paragraph
from services.planning.documents.formats.pdf.lines import Line, goes_on_in_next_column, paragraphs_of
from services.planning.documents.formats.pdf.page import Page, TableOnPage
from services.planning.documents.formats.table_grid import GridRow, Placed, table
from services.planning.documents.formats.text_cleaning import is_page_number

NUMBER_OF_A_PAGE = re.compile(r"\btrang\s*\d{1,3}(?:\s*/\s*\d{1,3})?$|^trang\s*\d{1,3}\b", re.IGNORECASE)
PAGE_OF_PAGES = re.compile(r"\btrang\s*\d{1,3}\s*/\s*\d{1,3}$", re.IGNORECASE)
SAME_END = 3.0  # points within which lines end at the same place
OFTEN = 3
SAME_COLUMN = 6.0  # points within which the columns of two pages are the same
PADDING = 5.4  # points between a cell's rule and its text, as Word has it
FOOTNOTE = re.compile(r"\d{1,2}\s+[^\W\d]")
SMALLER = 0.95  # of the height of the lines around it, a footnote
CUT_NUMBER = re.compile(r"\d{1,2}\.(?:\d{1,2}\.)+")
REST_OF_NUMBER = re.compile(r"\d{1,2}")


@dataclass(frozen=True)
class PageContent:
    """A table as far as it stands on one page, or a line outside tables."""

    page: int
    content: TableOnPage | Line


def blocks_of(pages: Sequence[Page]) -> Iterator[Block]:
    """Paragraphs and tables in their order; each first row of a further page has `page_begins`."""
    margins = _margins(pages)
    tables = 0
    for is_table, group in groupby(
        with_footnotes_behind(list(_contents(pages))), key=lambda part: isinstance(part.content, TableOnPage)
    ):
        if not is_table:
            yield from _paragraphs(list(group), margins)
            continue
        for parts in continued(list(group)):
            tables += 1
            if found := table(rows_of(parts, tables), f"trang {parts[0].page}, bảng {tables}"):
                yield found


def _contents(pages: Sequence[Page]) -> Iterator[PageContent]:
    repeated = _repeated(pages)
    for page in pages:
        edges = _edge_lines(page)
        contents: list[TableOnPage | Line] = [
            *(line for line in page.lines if not (line in edges and _is_repeated_or_number(line, repeated))),
            *page.tables,
        ]
        contents.sort(key=lambda found: found.read_at if isinstance(found, Line) else found.grid.ys[0])
        yield from (PageContent(page.number, content) for content in contents)


def with_footnotes_behind(contents: Sequence[PageContent]) -> list[PageContent]:
    """The footnotes between the parts of a table that goes on on the next page stand behind it."""
    ordered: list[PageContent] = []
    for _, group in groupby(contents, key=lambda part: isinstance(part.content, TableOnPage)):
        parts = list(group)
        notes = ordered[_last_table(ordered) + 1 :]
        above = ordered[-len(notes) - 1] if 0 < len(notes) < len(ordered) else None
        is_below = above and parts[0].page == above.page + 1 and _goes_on(above, parts[0])
        if above and is_below and _are_footnotes(notes, above, parts[0]):
            ordered[-len(notes) :] = [parts[0], *notes]
            parts = parts[1:]
        ordered += parts
    return ordered


def _last_table(parts: Sequence[PageContent]) -> int:
    return max((at for at, part in enumerate(parts) if isinstance(part.content, TableOnPage)), default=-1)


def _are_footnotes(parts: Sequence[PageContent], above: PageContent, below: PageContent) -> bool:
    """Whether they are in smaller print than the table, or the table on the next page says that it goes on."""
    first = parts[0].content
    if not isinstance(first, Line) or not FOOTNOTE.match(first.text) or any(part.page != above.page for part in parts):
        return False
    tables = [part.content for part in (above, below) if isinstance(part.content, TableOnPage)]
    heights = [line.height for table in tables for lines in table.lines.values() for line in lines]
    return tables[-1].goes_on or (bool(heights) and first.height < SMALLER * median(heights))


def _edge_lines(page: Page) -> list[Line]:
    """The first and the last line of a page, unless a table is above or below them."""
    top = min((found.grid.ys[0] for found in page.tables), default=float("inf"))
    bottom = max((found.grid.ys[-1] for found in page.tables), default=float("-inf"))
    first = [line for line in page.lines[:1] if line.top < top]
    return first + [line for line in page.lines[-1:] if line.bottom > bottom]


def _repeated(pages: Sequence[Page]) -> set[str]:
    seen = Counter(_without_number(line) for page in pages for line in set(_edge_lines(page)))
    counted = {_without_number(line) for page in pages for line in _edge_lines(page) if PAGE_OF_PAGES.search(line.text)}
    often = max(OFTEN, len(pages) // 2)
    return {text for text, count in seen.items() if count >= (2 if text in counted else often)}


def _is_repeated_or_number(line: Line, repeated: set[str]) -> bool:
    rest = _without_number(line)
    return is_page_number(line.text) or rest in repeated or not rest.strip(" |-–")


def _without_number(line: Line) -> str:
    """ "Kế hoạch năm 2026 | Trang 3" is the same on each page."""
    return NUMBER_OF_A_PAGE.sub("", line.text)


def _margins(pages: Sequence[Page]) -> dict[int, tuple[float, float]]:
    """The left and right end of the text of each page, from all pages of its width."""
    by_width: dict[int, list[Page]] = {}
    for page in pages:
        by_width.setdefault(round(page.width), []).append(page)
    margins: dict[int, tuple[float, float]] = {}
    for alike in by_width.values():
        lines = [line for page in alike for line in page.lines]
        left = -_reached([-line.left for line in lines])
        margins |= {page.number: (left, _reached([line.right for line in lines])) for page in alike}
    return margins


def _reached(ends: Sequence[float]) -> float:
    """The furthest place that several lines reach; a single one may stick out."""
    ends = sorted(ends, reverse=True)
    together = (end for end, other in zip(ends, ends[OFTEN - 1 :], strict=False) if end - other < SAME_END)
    return next(together, ends[0] if ends else 0.0)


def _paragraphs(parts: Sequence[PageContent], margins: dict[int, tuple[float, float]]) -> Iterator[Paragraph]:
    page_of = {id(part.content): part.page for part in parts}
    last: Paragraph | None = None
    for ends, group in groupby(parts, key=lambda part: _ends_of_column(part, margins)):
        lines = [part.content for part in group if isinstance(part.content, Line)]
        for at, found in enumerate(paragraphs_of(lines, *ends)):
            if last and at == 0 and goes_on_in_next_column(last.text, found.text):
                last = replace(last, text=f"{last.text} {found.text}")
                continue
            if last:
                yield last
            last = Paragraph(found.text, f"trang {page_of[id(found.first)]}", bold=found.bold)
    if last:
        yield last


def _ends_of_column(part: PageContent, margins: dict[int, tuple[float, float]]) -> tuple[float, float]:
    column = part.content.column if isinstance(part.content, Line) else None
    return column or margins[part.page]


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
        abs(few[0] - many[0]) < SAME_COLUMN
        and abs(few[-1] - many[-1]) < SAME_COLUMN
        and all(any(abs(x - other) < SAME_COLUMN for other in many) for x in few)
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
