"""Tables of a Word document, written as XML in one pass: python-docx 1.2 searches the whole table for each cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from services.reporting.rendering.office_file import xml_text

TWIPS_PER_MM = 1440 / 25.4


@dataclass(frozen=True)
class Column:
    """A heading, a width in millimetres and how its cells are aligned: left, center or right."""

    heading: str
    width: float
    align: str = "right"


@dataclass(frozen=True)
class Cell:
    """Text that stands out, or that reaches over several columns."""

    text: str
    bold: bool = False
    italic: bool = False
    columns: int = 1


Row = Sequence[str | Cell]


def table(columns: Sequence[Column], rows: Iterable[Row], style: str) -> BaseOxmlElement:
    """A bordered table: its heading repeats on each page, its rows never break; `style` is a paragraph style's id."""
    heading = "".join(_cell(Cell(column.heading, bold=True), column.width, "center", style) for column in columns)
    body = "".join(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cells(row, columns, style)}</w:tr>" for row in rows)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}>{_properties(columns)}"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heading}</w:tr>{body}</w:tbl>"
    )


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


def _cells(row: Row, columns: Sequence[Column], style: str) -> str:
    written, at = [], 0
    for content in row:
        cell = Cell(content) if isinstance(content, str) else content
        covered = columns[at : at + cell.columns]
        align = covered[0].align if cell.columns == 1 else "left"
        written.append(_cell(cell, sum(column.width for column in covered), align, style))
        at += cell.columns
    return "".join(written)


def _cell(cell: Cell, width: float, align: str, style: str) -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    emphasis = ("<w:b/>" if cell.bold else "") + ("<w:i/>" if cell.italic else "")
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{emphasis}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(xml_text(cell.text))}</w:t></w:r></w:p></w:tc>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_PER_MM)
