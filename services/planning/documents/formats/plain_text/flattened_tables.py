"""Reads tables with one cell on each line, behind a TAB: blank lines end a row only if it is full or another begins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.planning.documents.formats.plain_text.flattened_cells import (
    Chunk,
    TabCell,
    header_of_single_cells,
    scan,
    width_from,
)
from services.planning.documents.formats.plain_text.line_kinds import (
    begins_annex,
    goes_on_small,
    is_bullet,
    is_code,
    is_number_column,
    is_signature,
    whole_number,
)
from services.planning.documents.formats.plain_text.lines import Line, Note, Run, RunOrTable
from services.planning.documents.formats.plain_text.table_rows import TextRow, aligned, table_of
from services.planning.documents.formats.text_cleaning import is_page_number
from shared.vietnamese import folded

_LONGEST_LOOSE_TEXT = 30  # lines
_KEY_AND_VALUE = re.compile(r"\s*[^\W\d][^:]{1,40}:\s*\S")  # indented lines, and no cells


def flattened_tables(run: Run, notes: list[Note]) -> list[RunOrTable]:
    """Splits the run into tables and runs of other lines, in their order."""
    rest, chunks = scan(run)
    parts: list[RunOrTable] = []
    at = 0
    while at < len(chunks):
        single = header_of_single_cells(chunks, at)
        width = single or width_from(chunks, at)
        if not width or is_signature(chunks[at].texts[0]) or all(map(_KEY_AND_VALUE.match, chunks[at].texts)):
            rest += chunks[at].lines
            at += 1
            continue
        table = _FlattenedTable(chunks, width)
        left, at = table.read(at, at + single)
        rows = [TextRow(tuple(cell.text for cell in row), row[0].line) for row in table.rows]
        parts += [rest, table_of(aligned(rows, width, notes), width)]
        rest = left
    return [*parts, rest]


@dataclass
class _FlattenedTable:
    chunks: Sequence[Chunk]
    width: int
    rows: list[list[TabCell]] = field(default_factory=list)
    open_row: list[TabCell] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    number: int | None = None

    def read(self, at: int, header_end: int) -> tuple[list[Line], int]:
        """The lines after the last cell that are not its own, and the first chunk that is not of the table."""
        self.open_row = [cell for chunk in self.chunks[at:header_end] for cell in chunk.cells]
        self.header = [folded(cell.text) for cell in self.open_row] or self._header_texts(self.chunks[at])
        at = header_end
        while at < len(self.chunks):
            self._add(at)
            chunk = self.chunks[at]
            at += 1
            if not self._takes_loose(chunk.cells[-1], at) or not self._goes_on(at):
                break
        self._close()
        return self.chunks[at - 1].cells[-1].loose, at

    def _header_texts(self, chunk: Chunk) -> list[str]:
        return [folded(text) for text in chunk.texts[: chunk.header_length]]

    def _close(self) -> None:
        while self.open_row:
            end = self._row_end()
            row, self.open_row = self.open_row[:end], self.open_row[end:]
            self.rows.append(row)
            self.number = whole_number(row[0].text) if whole_number(row[0].text) is not None else self.number

    def _row_end(self) -> int:
        """The end of the first row, where several have no blank line between them."""
        cells, width = self.open_row, self.width
        if len(cells) <= width or is_code(cells[width].text) or (len(cells) % width == 0 and cells[width].empty):
            return width
        starts = (index for index in range(2, len(cells)) if is_code(cells[index].text))
        return next((index for index in starts if index < width or is_code(cells[index].text)), len(cells))

    def _add(self, at: int) -> None:
        if self.open_row and not self._completes(at):
            self._close()
        self.open_row += self.chunks[at].cells

    def _completes(self, at: int) -> bool:
        """The next chunks fill the open row exactly, and none of them begins a row of its own."""
        total = len(self.open_row)
        while total < self.width and at < len(self.chunks) and not self._begins_row(at, total):
            total += len(self.chunks[at].cells)
            at += 1
        return total == self.width and len(self.open_row) < self.width

    def _begins_row(self, at: int, filled: int) -> bool:
        chunk = self.chunks[at]
        if len(chunk.cells) >= self.width or chunk.header_length:
            return True
        number, own = whole_number(chunk.cells[0].text), whole_number(self.open_row[0].text)
        if number is None:
            return chunk.coded
        expected = 1 + (own if own is not None else self.number or 0)
        return filled < 2 or number == expected or (number == 1 and filled == 2)

    def _takes_loose(self, cell: TabCell, following: int) -> bool:
        """Whether the table may continue after the cell, which first gets its own text below a blank line."""
        texts = cell.loose_texts
        if len(texts) == 1 and not cell.empty and is_page_number(texts[0].strip()) and self._goes_on(following):
            cell.loose.clear()
            return True
        if not texts:
            return True
        count = self._own_loose(cell, texts, following)
        cell.takes(count)
        return count == len(texts)

    def _own_loose(self, cell: TabCell, texts: list[str], following: int) -> int:
        if is_signature(texts[0]) or begins_annex(texts[0].strip()) or len(texts) > _LONGEST_LOOSE_TEXT:
            return 0
        goes_on = self._goes_on(following)
        if cell.empty and any(other.late for other in self.open_row[:-1]):
            return len(texts) if goes_on else cell.first_loose_block()
        if not goes_on:
            return 0
        if len(self.open_row) < self.width or cell.empty:
            return len(texts)
        inner = is_bullet(texts[0].strip()) or goes_on_small(cell.text, texts[0].strip())
        return len(texts) if inner or self._is_next_number(following) else 0

    def _is_next_number(self, following: int) -> bool:
        own = whole_number(self.open_row[0].text) if self.open_row else None
        return own is not None and whole_number(self.chunks[following].cells[0].text) == own + 1

    def _goes_on(self, at: int) -> bool:
        """Another header is another table; single cells without a number continue it only if rows follow soon."""
        if at >= len(self.chunks):
            return False
        chunk = self.chunks[at]
        if is_signature(chunk.texts[0]) or begins_annex(chunk.texts[0]):
            return False
        if chunk.header_length or header_of_single_cells(self.chunks, at):
            return self._header_texts(chunk) == self.header or self._is_second_line(chunk)
        if chunk.coded or len(chunk.cells) == self.width or self._completes(at):
            return True
        soon = self.chunks[at : at + 5]
        end = next((index for index, later in enumerate(soon) if later.header_length), len(soon))
        return any(later.coded for later in soon[:end]) or (len(chunk.cells) > 1 and not self._is_prose(chunk))

    def _is_second_line(self, chunk: Chunk) -> bool:
        """Whether the chunk below the header names the columns that one cell of the header spans."""
        is_short = len(chunk.cells) < self.width or chunk.cells[0].empty
        return not self.rows and is_short and not is_number_column(chunk.texts[0])

    def _is_prose(self, chunk: Chunk) -> bool:
        return len(chunk.cells) * 2 < self.width or any(is_signature(text) for text in chunk.texts)
