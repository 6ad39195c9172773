"""A table of a DOCX file: cells on the grid that their spans tell, with the text of the tables nested in them."""

from lxml import etree

from services.planning.documents.document import Table, UnreadableDocument
from services.planning.documents.formats.docx.blocks import children, is_deleted
from services.planning.documents.formats.docx.names import W, number, value
from services.planning.documents.formats.docx.paragraphs import BOXES, Writing
from services.planning.documents.formats.grid import GridRow, Placed, narrow_columns_removed, table

MAX_SPAN = 63  # columns of a table in Word
NARROW = 120  # twentieths of a point: 2 mm
TOO_WIDE = "Tài liệu bất thường: có bảng nhiều cột hơn mức Word cho phép. Hãy lưu lại thành tệp mới rồi đọc lại."


def read_table(element: etree._Element, place: str, writing: Writing) -> Table | None:
    """None for a table without a cell."""
    rows: list[GridRow] = []
    for row in children(element, W + "tr"):
        if not is_deleted(row):
            rows.append(GridRow(f"{place}, hàng {len(rows) + 1}", _cells(row, writing)))
    widths = [int(width) if (width := str(column.get(W + "w", ""))).isdecimal() and len(width) < 7 else NARROW
              for column in element.iterfind(f"{W}tblGrid/{W}gridCol")]  # fmt: skip
    return table(narrow_columns_removed(rows, widths, NARROW), place)


def _cells(row: etree._Element, writing: Writing) -> list[Placed]:
    cells: list[Placed] = []
    at = max(number(row.find(W + "trPr"), "gridBefore") or 0, 0)
    for cell in children(row, W + "tc"):
        properties = cell.find(W + "tcPr")
        span = max(number(properties, "gridSpan") or 1, 1)
        if at + span > 10 * MAX_SPAN:
            raise UnreadableDocument(TOO_WIDE)
        if value(properties, "hMerge") in ("continue", "") and cells:  # how old files merge along a row
            cells[-1] = Placed(cells[-1].start, at + span, cells[-1].text, cells[-1].bold, cells[-1].continues)
        else:
            cells.append(_placed(cell, at, at + span, value(properties, "vMerge") in ("continue", ""), writing))
        at += span
    return cells


def _placed(cell: etree._Element, start: int, end: int, continues: bool, writing: Writing) -> Placed:
    read = [writing.read(paragraph) for paragraph in cell.iter(W + "p") if not _is_old_form(paragraph)]
    written = [one for one in read if one.line]
    bold = bool(written) and all(one.bold for one in written if one.text)
    return Placed(start, end, "\n".join(one.line for one in written), bold, continues)


def _is_old_form(paragraph: etree._Element) -> bool:
    """Whether a paragraph of a text box is the second form of one that was read already."""
    if next(paragraph.iterancestors(BOXES), None) is None:
        return False
    return any(str(above.tag).endswith("}Fallback") for above in paragraph.iterancestors())
