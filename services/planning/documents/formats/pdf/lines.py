"""Puts the pieces of words of a page, or of a cell, into words, lines and paragraphs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from services.planning.documents.formats.pdf.text_layer import Piece
from services.planning.documents.formats.text_cleaning import cleaned
from shared.vietnamese import folded

SPACE = 0.2  # of the height of a letter
COLUMN_GAP = 3.0
LONGEST_NUMBER = 5
# What begins a paragraph: a bullet, "1.", "1.2.", "a)", "II.", "(1)", "Điều 5." and the like.
NUMBER = re.compile(
    r"(?:[-–—+*•▪◦●○■□✓➢]\s*|\(?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[a-zđ]|[IVXL]{1,6}|[A-ZĐ])[.)/:]\s+"
    r"|\d{1,2}(?:\.\d{1,2}){1,4}\s+|(?:Điều|Chương|Phần|Mục|Phụ lục|PHỤ LỤC)\s+[\dIVXL]+)"
)
# A dash within a name may fall on the beginning of a line: small letters, or the second half of an office's name.
DASH_WITHIN = re.compile(r"[-–—]\s+(?=[^\W\d_])")
SECOND_HALVES = ("xã hội", "hộ tịch", "hạnh phúc")
# What is broken without a space: an act or an office after its hyphen ("QĐ-TTg"), a number in a narrow column.
HYPHEN_WITHIN = re.compile(r"[A-ZĐ]-[^\W\d_]|\d-\d")
NARROW_NUMBER = re.compile(r"\d{1,3}(?:\.\d{0,3}){0,5}|ST?")
DAY_OR_MONTH = re.compile(r"\d{1,2}/(?:\d{1,2}/)?20\d\d")
REST_OF_A_NUMBER = re.compile(r"\.?\d{1,3}(?:\.\d{0,3}){0,5}[a-zđ]?|T?T")
INDENT = 6.0  # points
LOOSE = 1.35  # how much wider than the one before a gap is where a paragraph begins
WIDEST = 2.4  # of the height of a line


@dataclass(frozen=True)
class Line:
    """`first_word` is the width of the line's first word: it decides whether there was room on the line before.

    `column` are the ends of its column where the page has two, and `read_at` its place in the order of reading.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    bold: bool
    first_word: float
    after_number: float  # where the text begins after a number or a bullet; `left` where there is none
    column: tuple[float, float] | None = None
    read_at: float = 0.0

    @property
    def centre(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def lines_of(pieces: Iterable[Piece], has_columns: bool = False) -> list[Line]:
    """The lines from the top down. With `has_columns`, a line with a wide gap is two, the left one first."""
    lines: list[Line] = []
    for row in rows_in(pieces):
        words = words_in(sorted(row, key=lambda piece: piece.left))
        lines.extend(_line(column) for column in (_columns(words) if has_columns else [words]))
    return [line for line in lines if line.text]


def rows_in(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces of each printed line, from the top down."""
    rows: list[list[Piece]] = []
    centre = height = 0.0
    for piece in sorted(pieces, key=lambda piece: piece.centre):
        size = piece.bottom - piece.top
        if rows and piece.centre - centre <= 0.4 * max(height, size, 1.0):
            rows[-1].append(piece)
            continue
        rows.append([piece])
        centre, height = piece.centre, size
    return rows


def words_in(row: Sequence[Piece]) -> list[list[Piece]]:
    words = [[row[0]]]
    for before, piece in pairwise(row):
        gap = piece.left - before.right
        if before.spaced_after or piece.spaced_before or gap > SPACE * (piece.bottom - piece.top):
            words.append([])
        words[-1].append(piece)
    return words


def _columns(words: list[list[Piece]]) -> list[list[list[Piece]]]:
    columns = [[words[0]]]
    for before, word in pairwise(words):
        is_after_number = len(columns[-1]) == 1 and len(_text(before)) <= LONGEST_NUMBER
        gap = word[0].left - before[-1].right
        if gap > COLUMN_GAP * (word[0].bottom - word[0].top) and not is_after_number:
            columns.append([])
        columns[-1].append(word)
    return columns


def _line(words: Sequence[Sequence[Piece]]) -> Line:
    pieces = [piece for word in words for piece in word]
    top = median(piece.top for piece in pieces)
    return Line(
        cleaned(" ".join(_text(word) for word in words)),
        pieces[0].left,
        max(piece.right for piece in pieces),
        top,
        median(piece.bottom for piece in pieces),
        all(piece.bold for piece in pieces),
        max(piece.right for piece in words[0]) - pieces[0].left,
        words[1][0].left if len(words) > 1 else pieces[0].left,
        read_at=top,
    )


def _text(word: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in word)


@dataclass(frozen=True)
class JoinedLines:
    text: str
    bold: bool
    first: Line


def paragraphs_of(lines: Sequence[Line], left: float, right: float) -> list[JoinedLines]:
    """The paragraphs of lines that stand one below the other in a column from `left` to `right`."""
    paragraphs: list[list[Line]] = []
    for line in lines:
        if paragraphs and _goes_on(paragraphs[-1], line, left, right):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return [JoinedLines(_joined_text(found), all(line.bold for line in found), found[0]) for found in paragraphs]


def goes_on_in_next_column(text: str, following: str) -> bool:
    """Whether a paragraph that ends a column goes on in the next one, where its width does not help to tell."""
    begins_inside = following[0].islower() or following[0].isdecimal() or text.endswith((",", "("))
    return begins_inside and not text.endswith((".", ";", ":", "!")) and not NUMBER.match(following)


def _goes_on(paragraph: Sequence[Line], line: Line, left: float, right: float) -> bool:
    last = paragraph[-1]
    if line.bold != last.bold and (line.bold or all(one.bold for one in paragraph)):
        return False
    if _had_room(last, line, left, right) or _is_apart(paragraph, line):
        return False
    if NUMBER.match(line.text):
        return _is_within_a_name(last, line) and line.left < paragraph[0].left + INDENT
    return not _is_indented(paragraph, line)


def _is_within_a_name(last: Line, line: Line) -> bool:
    if (dash := DASH_WITHIN.match(line.text)) is None or last.text.endswith((".", ";", ":", "!")):
        return False
    rest = line.text[dash.end() :]
    return rest[0].islower() or folded(rest).startswith(SECOND_HALVES)


def _had_room(last: Line, line: Line, left: float, right: float) -> bool:
    """Whether the first word would have fitted on the line before, so that the break was meant."""
    slack = right - last.right
    if abs((last.left - left) - (right - last.right)) < INDENT:  # centred: the room is on both sides
        slack += last.left - left
    return line.first_word + 0.3 * line.height < slack - 1


def _is_apart(paragraph: Sequence[Line], line: Line) -> bool:
    gap = line.centre - paragraph[-1].centre
    if gap < 0:  # the next page
        return False
    if len(paragraph) > 1 and (before := paragraph[-1].centre - paragraph[-2].centre) > 0:
        return gap > LOOSE * before
    return gap > WIDEST * max(line.height, paragraph[-1].height)  # a line of small letters only is less high


def _is_indented(paragraph: Sequence[Line], line: Line) -> bool:
    """Whether the line begins further right than the ones before, and not below the text after a number."""
    first, last = paragraph[0], paragraph[-1]
    if len(paragraph) == 1 and NUMBER.match(first.text) and abs(line.left - first.after_number) < INDENT:
        return False
    is_centred = abs((line.left + line.right) - (last.left + last.right)) < INDENT
    return line.left > last.left + INDENT and not is_centred


def _joined_text(lines: Sequence[Line]) -> str:
    pieces = [lines[0].text]
    for last, line in pairwise(lines):
        pieces += ["" if _is_within_a_word(last.text, line.text) else " ", line.text]
    return "".join(pieces)


def _is_within_a_word(text: str, following: str) -> bool:
    """Whether a line was broken where no space is: at a hyphen, or because a number was wider than its column."""
    if HYPHEN_WITHIN.fullmatch(text[-2:] + following[:1]):
        return True
    if NARROW_NUMBER.fullmatch(text) and REST_OF_A_NUMBER.fullmatch(following):
        return True
    begun, rest = text.rpartition(" ")[2], following.partition(" ")[0].rstrip(".,;:)")
    return "/" in begun + rest and bool(DAY_OR_MONTH.fullmatch(begun + rest)) and not DAY_OR_MONTH.fullmatch(begun)
