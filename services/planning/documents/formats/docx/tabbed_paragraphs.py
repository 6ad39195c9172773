"""Makes a table of paragraphs whose cells are set apart by tab stops, below a header that is typed the same way."""

import re
from collections.abc import Iterable, Iterator

from services.planning.documents.document import Block, Cell, Paragraph, Row, Table
from services.planning.documents.formats.plain_text.line_kinds import is_header, is_number_column, is_signature

_TABS = re.compile(r"[ ]*\t[\t ]*")
_NUMBER = re.compile(r"(\(?[\dIVX][\d.IVX]*[.)]?)\s+(?=\S)")
_LEAST_COLUMNS = 3
OTHER_WIDTH = "{place}: dòng có {found} ô, tiêu đề bảng có {width} cột; hãy đối chiếu với văn bản gốc."


def with_tables_of_tabs(blocks: Iterable[Block], notes: list[str]) -> Iterator[Block]:
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
