"""Puts the pieces of words of a page, or of a cell, into words and lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from services.planning.documents.formats.pdf.text_layer import Piece
from services.planning.documents.formats.text_cleaning import cleaned

SPACE = 0.2  # of the height of a letter
COLUMN_GAP = 3.0
LONGEST_NUMBER = 5


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
