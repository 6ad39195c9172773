"""Reads tables drawn with characters: Markdown's pipes, the boxes of a terminal, the grids of document converters."""

import re
from itertools import zip_longest

from services.planning.documents.formats.plain_text.lines import Line, Note, Run, RunOrTable
from services.planning.documents.formats.plain_text.table_rows import TextRow, narrowed, same_header, table_of

_BARS = str.maketrans(dict.fromkeys("│┃║┆┊╎", "|"))
_BEGIN_DRAWN = frozenset("|│┃║┆┊╎+┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╒╞╘")
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_MARKDOWN_RULE = frozenset("|:- \t")
_CORNERS = frozenset("+┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛")
_DASHES = frozenset("-=─━═")
_RULE = _CORNERS | _DASHES | frozenset("|: ")


def piped_tables(run: Run, notes: list[Note]) -> list[RunOrTable]:
    """Splits the run into tables and runs of other lines, in their order."""
    parts: list[RunOrTable] = []
    rest: list[Line] = []
    at = 0
    while at < len(run):
        end = _end(run, at)
        rows = _rows(run[at:end]) if end > at else []
        if len(rows) < 2:
            end = max(end, at + 1)
            rest += run[at:end]
        else:
            while (following := _next_page(run, end, rows[0])) is not None:
                rows += _rows(run[following : _end(run, following)])
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


def _rows(run: Run) -> list[TextRow]:
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
