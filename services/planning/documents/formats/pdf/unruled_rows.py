"""Puts the printed lines of a table without rules together into its rows, and finds its header among them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from services.planning.documents.formats.pdf.lines import rows_in, words_in
from services.planning.documents.formats.pdf.text_layer import Piece
from shared.vietnamese import folded

LOOSE = 1.25  # how much wider than between the lines of a cell the gap between two rows is
SPACE = 2.5  # points between two words at least

Span = tuple[float, float]
LEAST_COLUMNS = 3
NARROW = 4.0  # points behind "Số" above the numbers; "Số hóa hồ sơ" is a task
WIDE = 8.0  # points between two titles of a header without a number
_NUMBER_TITLE = re.compile(r"s?tt\.?( .*)?|số( tt| thứ tự)?")
_TITLES = re.compile(
    r"nội dung|nhiệm vụ|công việc|chủ trì|phối hợp|thực hiện|thời gian|thời hạn|tiến độ|sản phẩm|kết quả|đơn vị|cơ quan"
    r"|ghi chú|chỉ tiêu|hoàn thành"
)
_DIGIT = re.compile(r"\d")


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


def has_header(pieces: Sequence[Piece]) -> bool:
    rows = printed_lines(pieces)
    return any(is_header(rows, at) for at in range(len(rows)))


def is_header(rows: Sequence[PrintedLine], at: int) -> bool:
    """A line with a title for the numbers, or one of titles only, which are apart from each other."""
    around = " ".join(folded(row.text) for row in rows[max(0, at - 1) : at + 2])
    known = len(set(_TITLES.findall(around)))
    if known < 2 or has_number_title(rows[at]):
        return known >= 2
    if any(map(has_number_title, rows[at + 1 : at + 3])):
        return False
    groups = _groups(rows[at], WIDE)
    titled = [text for text in groups if _TITLES.search(folded(text)) and text[:1].isupper()]
    return len(groups) >= LEAST_COLUMNS and len(titled) + 1 >= len(groups) and not _DIGIT.search(rows[at].text)


def has_number_title(row: PrintedLine) -> bool:
    return _NUMBER_TITLE.fullmatch(folded(_groups(row, NARROW)[0])) is not None


def _groups(row: PrintedLine, gap: float) -> list[str]:
    """The words between which there is no gap, as one text each."""
    groups = [row.texts[0]]
    for (before, after), text in zip(pairwise(row.words), row.texts[1:], strict=True):
        if after[0] - before[1] >= gap:
            groups.append(text)
        else:
            groups[-1] += f" {text}"
    return groups


def titles_around(rows: Sequence[PrintedLine], header: int) -> list[int]:
    """The lines of the header: its own, the one above that begins right of the number, those half a line away."""
    row = rows[header]
    titles = [header]
    for step in (-1, 1):
        at = header + step
        while 0 <= at < len(rows) and _is_beside(rows[at], row, step):
            apart = abs(rows[at].centre - rows[at - step].centre)
            if apart > _farthest(rows[at], row, step) * row.height:
                break
            titles.append(at)
            at += step
    return sorted(titles)


def _is_beside(line: PrintedLine, header: PrintedLine, step: int) -> bool:
    """Whether it begins right of the number; without one a line below goes on where its words are small."""
    if has_number_title(header):
        return line.words[0][0] > header.words[0][1]
    groups = _groups(line, WIDE)
    goes_on = step > 0 and all(text[0].islower() for text in groups)
    return goes_on or (len(groups) < LEAST_COLUMNS and all(_TITLES.search(folded(text)) for text in groups))


def _farthest(line: PrintedLine, header: PrintedLine, step: int) -> float:
    """In heights of a line: without a number what follows in small letters is a line away."""
    if not has_number_title(header):
        return 2.6 if step > 0 else 1.8
    return 1.8 if step < 0 and _TITLES.search(folded(line.text)) else 0.8
