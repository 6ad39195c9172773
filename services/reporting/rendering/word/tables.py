"""Tables of a Word document, written as XML in one pass: python-docx 1.2 searches the whole table for each cell."""

from collections.abc import Iterator, Sequence
from html import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from services.reporting.rendering.blocks import Cell, Column, Grid, Row, heading_rows, placed
from services.reporting.rendering.printable import printable

TWIPS_PER_MM = 1440 / 25.4
_STYLES = {"text": "TableText", "small": "AnnexText"}  # the ids of paragraph styles
_NO_BREAK = "<w:trPr><w:cantSplit/></w:trPr>"
_HEADING = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"


def table(grid: Grid) -> BaseOxmlElement:
    """A bordered table: its heading repeats on each page, its rows never break."""
    style = _STYLES[grid.size]
    heading = "".join(f"<w:tr>{_HEADING}{row}</w:tr>" for row in _headings(grid.columns, style))
    body = "".join(f"<w:tr>{_NO_BREAK}{_cells(row, grid.columns, style)}</w:tr>" for row in grid.rows)
    return parse_xml(f"<w:tbl {nsdecls('w')}>{_properties(grid.columns)}{heading}{body}</w:tbl>")


def _properties(columns: Sequence[Column]) -> str:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    sides = "".join(f'<w:{side} w:w="57" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{_twips(column.width)}"/>' for column in columns)
    width = sum(_twips(column.width) for column in columns)
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )


def _headings(columns: Sequence[Column], style: str) -> Iterator[str]:
    """Word wants a cell wherever one above reaches into the row, which says that it goes on."""
    for row in placed(heading_rows(columns)):
        written, at = [], 0
        while at < len(columns):
            cell = row.get(at)
            covered = columns[at : at + (cell.columns if cell else 1)]
            merged = "<w:vMerge/>" if cell is None else '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
            width = sum(column.width for column in covered)
            written.append(_cell(cell or Cell(""), width, "center", style, merged))
            at += len(covered)
        yield "".join(written)


def _cells(row: Row, columns: Sequence[Column], style: str) -> str:
    written, at = [], 0
    for content in row:
        cell = Cell(content) if isinstance(content, str) else content
        covered = columns[at : at + cell.columns]
        align = covered[0].align if cell.columns == 1 else "left"
        written.append(_cell(cell, sum(column.width for column in covered), align, style))
        at += cell.columns
    return "".join(written)


def _cell(cell: Cell, width: float, align: str, style: str, merged: str = "") -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    emphasis = ("<w:b/>" if cell.bold else "") + ("<w:i/>" if cell.italic else "")
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{span}{merged}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{emphasis}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(printable(cell.text))}</w:t></w:r></w:p></w:tc>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_PER_MM)
