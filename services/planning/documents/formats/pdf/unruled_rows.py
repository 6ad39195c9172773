"""Puts the printed lines of a table without rules together into its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from services.planning.documents.formats.pdf.lines import rows_in, words_in
from services.planning.documents.formats.pdf.text_layer import Piece

LOOSE = 1.25  # how much wider than between the lines of a cell the gap between two rows is
SPACE = 2.5  # points between two words at least

Span = tuple[float, float]


@dataclass(frozen=True)
class PrintedLine:
    """The pieces of one printed line, and from where to where each of its words goes."""

    pieces: Sequence[Piece]
    words: Sequence[Span]
    texts: Sequence[str]

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def centre(self) -> float:
        return median(piece.centre for piece in self.pieces)

    @property
    def height(self) -> float:
        return max(median(piece.bottom - piece.top for piece in self.pieces), 1.0)


def printed_lines(pieces: Iterable[Piece]) -> list[PrintedLine]:
    return [_printed(row) for row in rows_in(pieces)]


def _printed(row: Sequence[Piece]) -> PrintedLine:
    words = words_in(sorted(row, key=lambda piece: piece.left))
    spans = [(word[0].left, max(piece.right for piece in word)) for word in words]
    return PrintedLine(row, spans, ["".join(piece.text for piece in word) for word in words])


def rows_by_numbers(
    lines: Sequence[PrintedLine], header: int, xs: Sequence[float], spanning: set[int], *, goes_on: bool = False
) -> list[list[PrintedLine]]:
    """The printed lines of each row: divided by wider gaps where each part has one number, else by the numbers.

    `goes_on`: the table began on the page before, so the rest of a row may stand first, below a header printed again.

    Where text stands above the first number, the numbers are in the middle of their rows: each line is of the nearest.
    """
    apart = [below.centre - above.centre for above, below in pairwise(lines)]
    whole = [gap for gap in apart if gap > 0.9 * lines[0].height] or apart
    pitch = sorted(whole)[len(whole) // 4] if whole else 0.0
    numbered = [line.words[0][0] < xs[1] for line in lines]
    by_gaps: list[list[int]] = [[0]]
    for at in range(1, len(lines)):
        if apart[at - 1] > LOOSE * pitch:
            by_gaps.append([])
        by_gaps[-1].append(at)
    counts = [sum(numbered[at] for at in part) for part in by_gaps]
    rest_of_a_row = [] if not goes_on else [0] if header < 0 else [1]
    inner = [count for at, count in enumerate(counts[:-1]) if at not in rest_of_a_row]  # the last may be cut too
    if len(counts) > 1 and max(counts) == 1 and 0 not in inner:
        return [[lines[at] for at in part] for part in by_gaps]
    numbers = [at for at, line in enumerate(lines) if at > header and (numbered[at] or id(line) in spanning)]
    if header >= 0 and numbers and numbers[0] > header + 1:
        parts: dict[int, list[PrintedLine]] = {at: [] for at in numbers}
        for line in lines[header + 1 :]:
            centre = line.centre
            parts[min((abs(lines[at].centre - centre), at) for at in numbers)[1]].append(line)
        return [list(lines[: header + 1]), *(part for part in parts.values() if part)]
    by_numbers: list[list[PrintedLine]] = []
    for at, line in enumerate(lines):
        begins = numbered[at] or id(line) in spanning or (by_numbers and id(by_numbers[-1][-1]) in spanning)
        if not by_numbers or (begins and at > header):
            by_numbers.append([])
        by_numbers[-1].append(line)
    return by_numbers


@dataclass(frozen=True)
class _Part:
    """The words of a line in one column."""

    first_word: float  # its width
    right: float
    text: str


def rows_by_breaks(
    lines: Sequence[PrintedLine], header: int, xs: Sequence[float], spanning: set[int]
) -> list[list[PrintedLine]]:
    """The printed lines of each row of a table without numbers: a row begins where its content, and another column,
    begin anew: with a capital letter, and where the line before had room for the word or the column had ended.
    """
    parts = [_by_column(line, xs) for line in lines]
    ends = [max((part[at].right for part in parts if at in part), default=0.0) for at in range(len(xs) - 1)]
    content = max(range(len(ends)), key=lambda at: sum(len(part[at].text) for part in parts if at in part))
    rows: list[list[int]] = [[]]
    for at, line in enumerate(lines):
        after_heading = at > 0 and (id(lines[at - 1]) in spanning or _is_heading(parts[at - 1], content))
        is_heading = id(line) in spanning or _is_heading(parts[at], content)
        if (
            at > header
            and at > 0
            and (
                at == header + 1
                or is_heading
                or after_heading
                or _begins(parts[at], [parts[each] for each in rows[-1]], ends, content)
            )
        ):
            rows.append([])
        rows[-1].append(at)
    return [[lines[at] for at in row] for row in rows]


def _by_column(line: PrintedLine, xs: Sequence[float]) -> dict[int, _Part]:
    parts: dict[int, _Part] = {}
    for (left, right), text in zip(line.words, line.texts, strict=True):
        column = next(at for at, x in enumerate(xs[1:]) if (left + right) / 2 < x)
        before = parts.get(column)
        first_word, so_far = (before.first_word, f"{before.text} ") if before else (right - left, "")
        parts[column] = _Part(first_word, right, so_far + text)
    return parts


def _is_heading(parts: dict[int, _Part], content: int) -> bool:
    text = parts[content].text if content in parts else ""
    return len(parts) == 1 and text.isupper() and text.count(" ") > 1  # "MTTQ" ends the line above


def _begins(parts: dict[int, _Part], row: Sequence[dict[int, _Part]], ends: Sequence[float], content: int) -> bool:
    if content not in parts or len(parts) < 2 or parts[content].text[0].islower():
        return False
    return any(_begins_anew(column, parts[column], row, ends[column]) for column in parts)


def _begins_anew(column: int, part: _Part, row: Sequence[dict[int, _Part]], end: float) -> bool:
    """Whether the column had ended above, or had room for the first word; a column that is new says nothing."""
    above = row[-1].get(column)
    if above is None:
        return any(column in each for each in row)
    return above.right + SPACE + part.first_word < end - 1
