"""Finds the cells of tables with one cell on each line, behind a TAB, and the number of their columns."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from services.planning.documents.formats.plain_text.line_kinds import (
    MOST_COLUMNS,
    begins_annex,
    is_code,
    is_header,
    is_label,
    is_number_column,
    is_signature,
)
from services.planning.documents.formats.plain_text.lines import Line, Run

_TAB_FIRST = re.compile(r"[ \u00a0]*\t")
_ROWS_LOOKED_AT = 40
_WIDEST_ROW = 14


@dataclass
class TabCell:
    """`loose`: the lines after it, from the first blank one to the next TAB, which may or may not belong to it.

    `late`: its text came only after blank lines.
    """

    line: int
    texts: list[str]
    loose: list[Line] = field(default_factory=list)
    late: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def empty(self) -> bool:
        return not any(text.strip() for text in self.texts)

    @property
    def loose_texts(self) -> list[str]:
        return [line.text for line in self.loose if not line.blank]

    def first_loose_block(self) -> int:
        """How many lines of text there are up to the next blank line."""
        texts = "\n".join("" if line.blank else "x" for line in self.loose).strip().split("\n\n")[0]
        return texts.count("x")

    def takes(self, count: int) -> None:
        """The first `count` of the loose lines with text belong to the cell."""
        self.late = self.late or self.empty
        while count and self.loose:
            line = self.loose.pop(0)
            if not line.blank:
                self.texts.append(line.text)
                count -= 1


@dataclass
class Chunk:
    """Cells without a blank line between them: a row, a part of one, or several."""

    cells: list[TabCell]
    lines: list[Line]

    @cached_property
    def texts(self) -> list[str]:
        return [cell.text for cell in self.cells]

    @cached_property
    def coded(self) -> bool:
        return is_code(self.cells[0].text or " ".join(self.cells[0].loose_texts[:1]))

    @cached_property
    def header_length(self) -> int:
        """How many cells at the beginning are names of columns; 0 when it is no header."""
        end = next((index for index, cell in enumerate(self.cells) if is_code(cell.text)), len(self.cells))
        return end if end >= 2 and is_header(self.texts[:end]) else 0


def scan(run: Run) -> tuple[list[Line], list[Chunk]]:
    """The lines before the first TAB, and all chunks. Every line of the run is in one of them."""
    before: list[Line] = []
    chunks: list[Chunk] = []
    gap = True
    for line in run:
        begins_cell = bool(_TAB_FIRST.match(line.text))
        if begins_cell:
            cell = TabCell(line.number, [line.text.strip().replace("\t", " ")])
            if gap or not chunks or chunks[-1].cells[-1].loose:
                chunks.append(Chunk([], []))
            chunks[-1].cells.append(cell)
        elif not chunks:
            before.append(line)
            continue
        elif line.blank or chunks[-1].cells[-1].loose or begins_annex(line.text.strip()):
            chunks[-1].cells[-1].loose.append(line)
        else:
            chunks[-1].cells[-1].texts.append(line.text)
        chunks[-1].lines.append(line)
        gap = line.blank and not begins_cell
    return before, [part for chunk in _with_late_texts(chunks) for part in _rows_apart(chunk)]


def _rows_apart(chunk: Chunk) -> list[Chunk]:
    """Splits rows without blank lines between them: before numbers and before the name of the first column."""
    if len(chunk.cells) <= _WIDEST_ROW:
        return [chunk]
    apart: list[Chunk] = []
    for cell in chunk.cells:
        begins = is_code(cell.text) or is_number_column(cell.text)
        if not apart or begins or len(apart[-1].cells) >= MOST_COLUMNS:
            apart.append(Chunk([], []))
        apart[-1].cells.append(cell)
    ends = [part.cells[0].line for part in apart[1:]] + [chunk.lines[-1].number + 1]
    lines = iter(chunk.lines)
    for part, end in zip(apart, ends, strict=True):
        part.lines += islice(lines, end - part.cells[0].line)
    return apart


def _with_late_texts(chunks: list[Chunk]) -> list[Chunk]:
    """A cell that begins with blank paragraphs does not end its chunk: the text after them is its own."""
    joined: list[Chunk] = []
    late: TabCell | None = None
    for chunk in chunks:
        if late is not None and _fits_late(late, joined[-1], chunk):
            late.takes(len(late.loose_texts))
            joined[-1] = Chunk(joined[-1].cells + chunk.cells, joined[-1].lines + chunk.lines)
        else:
            joined.append(chunk)
        last = chunk.cells[-1]
        late = last if last.empty and last.loose_texts and not last.loose[-1].blank else None
    return joined


def _fits_late(late: TabCell, before: Chunk, after: Chunk) -> bool:
    """False for the last empty cell of a table with prose below it and another table right after."""
    if len(before.cells) + len(after.cells) > MOST_COLUMNS or len(late.loose_texts) > 12:
        return False
    return not is_signature(late.loose_texts[0]) and not after.header_length


def width_from(chunks: Sequence[Chunk], at: int) -> int:
    """The number of columns of the table that begins here; 0 when none does."""
    header = chunks[at].header_length
    wide = any(len(chunk.cells) >= 3 for chunk in chunks[at : at + 8])
    if not header and not (wide and (chunks[at].coded or _goes_before(chunks, at))):
        return 0
    sizes: Counter[int] = Counter()
    for index, chunk in enumerate(chunks[at : at + _ROWS_LOOKED_AT]):
        if index > 1 and chunk.header_length and chunk.texts != chunks[at].texts:
            break
        if chunk.coded and len(chunk.cells) >= 3:
            sizes[len(chunk.cells)] += 1
    common = max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0
    if header:
        return common if header < common <= 2 * header and sizes[common] > 1 else header
    return common if sizes[common] > 1 else 0


def _goes_before(chunks: Sequence[Chunk], at: int) -> bool:
    """The remainder of a row at the very start of a text that lost its beginning."""
    return at == 0 and chunks[0].lines[0].number == 1 and any(chunk.coded for chunk in chunks[1:3])


def header_of_single_cells(chunks: Sequence[Chunk], at: int) -> int:
    """How many chunks of one cell make the header, where a blank line stands between all cells; 0 for none."""
    if not is_number_column(chunks[at].texts[0]):
        return 0
    end = at
    while end < min(len(chunks), at + 15) and len(chunks[end].cells) == 1 and is_label(chunks[end].texts[0]):
        end += 1
    texts = [chunk.texts[0] for chunk in chunks[at:end]]
    return end - at if end - at >= 3 and end < len(chunks) and chunks[end].coded and is_header(texts) else 0
