"""Reads the paragraphs and tables of a DOCX file's body in their order, and notes the parts that are not read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from services.planning.documents.document import Block, Cell, Paragraph, Row, Table
from services.planning.documents.formats.docx.elements import BOXES, W, boxes, children, is_deleted, number, value
from services.planning.documents.formats.docx.paragraphs import ParagraphReader, SeenParagraph
from services.planning.documents.formats.plain_text.line_kinds import is_header, is_number_column, is_signature
from services.planning.documents.formats.table_grid import (
    GridRow,
    Placed,
    narrow_columns_removed,
    table,
    with_nested_rows,
)
from services.planning.documents.formats.text_cleaning import OLD_FONT, STRUCK, first_words
from shared.office_files.unreadable import UnreadableDocument

_TABS = re.compile(r"[ ]*\t[\t ]*")
_NUMBER = re.compile(r"(\(?[\dIVX][\d.IVX]*[.)]?)\s+(?=\S)")
_LEAST_COLUMNS = 3
OTHER_WIDTH = "{place}: dòng có {found} ô, tiêu đề bảng có {width} cột; hãy đối chiếu với văn bản gốc."
MAX_SPAN = 63  # columns of a table in Word
NARROW = 120  # twentieths of a point: 2 mm
TOO_WIDE = "Tài liệu bất thường: có bảng nhiều cột hơn mức Word cho phép. Hãy lưu lại thành tệp mới rồi đọc lại."
ROWS_OF_A_FRAME, COLUMNS_OF_A_FRAME, COLUMNS_OF_TASKS = 3, 2, 3
NESTED = "{place}: có bảng lồng bên trong ô, được đọc như chữ của ô."
FOOTNOTES = "Tài liệu có {count} chú thích ở chân trang hoặc cuối bài; phần này không được đọc."
FOOTNOTE = "{place}: chú thích ở chân trang không được đọc, cần xem có đổi thời hạn hay cơ quan không: “{text}”."
IMPORTED = (
    "Tài liệu có {count} phần được chèn từ tệp khác; phần này không được đọc. Hãy mở bằng Word, lưu lại rồi đọc lại."
)
EMBEDDED = "Tài liệu có {count} đối tượng nhúng (như bảng Excel); nội dung trong đó không được đọc."
_KEYS = re.compile(
    r"\W*(?:(?:cơ quan|đơn vị) )?(?:chủ trì|phối hợp|thời (?:gian|hạn)|sản phẩm|kết quả)\b", re.IGNORECASE
)
_MARK = re.compile(r"^[-+•]\s*(?=\S)")


class BlockReader:
    """The blocks of one document in their order; `notes` tell where text was left out or converted."""

    def __init__(self, reader: ParagraphReader) -> None:
        self.notes: list[str] = []
        self._reader = reader
        self._paragraphs = self._tables = 0

    def blocks_of(self, container: etree._Element) -> Iterator[Block]:
        """The blocks of the body, of a cell or of a text box; those of a table that is only a frame, in its place."""
        for element in children(container, W + "p", W + "tbl"):
            if element.tag == W + "p":
                yield from self._paragraph(element)
                for box in boxes(element):
                    yield from self.blocks_of(box)
            elif is_frame(element):
                for cell in _cells_of(element):
                    yield from self.blocks_of(cell)
            else:
                self._tables += 1
                if found := self._table(element, f"bảng {self._tables}"):
                    yield found

    def _paragraph(self, element: etree._Element) -> Iterator[Paragraph]:
        written = self._reader.read(element)
        if written is None:
            return
        place = f"đoạn {self._paragraphs + bool(written.text)}"
        self._note(place, written)
        if written.text:
            self._paragraphs += 1
            yield Paragraph(written.text, place, written.number, written.bold)

    def _note(self, place: str, written: SeenParagraph) -> None:
        if written.struck:
            self.notes.append(STRUCK.format(place=place, text=first_words(written.struck)))
        if written.footnote:
            self.notes.append(FOOTNOTE.format(place=place, text=first_words(written.footnote)))
        if written.old_font:
            self.notes.append(OLD_FONT.format(place=place, font=written.old_font))

    def _table(self, element: etree._Element, place: str) -> Table | None:
        """Cells on the grid that their spans give, with the text of the tables nested in them; None without a cell."""
        rows: list[GridRow] = []
        for row in children(element, W + "tr"):
            if not is_deleted(row):
                at = f"{place}, hàng {len(rows) + 1}"
                rows.append(GridRow(at, self._cells(row, at)))
        widths = [int(width) if (width := str(column.get(W + "w", ""))).isdecimal() and len(width) < 7 else NARROW
                  for column in element.iterfind(f"{W}tblGrid/{W}gridCol")]  # fmt: skip
        return table(narrow_columns_removed(*with_nested_rows(rows, widths), NARROW), place)

    def _cells(self, row: etree._Element, place: str) -> list[Placed]:
        cells: list[Placed] = []
        at = max(number(row.find(W + "trPr"), "gridBefore") or 0, 0)
        for cell in children(row, W + "tc"):
            properties = cell.find(W + "tcPr")
            span = max(number(properties, "gridSpan") or 1, 1)
            if at + span > 10 * MAX_SPAN:
                raise UnreadableDocument(TOO_WIDE)
            if value(properties, "hMerge") in ("continue", "") and cells:  # how old files merge along a row
                cells[-1] = replace(cells[-1], end=at + span)
            else:
                continues = value(properties, "vMerge") in ("continue", "")
                cells.append(self._placed(cell, Placed(at, at + span, continues=continues), place))
            at += span
        return cells

    def _placed(self, cell: etree._Element, empty: Placed, place: str) -> Placed:
        read = {each: self._reader.read(each) for each in cell.iter(W + "p") if not _is_old_form(each)}
        written = [one for one in read.values() if one and (one.line or one.struck)]
        for one in written:
            self._note(place, one)
        if any(columns_of(nested) >= COLUMNS_OF_TASKS for nested in cell.iter(W + "tbl")):
            self.notes.append(NESTED.format(place=place))
        lines = [one for one in written if one.line]
        nested = _list_within(cell)
        if nested is not None and not any(_KEYS.match(one.line) for one in lines):
            texts = [
                [_lines_of(inner, read) for inner in children(row, W + "tc")] for row in children(nested, W + "tr")
            ]
            empty = replace(empty, nested=tuple(tuple(_MARK.sub("", text) for text in line) for line in texts))
        bold = bool(lines) and all(one.bold for one in lines if one.text)
        return replace(empty, text="\n".join(one.line for one in lines), bold=bold)


def notes_of(body: etree._Element) -> Iterator[str]:
    left_out = (
        (FOOTNOTES, ("footnoteReference", "endnoteReference")),
        (IMPORTED, ("altChunk",)),
        (EMBEDDED, ("object",)),
    )
    for note, names in left_out:
        if count := sum(1 for _ in body.iter(*(W + name for name in names))):
            yield note.format(count=count)


def _lines_of(cell: etree._Element, read: dict[etree._Element, SeenParagraph | None]) -> str:
    found = (read.get(paragraph) for paragraph in cell.iter(W + "p"))
    return "\n".join(one.line for one in found if one and one.line)


def _list_within(cell: etree._Element) -> etree._Element | None:
    """The table of two rows and two columns or more that is all that a cell holds."""
    nested = list(children(cell, W + "tbl"))
    rows = list(children(nested[0], W + "tr")) if len(nested) == 1 else []
    sizes = {sum(1 for _ in children(row, W + "tc")) for row in rows}
    outside = [paragraph for paragraph in children(cell, W + "p") if "".join(map(str, paragraph.itertext())).strip()]
    alone = not outside and not any(True for one in nested for _ in one.iter(W + "tbl", BOXES) if _ is not one)
    return nested[0] if alone and len(rows) > 1 and len(sizes) == 1 and sizes.pop() > 1 else None


def is_frame(outer: etree._Element) -> bool:
    """Whether a table only draws a border around another one, or puts it beside a note.

    A small table within one of three columns or more, or of a few keys and values, is a part of its cell.
    """
    rows = list(children(outer, W + "tr"))
    if len(rows) > ROWS_OF_A_FRAME or columns_of(outer) > COLUMNS_OF_A_FRAME:
        return False
    return any(columns_of(nested) >= COLUMNS_OF_TASKS or is_frame(nested) for nested in _nested(outer))


def columns_of(element: etree._Element) -> int:
    rows = list(children(element, W + "tr"))[:MAX_SPAN]
    return max((sum(1 for _ in children(row, W + "tc")) for row in rows), default=0)


def _cells_of(element: etree._Element) -> Iterator[etree._Element]:
    for row in children(element, W + "tr"):
        if not is_deleted(row):
            yield from children(row, W + "tc")


def _nested(element: etree._Element) -> Iterator[etree._Element]:
    for cell in _cells_of(element):
        yield from children(cell, W + "tbl")


def _is_old_form(paragraph: etree._Element) -> bool:
    """Whether a paragraph of a text box is the second form of one that was read already."""
    if next(paragraph.iterancestors(BOXES), None) is None:
        return False
    return any(str(above.tag).endswith("}Fallback") for above in paragraph.iterancestors())


def with_tables_of_tabs(blocks: Iterable[Block], notes: list[str]) -> Iterator[Block]:
    """Makes a table of paragraphs whose cells are set apart by tab stops, below a header that is typed the same way."""
    waiting: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph) and _is_row(block, waiting):
            waiting.append(block)
            continue
        yield from _taken(waiting, notes)
        waiting = [block] if isinstance(block, Paragraph) and _is_row(block, []) else []
        if not waiting:
            yield block
    yield from _taken(waiting, notes)


def _is_row(paragraph: Paragraph, before: list[Paragraph]) -> bool:
    """A header of three titles, or below one a paragraph with a tab."""
    cells = _cells(paragraph)
    if not before:
        return len(cells) >= _LEAST_COLUMNS and is_header(cells)
    return len(cells) > 1 and not is_signature(cells[0])


def _cells(paragraph: Paragraph) -> list[str]:
    cells = [cell.strip() for cell in _TABS.split(paragraph.text)]
    return [paragraph.number.strip(), *cells] if paragraph.number and len(cells) > 1 else cells


def _taken(rows: list[Paragraph], notes: list[str]) -> Iterator[Block]:
    if len(rows) < 2:
        yield from rows
        return
    width = len(_cells(rows[0]))
    is_numbered = is_number_column(_cells(rows[0])[0])
    drawn = []
    for row in rows:
        cells = _cells(row)
        numbered = _NUMBER.match(cells[0]) if is_numbered and len(cells) < width else None
        if numbered:  # the tab after a number was taken as a space
            cells = [numbered[1], cells[0][numbered.end() :], *cells[1:]]
        if len(cells) != width:
            notes.append(OTHER_WIDTH.format(place=row.place, found=len(cells), width=width))
            cells = [*cells[: width - 1], " ".join(cells[width - 1 :])] if len(cells) > width else cells
        padded = [*cells, *[""] * (width - len(cells))]
        drawn.append(Row(tuple(Cell(cell, row.bold) for cell in padded), row.place))
    yield Table(tuple(drawn), rows[0].place)
