"""Finds a table that is printed without rules: below a header, no word crosses the white lines between its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from services.planning.documents.formats.pdf.grids import Grid
from services.planning.documents.formats.pdf.text_layer import Piece
from services.planning.documents.formats.pdf.unruled_rows import (
    LEAST_COLUMNS,
    WIDE,
    PrintedLine,
    Span,
    has_number_title,
    is_header,
    printed_lines,
    rows_by_breaks,
    rows_by_numbers,
    titles_around,
)
from services.planning.documents.formats.text_cleaning import is_page_number
from shared.vietnamese import folded

GAP = 5.0  # points between two columns at least, where they come nearest
WIDEST_SPACE = 7.0  # points between two words of a line
WIDEST = 10_000.0  # points
FLUSH = 1.5  # points within which lines begin at one place
EXACT = 0.8  # points from the title of a column: a word that begins there is of the column, however near the last is
FAR = 4.0  # heights of a line: what is further down is no row of the table
_ENDS = re.compile(r"nơi nhận|[tk]m\.|kt\.|trên đây là")
_SECTION = re.compile(r"[ivx]+\.\s")


@dataclass(frozen=True)
class OpenColumns:
    """The columns of a table that may go on on the next page: `xs` are their boundaries, each within a white gap."""

    xs: Sequence[float]
    gaps: Sequence[Span]
    has_numbers: bool
    header: Sequence[str] = ()  # the texts of its line of titles


@dataclass(frozen=True)
class UnruledTable:
    """`pieces` are those of the table. `columns.has_numbers`: its first column numbers the rows; without it only the
    breaks of the lines show where a row begins. `ends_the_page`: no text is below it, so it may go on on the next page.
    """

    grid: Grid
    pieces: Sequence[Piece]
    columns: OpenColumns
    ends_the_page: bool
    goes_on: bool  # below the same header as the table that the last page ended with


def unruled_table(pieces: Sequence[Piece], before: OpenColumns | None) -> UnruledTable | None:
    """The table below the first header of the page; `before` are the columns of one that the last page ended with."""
    rows = _without_page_numbers(printed_lines(pieces))
    header = next((at for at, row in enumerate(rows) if is_header(rows, at)), None)
    if header is not None:
        has_numbers = has_number_title(rows[header])
        titles = titles_around(rows, header)
        first, header = titles[0], titles[-1]
        words = _together([word for at in titles for word in rows[at].words])
        gaps = _gaps(words, GAP if has_numbers else WIDE)
    elif before and rows:
        first, header, gaps, has_numbers = 0, -1, list(before.gaps), before.has_numbers
    else:
        return None
    if len(gaps) + 1 < LEAST_COLUMNS:
        return None
    body, spanning, gaps = _body(rows[header + 1 :], gaps)
    if not body:
        return None
    found = [*rows[first : header + 1], *body]
    is_before = before is not None and (header == -1 or _fits(before, found, spanning, len(gaps)))
    columns = before if before and is_before else _columns(gaps, found, has_numbers=has_numbers)
    titles_of_it = tuple(rows[header].texts) if header >= 0 else columns.header
    goes_on = before is not None and len(before.gaps) == len(gaps) and tuple(before.header) == titles_of_it
    columns = replace(columns, header=titles_of_it)
    at = header - first
    if has_numbers:
        parts = rows_by_numbers(found, at, columns.xs, spanning, goes_on=before is not None)
    else:
        parts = rows_by_breaks(found, at, columns.xs, spanning)
    grid = _grid(parts, columns.xs, spanning, merged_from=int(has_numbers))
    last = found[-1].centre
    is_last = all(row.centre <= last for row in rows)
    return UnruledTable(grid, [piece for row in found for piece in row.pieces], columns, is_last, goes_on)


def _fits(before: OpenColumns, rows: Sequence[PrintedLine], spanning: set[int], count: int) -> bool:
    """Whether a table below its own header has the columns of the page before: a few rows show them less exactly."""
    whole = [row for row in rows if id(row) not in spanning]
    return len(before.gaps) == count and all(_narrowed(list(before.gaps), row) is not None for row in whole)


def _columns(gaps: Sequence[Span], rows: Sequence[PrintedLine], *, has_numbers: bool) -> OpenColumns:
    """Open at both sides, so that pages match."""
    inner = [_boundary(*pair, rows) for pair in pairwise([*gaps, (WIDEST, WIDEST)])]
    near = [(max(gap[0], x - GAP), min(gap[1], x + GAP)) for gap, x in zip(gaps, inner, strict=True)]
    return OpenColumns([0.0, *inner, WIDEST], near, has_numbers)


def _without_page_numbers(rows: list[PrintedLine]) -> list[PrintedLine]:
    """Only the first and the last line may be one: a number within a table is that of a row."""
    return [row for at, row in enumerate(rows) if at not in (0, len(rows) - 1) or not is_page_number(row.text)]


def _together(words: list[Span]) -> list[Span]:
    """Words of several lines as one line: those that lie over each other are one."""
    merged: list[Span] = []
    for left, right in sorted(words):
        if merged and left <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(right, merged[-1][1])
        else:
            merged.append((left, right))
    return merged


def _gaps(words: Sequence[Span], least: float = GAP) -> list[Span]:
    return [(before[1], after[0]) for before, after in pairwise(words) if after[0] - before[1] >= least]


def _body(rows: Sequence[PrintedLine], gaps: list[Span]) -> tuple[list[PrintedLine], set[int], list[Span]]:
    """The rows below the header up to the first that crosses the columns, but for headings over all of them."""
    body: list[PrintedLine] = []
    spanning: set[int] = set()
    for at, row in enumerate(rows):
        far = row.height * (2 * FAR if row.texts[0].strip(".").isdigit() else FAR)  # a sheet has high rows
        if _ENDS.match(folded(row.text)) or (body and row.centre - body[-1].centre > far):
            break
        narrowed = _narrowed(gaps, row)
        if narrowed is not None:
            gaps = narrowed
        elif _is_heading(rows, at, gaps):
            spanning.add(id(row))
        else:
            break
        body.append(row)
    ends_inside = len(body) < len(rows)
    while body and ends_inside and (id(body[-1]) in spanning or _SECTION.match(folded(body[-1].text))):
        body.pop()
    return body, spanning, gaps


def _is_heading(rows: Sequence[PrintedLine], at: int, gaps: Sequence[Span]) -> bool:
    """Whether a line goes over the columns, and a row follows: at once, after its second line, or on the next page."""
    if _gaps(rows[at].words[1:]):
        return False
    for following in rows[at + 1 : at + 3]:
        if _narrowed(gaps, following) is not None:
            return True
        if _gaps(following.words):
            return False
    text = rows[at].text
    return at + 1 == len(rows) and (text.isupper() or bool(_SECTION.match(folded(text))))


def _boundary(gap: Span, following: Span, rows: Sequence[PrintedLine]) -> float:
    """Just before a column whose lines begin at one place, so that a longer word on the next page stays before it; else
    in the middle of the gap.
    """
    begins = [min((left for left, _ in row.words if left >= gap[1] - 1), default=WIDEST) for row in rows]
    in_column = [left - gap[1] for left in begins if left < following[0]]
    is_flush = 4 * sum(apart < FLUSH for apart in in_column) >= 3 * len(in_column)
    return gap[1] - min(FLUSH, (gap[1] - gap[0]) / 2) if is_flush else sum(gap) / 2


def _narrowed(gaps: Sequence[Span], row: PrintedLine) -> list[Span] | None:
    """The gaps as far as they are white in a row too; None where a word crosses one."""
    narrowed: list[Span] = []
    between = [after[0] - before[1] for before, after in pairwise(row.words)]
    usual = min(1.6 * sorted(between)[len(between) // 3], WIDEST_SPACE) if len(between) > LEAST_COLUMNS else 0.0
    for left, right in gaps:
        inside = [(word[0], word[1]) for word in row.words if word[0] < right and word[1] > left]
        ends = [left, *(end for _, end in inside)]
        begins = [*(begin for begin, _ in inside), right]
        white = max(zip(ends, begins, strict=True), key=lambda span: span[1] - span[0])
        if inside and not narrowed and row.texts[0].strip(".").isdigit() and row.words[0] == inside[-1]:
            white = ends[-1], begins[-1]  # a number at the right end of its column
        begins_a_column = abs(white[1] - right) < EXACT and white[1] - white[0] > EXACT
        least = min(max(GAP - 1, usual if inside else 0.0), right - left - 1)
        if white[1] - white[0] < least and not begins_a_column:
            return None
        narrowed.append(white)
    return narrowed


def _grid(parts: Sequence[Sequence[PrintedLine]], xs: Sequence[float], spanning: set[int], merged_from: int) -> Grid:
    """`merged_from`: the first of the columns that a heading over the table is merged over."""
    tops = [min(piece.top for row in part for piece in row.pieces) for part in parts]
    bottoms = [max(piece.bottom for row in part for piece in row.pieces) for part in parts]
    between = [(bottom + top) / 2 for bottom, top in zip(bottoms, tops[1:], strict=False)]
    grid = Grid(list(xs), [tops[0] - 1, *between, bottoms[-1] + 1])
    width = len(xs) - 1
    owner: dict[tuple[int, int], int] = {}
    for at, part in enumerate(parts):
        merged = any(id(row) in spanning for row in part)
        for column in range(width):
            owner[at, column] = at * width + (min(column, merged_from) if merged else column)
    grid.own(owner)
    return grid
