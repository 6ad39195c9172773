"""Reads one page of a PDF file: its lines of text, and its ruled tables with the lines in each of their cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.planning.documents.formats.pdf.grids import Grid, grids_in
from services.planning.documents.formats.pdf.lines import Line, lines_of
from services.planning.documents.formats.pdf.ruled_lines import rules_on
from services.planning.documents.formats.pdf.text_columns import lines_in_order
from services.planning.documents.formats.pdf.text_layer import Piece, text_layer
from services.planning.documents.formats.pdf.unruled_headers import has_header
from services.planning.documents.formats.pdf.unruled_tables import OpenColumns, UnruledTable, unruled_table
from services.planning.documents.formats.refusals import DAMAGED
from shared.office_files.unreadable import UnreadableDocument

FEW_LETTERS = 10
SCANNED_SHARE = 0.4
MAX_DEPTH = 5  # of drawings within drawings


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
    has_columns: bool = False


def read_page(file: pdfium.PdfDocument, number: int, columns_before: OpenColumns | None = None) -> Page:
    """The page of a number, from 1. `columns_before`: the `open_columns` of the page before."""
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
        unruled = unruled_table(outside, columns_before)
        if unruled:
            tables.append(_table_without_rules(unruled))
            inside_it = set(map(id, unruled.pieces))
            outside = [piece for piece in outside if id(piece) not in inside_it]
        lines, has_columns = lines_in_order(outside)
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
            has_columns,
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
