"""Reads tables with a whole row on one line: drawn with pipes, boxes or grids, or with TABs between the cells."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

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

_BARS = str.maketrans(dict.fromkeys("│┃║┆┊╎", "|"))
_BEGIN_DRAWN = frozenset("|│┃║┆┊╎+┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╒╞╘")
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_MARKDOWN_RULE = frozenset("|:- \t")
_CORNERS = frozenset("+┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛")
_DASHES = frozenset("-=─━═")
_RULE = _CORNERS | _DASHES | frozenset("|: ")
_LONGEST_QUOTED_CELL = 60  # lines


def piped_tables(run: Run, notes: list[Note]) -> list[RunOrTable]:
    """Splits the run into tables and runs of other lines, in their order."""
    parts: list[RunOrTable] = []
    rest: list[Line] = []
    at = 0
    while at < len(run):
        end = _end(run, at)
        rows = _drawn_rows(run[at:end]) if end > at else []
        if len(rows) < 2:
            end = max(end, at + 1)
            rest += run[at:end]
        else:
            while (following := _next_page(run, end, rows[0])) is not None:
                rows += _drawn_rows(run[following : _end(run, following)])
                end = _end(run, following)
            parts += [rest, table_of(*_equally_wide(rows, notes))]
            rest = []
        at = end
    return [*parts, rest]


def _end(run: Run, at: int) -> int:
    """The first line from here on that is not drawn with bars or rules."""
    drawn = _is_drawn(run[at]) or (at + 1 < len(run) and "|" in run[at].text and _is_rule(run[at + 1]))
    if not drawn:
        return at
    bare = not _is_drawn(run[at])
    while at < len(run) and (_is_drawn(run[at]) or _is_rule(run[at]) or (bare and "|" in run[at].text)):
        at += 1
    return at


def _is_drawn(line: Line) -> bool:
    if line.text.lstrip()[:1] not in _BEGIN_DRAWN:
        return False
    text = line.text.strip().translate(_BARS)
    return (text.startswith("|") and text.count("|") > 1) or _is_drawn_rule(text)


def _is_drawn_rule(text: str) -> bool:
    letters = frozenset(text)
    return len(text) > 2 and text[0] in _CORNERS and letters <= _RULE and not letters.isdisjoint(_DASHES)


def _is_rule(line: Line) -> bool:
    text = line.text.strip()
    return _is_drawn_rule(text) or ("|" in text and "-" in text and _MARKDOWN_RULE.issuperset(text))


def _next_page(run: Run, end: int, header: TextRow) -> int | None:
    """Where the table goes on with its header repeated, after blank lines; None when it does not."""
    at = end
    while at < len(run) and run[at].blank:
        at += 1
    if at == end or at == len(run) or not _is_drawn(run[at]):
        return None
    first = at + 1 if _is_rule(run[at]) and at + 1 < len(run) else at
    return at if same_header(TextRow(_cells(run[first]), 0), header) else None


def _drawn_rows(run: Run) -> list[TextRow]:
    """One for each line; where rules stand between all rows, one for all lines between two rules."""
    rules = sum(_is_drawn_rule(line.text.strip()) for line in run)
    lines = sum(not _is_rule(line) for line in run)
    rows: list[TextRow] = []
    after_rule = True
    for line in run:
        if _is_rule(line):
            after_rule = True
            continue
        cells = _cells(line)
        if rules > 3 and rows and not after_rule:
            rows[-1] = _with_line(rows[-1], cells)
        elif rules != 3 or lines == 2 or after_rule or not rows or cells[0].strip():
            rows.append(TextRow(cells, line.number))
        else:
            rows[-1] = _with_line(rows[-1], cells)
        after_rule = False
    return rows


def _with_line(row: TextRow, cells: tuple[str, ...]) -> TextRow:
    both = zip_longest(row.cells, cells, fillvalue="")
    return TextRow(tuple(f"{above}\n{below}" if below.strip() else above for above, below in both), row.line)


def _cells(line: Line) -> tuple[str, ...]:
    text = line.text.strip().translate(_BARS)
    cells = _BETWEEN_CELLS.split(text)
    first = 1 if text.startswith("|") else 0
    last = len(cells) - 1 if len(cells) > first + 1 and text.endswith("|") and not cells[-1].strip() else len(cells)
    return tuple(cell.strip() for cell in cells[first:last])


def _equally_wide(rows: list[TextRow], notes: list[Note]) -> tuple[list[TextRow], int]:
    """As wide as the header; a bar within a text makes a row too long: what is beyond stays in the last cell."""
    width = max(len(row.cells) for row in rows[:2])
    return [narrowed(row, width, notes) for row in rows], width


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
        rows, at = _tabbed_rows(run, at)
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


def _tabbed_rows(run: Run, at: int) -> tuple[list[TextRow], int]:
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
