"""Tables of a Word document, written as XML in one pass: python-docx 1.2 searches the whole table for each cell."""

from collections.abc import Iterator, Sequence
from html import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from services.reporting.rendering.blocks.block import Cell, Grid, Row, TableColumn, cells_by_column, heading_rows
from shared.printable import printable

TWIPS_PER_MM = 1440 / 25.4
_STYLES = {"text": "TableText", "dense": "TableText", "small": "AnnexText"}  # the ids of paragraph styles
_DENSE = '<w:sz w:val="20"/><w:szCs w:val="20"/>'  # 10 points
_SIDES = {"text": 57, "dense": 28, "small": 57}  # twips between a cell's text and its edge
_NO_BREAK = "<w:trPr><w:cantSplit/></w:trPr>"
_HEADING = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"


def table(grid: Grid) -> BaseOxmlElement:
    """A bordered table: its heading repeats on each page, its rows never break."""
    style = _STYLES[grid.size]
    heading = "".join(f"<w:tr>{_HEADING}{row}</w:tr>" for row in _headings(grid.columns, style))
    rows = [f"<w:tr>{_NO_BREAK}{_row(row, grid.columns, style)}</w:tr>" for row in grid.rows]
    rows = [_with_next(row, style) if '<w:vMerge w:val="restart"/>' in row else row for row in rows]
    above, last = f"{heading}{''.join(rows[:-1])}", "".join(rows[-1:])
    above = _with_next(above, style) if grid.whole else above
    written = f"{above}{last}"
    if grid.size == "dense":
        written = written.replace("</w:rPr>", f"{_DENSE}</w:rPr>")
    return parse_xml(f"<w:tbl {nsdecls('w')}>{_properties(grid.columns, _SIDES[grid.size])}{written}</w:tbl>")


def _with_next(rows: str, style: str) -> str:
    """Their paragraphs stay on the page of the next one."""
    named = f'<w:pStyle w:val="{style}"/>'
    return rows.replace(f"{named}<w:keepNext/>", named).replace(named, f"{named}<w:keepNext/>")


def _properties(columns: Sequence[TableColumn], side: int) -> str:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    sides = "".join(f'<w:{edge} w:w="{side}" w:type="dxa"/>' for edge in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{_twips(column.width)}"/>' for column in columns)
    width = sum(_twips(column.width) for column in columns)
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )


def _headings(columns: Sequence[TableColumn], style: str) -> Iterator[str]:
    """Word needs a cell with vMerge in each row that a cell above extends into."""
    for row in cells_by_column(heading_rows(columns)):
        written, at = [], 0
        while at < len(columns):
            cell = row.get(at)
            covered = columns[at : at + (cell.columns if cell else 1)]
            merged = "<w:vMerge/>" if cell is None else '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
            width = sum(column.width for column in covered)
            written.append(_cell(cell or Cell(""), width, "center", style, merged))
            at += len(covered)
        yield "".join(written)


def _row(row: Row, columns: Sequence[TableColumn], style: str) -> str:
    """A row below a cell of two rows has none of its own in that cell's place: the first."""
    cells = [Cell(content) if isinstance(content, str) else content for content in row]
    at = len(columns) - sum(cell.columns for cell in cells)
    written = [_cell(Cell(""), columns[0].width, "center", style, "<w:vMerge/>")] if at else []
    for cell in cells:
        covered = columns[at : at + cell.columns]
        align = covered[0].align if cell.columns == 1 else "left"
        merged = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
        written.append(_cell(cell, sum(column.width for column in covered), align, style, merged))
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
