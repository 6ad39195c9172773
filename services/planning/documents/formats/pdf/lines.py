"""Puts the words of a page, or of a cell, into lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from services.planning.documents.formats.letters import cleaned
from services.planning.documents.formats.pdf.text_layer import Piece

SPACE = 0.2  # of the height of a letter
COLUMN_GAP = 3.0
LONGEST_NUMBER = 5


@dataclass(frozen=True)
class Line:
    """`first_word` is the width of the line's first word, which tells whether it had room on the line before."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    bold: bool
    first_word: float
    after_number: float  # where the text begins after a number or a bullet; `left` where there is none

    @property
    def centre(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def lines_of(pieces: Iterable[Piece], has_columns: bool = False) -> list[Line]:
    """The lines from the top down. With `has_columns`, a line with a wide gap is two, the left one first."""
    lines: list[Line] = []
    for row in _rows(sorted(pieces, key=lambda piece: piece.centre)):
        words = _words(sorted(row, key=lambda piece: piece.left))
        lines.extend(_line(part) for part in (_parts(words) if has_columns else [words]))
    return [line for line in lines if line.text]


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    rows: list[list[Piece]] = []
    centre = height = 0.0
    for piece in pieces:
        size = piece.bottom - piece.top
        if rows and piece.centre - centre <= 0.4 * max(height, size, 1.0):
            rows[-1].append(piece)
            continue
        rows.append([piece])
        centre, height = piece.centre, size
    return rows


def _words(row: Sequence[Piece]) -> list[list[Piece]]:
    words = [[row[0]]]
    for before, piece in pairwise(row):
        gap = piece.left - before.right
        if before.spaced_after or piece.spaced_before or gap > SPACE * (piece.bottom - piece.top):
            words.append([])
        words[-1].append(piece)
    return words


def _parts(words: list[list[Piece]]) -> list[list[list[Piece]]]:
    parts = [[words[0]]]
    for before, word in pairwise(words):
        is_after_number = len(parts[-1]) == 1 and len(_text(before)) <= LONGEST_NUMBER
        gap = word[0].left - before[-1].right
        if gap > COLUMN_GAP * (word[0].bottom - word[0].top) and not is_after_number:
            parts.append([])
        parts[-1].append(word)
    return parts


def _line(words: Sequence[Sequence[Piece]]) -> Line:
    pieces = [piece for word in words for piece in word]
    return Line(
        cleaned(" ".join(_text(word) for word in words)),
        pieces[0].left,
        max(piece.right for piece in pieces),
        median(piece.top for piece in pieces),
        median(piece.bottom for piece in pieces),
        all(piece.bold for piece in pieces),
        max(piece.right for piece in words[0]) - pieces[0].left,
        words[1][0].left if len(words) > 1 else pieces[0].left,
    )


def _text(word: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in word)
