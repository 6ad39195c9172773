"""Reads one page of a PDF file: its lines, the left of two columns of text first, and its tables with their cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.planning.documents.formats.pdf.grids import Grid, grids_in, rules_on
from services.planning.documents.formats.pdf.lines import Line, lines_of, rows_in, words_in
from services.planning.documents.formats.pdf.text_layer import Piece, text_layer
from services.planning.documents.formats.pdf.unruled_rows import has_header
from services.planning.documents.formats.pdf.unruled_tables import OpenColumns, UnruledTable, unruled_table
from services.planning.documents.formats.refusals import DAMAGED
from shared.office_files.unreadable import UnreadableDocument

LEAST_LINES = 6  # in each column: the head of a letter and its signature have fewer
LEAST_LINES_GOING_ON = 2  # where the page before has columns at the same places
LEAST_SHARE = 0.4  # of the lines of the longer column that the shorter one has
TABLE_SHARE = 1.2  # columns of text for each printed line of one
GUTTER = 8.0  # points
MIDDLE = (0.3, 0.7)  # of the width of the text

Span = tuple[float, float]
FEW_LETTERS = 10
SCANNED_SHARE = 0.4
MAX_DEPTH = 5  # of drawings within drawings


@dataclass(frozen=True)
class _Columns:
    """Printed lines from `first` up to but not with `end`, and the white line between their columns."""

    first: int
    end: int
    gutter: Span


def lines_in_order(pieces: Sequence[Piece], gutter_before: Span | None = None) -> tuple[list[Line], Span | None]:
    """The lines as they are read, and the white line between the last two columns, None without columns.

    `gutter_before`: of the page before, whose columns may end on this page after a few lines.
    """
    rows = rows_in(pieces)
    lines: list[Line] = []
    done, gutter = 0, None
    for columns in _columns_in(rows, gutter_before):
        lines += lines_of(_pieces(rows[done : columns.first]), has_columns=True)
        lines += _one_after_the_other(_pieces(rows[columns.first : columns.end]), columns.gutter)
        done, gutter = columns.end, columns.gutter
    return [*lines, *lines_of(_pieces(rows[done:]), has_columns=True)], gutter


def _pieces(rows: Sequence[Sequence[Piece]]) -> list[Piece]:
    return [piece for row in rows for piece in row]


def _columns_in(rows: Sequence[Sequence[Piece]], gutter_before: Span | None) -> Iterator[_Columns]:
    """Printed lines one below the other with the same white line in the middle of the page, and text at both sides."""
    left = min((piece.left for row in rows for piece in row), default=0.0)
    right = max((piece.right for row in rows for piece in row), default=0.0)
    middle = left + MIDDLE[0] * (right - left), left + MIDDLE[1] * (right - left)
    first, gutter = 0, middle
    for at in range(len(rows) + 1):
        white = _white(rows[at], gutter) if at < len(rows) else (0.0, 0.0)
        if white[1] - white[0] >= GUTTER:
            gutter = white
            continue
        if _are_columns(rows[first:at], gutter, gutter_before):
            yield _Columns(first, at, gutter)
        first, gutter = at, middle
        if at < len(rows):
            alone = _white(rows[at], middle)
            first, gutter = (at, alone) if alone[1] - alone[0] >= GUTTER else (at + 1, middle)


def _white(row: Sequence[Piece], within: Span) -> Span:
    """The widest white part of a printed line between two places."""
    words = words_in(sorted(row, key=lambda piece: piece.left))
    spans = [(word[0].left, max(piece.right for piece in word)) for word in words]
    inside = [span for span in spans if span[1] > within[0] and span[0] < within[1]]
    ends = [within[0], *(right for _, right in inside)]
    begins = [*(left for left, _ in inside), within[1]]
    return max(zip(ends, begins, strict=True), key=lambda span: span[1] - span[0])


def _is_prose(column: Sequence[Piece]) -> bool:
    """Whether the lines of a column have no columns of their own, as those of a table do."""
    return len(lines_of(column, has_columns=True)) <= TABLE_SHARE * len(rows_in(column))


def _are_columns(rows: Sequence[Sequence[Piece]], gutter: Span, before: Span | None) -> bool:
    lefts = sum(any(piece.right <= gutter[0] + 1 for piece in row) for row in rows)
    rights = sum(any(piece.left >= gutter[1] - 1 for piece in row) for row in rows)
    goes_on = before is not None and min(gutter[1], before[1]) - max(gutter[0], before[0]) >= GUTTER
    least = LEAST_LINES_GOING_ON if goes_on else max(LEAST_LINES, LEAST_SHARE * max(lefts, rights))
    if min(lefts, rights) < least:
        return False
    middle, pieces = sum(gutter) / 2, _pieces(rows)
    left, right = ([p for p in pieces if (p.middle < middle) == is_left] for is_left in (True, False))
    return _is_prose(left) and _is_prose(right)


def _one_after_the_other(pieces: Sequence[Piece], gutter: Span) -> list[Line]:
    """`read_at` puts them in this order among the other contents of the page."""
    middle = sum(gutter) / 2
    left = [piece for piece in pieces if piece.middle < middle]
    right = [piece for piece in pieces if piece.middle >= middle]
    columns = ((_ends(column), lines_of(column)) for column in (left, right))
    lines = [replace(line, column=ends) for ends, found in columns for line in found]
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    step = (bottom - top) / len(lines)
    return [replace(line, read_at=top + at * step) for at, line in enumerate(lines)]


def _ends(column: Sequence[Piece]) -> Span:
    return min(piece.left for piece in column), max(piece.right for piece in column)


@dataclass(frozen=True)
class TableOnPage:
    """`lines` by the number of their cell in `grid.cells`."""

    grid: Grid
    lines: dict[int, list[Line]]
    goes_on: bool = False  # continues the table above it, as its header shows


@dataclass(frozen=True)
class Page:
    """`tables` and `lines` (those outside tables) are in the order in which they are read."""

    number: int
    width: float
    lines: list[Line]
    tables: list[TableOnPage]
    letters: int
    is_unknown: bool
    is_scanned: bool
    is_drawing: bool  # has more rules than tables have
    open_columns: OpenColumns | None = None  # of a table without rules that the page ends with
    has_unread_table: bool = False
    old_fonts: Sequence[str] = ()
    has_table_without_numbers: bool = False
    gutter: Span | None = None  # the white line between two columns of text


def read_page(file: pdfium.PdfDocument, number: int, before: Page | None = None) -> Page:
    """The page of a number, from 1; `before`: the page before it, whose columns may go on."""
    try:
        page = file[number - 1]
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(DAMAGED) from error
    try:
        layer = text_layer(page)
        rules = rules_on(page) if layer.pieces else []
        grids = grids_in(rules or [])
        inside, outside = _sorted_into(grids, layer.pieces)
        is_scanned = layer.letters < FEW_LETTERS and _image_share(page) > SCANNED_SHARE
        tables = [
            TableOnPage(grid, {cell: lines_of(within) for cell, within in cells.items()})
            for grid, cells in zip(grids, inside, strict=True)
        ]
        unruled = unruled_table(outside, before.open_columns if before else None)
        if unruled:
            tables.append(_table_without_rules(unruled))
            inside_it = set(map(id, unruled.pieces))
            outside = [piece for piece in outside if id(piece) not in inside_it]
        lines, gutter = lines_in_order(outside, before.gutter if before else None)
        return Page(
            number,
            page.get_width(),
            lines,
            tables,
            layer.letters,
            layer.is_unknown,
            is_scanned,
            rules is None,
            unruled.columns if unruled and unruled.ends_the_page else None,
            has_header(outside),
            layer.old_fonts,
            unruled is not None and not unruled.columns.has_numbers,
            gutter,
        )
    finally:
        page.close()


def _table_without_rules(found: UnruledTable) -> TableOnPage:
    (cells,), _ = _sorted_into([found.grid], list(found.pieces))
    return TableOnPage(found.grid, {cell: lines_of(within) for cell, within in cells.items()}, found.goes_on)


def _sorted_into(grids: list[Grid], pieces: list[Piece]) -> tuple[list[dict[int, list[Piece]]], list[Piece]]:
    """The pieces of text in each cell of each grid, and those in none."""
    inside: list[dict[int, list[Piece]]] = [{} for _ in grids]
    outside: list[Piece] = []
    for piece in pieces:
        for grid, cells in zip(grids, inside, strict=True):
            if (cell := grid.cell_at(piece.middle, piece.centre)) is not None:
                cells.setdefault(cell, []).append(piece)
                break
        else:
            outside.append(piece)
    return inside, outside


def _image_share(page: pdfium.PdfPage) -> float:
    """How much of the page its images cover; a scan is sometimes cut into strips."""
    covered = sum(abs((right - left) * (top - bottom)) for left, bottom, right, top in _image_bounds(page))
    width, height = page.get_size()
    return covered / (width * height) if width and height else 0.0


def _image_bounds(page: pdfium.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    for image in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=MAX_DEPTH):
        try:
            yield image.get_bounds()
        except pdfium.PdfiumError:
            continue
