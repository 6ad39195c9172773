"""Puts the lines and tables of all pages in one order, as paragraphs and as tables that may continue over pages."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from services.planning.documents.document import Block, Paragraph
from services.planning.documents.formats.pdf.lines import Line
from services.planning.documents.formats.pdf.page import Page, TableOnPage
from services.planning.documents.formats.pdf.paragraphs import goes_on_in_next_column, paragraphs_of
from services.planning.documents.formats.pdf.tables import PageContent, continued, rows_of
from services.planning.documents.formats.table_grid import table
from services.planning.documents.formats.text_cleaning import is_page_number

NEAR = 3.0  # points within which lines end at the same place
OFTEN = 3


def blocks_of(pages: Sequence[Page]) -> Iterator[Block]:
    """Paragraphs and tables in their order; each first row of a further page has `page_begins`."""
    margins = _margins(pages)
    tables = 0
    for is_table, group in groupby(_contents(pages), key=lambda part: isinstance(part.content, TableOnPage)):
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


def _edge_lines(page: Page) -> list[Line]:
    """The first and the last line of a page, unless a table is above or below them."""
    top = min((found.grid.ys[0] for found in page.tables), default=float("inf"))
    bottom = max((found.grid.ys[-1] for found in page.tables), default=float("-inf"))
    first = [line for line in page.lines[:1] if line.top < top]
    return first + [line for line in page.lines[-1:] if line.bottom > bottom]


def _repeated(pages: Sequence[Page]) -> set[str]:
    seen = Counter(line.text for page in pages for line in set(_edge_lines(page)))
    return {text for text, count in seen.items() if count >= max(OFTEN, len(pages) // 2)}


def _is_repeated_or_number(line: Line, repeated: set[str]) -> bool:
    return is_page_number(line.text) or line.text in repeated


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
    together = (end for end, other in zip(ends, ends[OFTEN - 1 :], strict=False) if end - other < NEAR)
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
