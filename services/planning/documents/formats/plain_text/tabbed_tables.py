"""Reads tables with a whole row on one line and TABs between the cells, as copied from a spreadsheet or web page."""

from collections import Counter
from collections.abc import Sequence

from services.planning.documents.formats.plain_text.line_kinds import (
    goes_on_small,
    is_bullet,
    is_code,
    is_header,
    is_label,
    is_signature,
)
from services.planning.documents.formats.plain_text.lines import Line, Note, Run, RunOrTable
from services.planning.documents.formats.plain_text.table_rows import TextRow, narrowed, same_header, table_of
from services.planning.documents.formats.text_cleaning import is_page_number

_LONGEST_QUOTED_CELL = 60  # lines


def tabbed_tables(run: Run, notes: list[Note]) -> list[RunOrTable]:
    """Splits the run into tables and runs of other lines, in their order."""
    parts: list[RunOrTable] = []
    rest: list[Line] = []
    at = 0
    while at < len(run):
        if not _begins_table(run, at):
            rest.append(run[at])
            at += 1
            continue
        rows, at = _rows(run, at)
        parts += [rest, table_of(*_aligned(rows, notes))]
        rest = []
    return [*parts, rest]


def _pieces(line: Line) -> list[str]:
    return line.text.split("\t")


def _begins_table(run: Run, at: int) -> bool:
    """Three columns on two lines that follow each other, or a header of at least two."""
    if "\t" not in run[at].text:
        return False
    pieces, after = _quoted(run, at)
    named = [piece for piece in pieces if piece.strip()]
    if len(named) < 2 or is_signature(named[0]):
        return False
    following = _next_pieces(run, after)
    if is_header(pieces):
        return len(following) >= 2 and (len(named) > 2 or all(map(is_label, named)))
    return len(named) > 2 and len(following) > 2 and (len(following) == len(pieces) or is_code(named[0]))


def _next_pieces(run: Run, after: int) -> tuple[str, ...]:
    """Of the next row that has any; only few lines on, so that a long text without tables is read once."""
    for at in range(after, min(after + 5, len(run))):
        if "\t" in run[at].text:
            return _quoted(run, at)[0]
    return ()


def _rows(run: Run, at: int) -> tuple[list[TextRow], int]:
    first, end = _quoted(run, at)
    rows = [TextRow(first, run[at].number)]
    width = len(first)
    after = end
    while after < len(run):
        line = run[after]
        if line.blank and "\t" not in line.text:
            after += 1
            continue
        row, following = _quoted(run, after)
        if end == after and _continues(rows[-1], row, width, run, following):
            last = rows[-1].cells
            rows[-1] = TextRow((*last[:-1], f"{last[-1]}\n{row[0]}", *row[1:]), rows[-1].line)
        elif _is_row(row, width, rows[0], gap=after > end):
            rows.append(TextRow(row, line.number))
            width = max(width, len(row)) if len(rows) == 2 else width
        elif len(rows) > 1 and _is_between_pages(line, _next_pieces(run, following), width):
            after = following
            continue
        else:
            break
        after = end = following
    return rows, end


def _is_between_pages(line: Line, following: tuple[str, ...], width: int) -> bool:
    return is_page_number(line.text.strip()) and len(following) == width


def _quoted(run: Run, at: int) -> tuple[tuple[str, ...], int]:
    """The cells of the row, and the line after it: a spreadsheet puts a cell of several lines in quotation marks."""
    text, after = run[at].text, at + 1
    if '\t"' not in text:
        return tuple(_pieces(run[at])), after
    while text.count('"') % 2 and after < min(len(run), at + _LONGEST_QUOTED_CELL):
        text += "\n" + run[after].text
        after += 1
    if text.count('"') % 2:
        return tuple(_pieces(run[at])), at + 1
    return tuple(_unquoted(piece) for piece in text.split("\t")), after


def _unquoted(piece: str) -> str:
    whole = piece.strip()
    quoted = len(whole) > 1 and whole[0] == whole[-1] == '"' and "\n" in whole
    return whole[1:-1].replace('""', '"') if quoted else piece


def _continues(last: TextRow, row: tuple[str, ...], width: int, run: Run, following: int) -> bool:
    """The line goes on in the last cell of the line above, which was broken within it."""
    first = row[0].strip()
    if not first or len(last.cells) + len(row) - 1 > width or is_code(first) or is_signature(first):
        return False
    if len(row) > 1 or len(last.cells) < width:
        return len(last.cells) + len(row) - 1 == width or len(row) == 1
    table_goes_on = following < len(run) and len(_pieces(run[following])) > 2
    return table_goes_on or is_bullet(first) or goes_on_small(last.cells[-1], first)


def _is_row(row: tuple[str, ...], width: int, header: TextRow, gap: bool) -> bool:
    named = [cell for cell in row if cell.strip()]
    if len(row) < 2 or is_signature(row[0]) or (named and is_signature(named[0])):
        return False
    if not gap:
        return True
    if is_header(row) and not same_header(TextRow(row, 0), header):
        return False
    return len(row) * 2 > width or (bool(named) and is_code(named[0]))


def _aligned(rows: Sequence[TextRow], notes: list[Note]) -> tuple[list[TextRow], int]:
    """As wide as most rows are and the header at least; what is beyond that stays in the last cell, with a note."""
    sizes = Counter(len(row.cells) for row in rows)
    most = max(sizes, key=lambda size: (sizes[size], size))
    width = max(most, len(_trimmed(rows[0].cells)))
    return [narrowed(TextRow(_trimmed(row.cells), row.line), width, notes) for row in rows], width


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end > 1 and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
