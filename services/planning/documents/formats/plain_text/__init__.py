"""Opens a plain text file as paragraphs and tables: each kind of table is looked for in the lines that others left.

Makes paragraphs of prose: one for each line, except where a page or window broke a line within a sentence.
"""

import re
from dataclasses import dataclass, replace

from services.planning.documents.document import Block, Document, Paragraph, Table
from services.planning.documents.formats.plain_text.flattened_tables import flattened_tables
from services.planning.documents.formats.plain_text.line_kinds import (
    begins_item,
    goes_on_small,
    is_bullet,
    is_signature,
)
from services.planning.documents.formats.plain_text.lines import (
    Line,
    Note,
    Run,
    RunOrTable,
    TableReader,
    lines_of,
    place,
    plain,
)
from services.planning.documents.formats.plain_text.listed_tables import listed_tables, lost_tables
from services.planning.documents.formats.plain_text.row_per_line_tables import piped_tables, tabbed_tables
from shared.office_files.unreadable import UnreadableDocument

_KEY_AND_VALUE = re.compile(r"\W{0,3}[^:\n]{2,60}:\s*\S")
_WIDEST_WRAPPED_LINE = 140
_LONGEST_ADDED_LINE = 250


@dataclass(frozen=True)
class _Piece:
    """A line without its marks. `gap`: blank lines before it; `length`: as it was printed."""

    text: str
    line: int
    bold: bool
    gap: bool
    length: int


def paragraphs(run: Run) -> list[Paragraph]:
    pieces = _pieces(run)
    wrapped_at = _wrapped_at(pieces)
    spaced = sum(piece.gap for piece in pieces) * 4 >= len(pieces)
    texts: list[list[str]] = []
    firsts: list[_Piece] = []
    last: _Piece | None = None
    for index, piece in enumerate(pieces):
        joint = _joint(last, piece, wrapped_at) if last else None
        if joint is None and last and spaced and _adds_to_value(firsts[-1], last, piece, pieces[index + 1 : index + 2]):
            joint = "\n"
        if joint is None:
            texts.append([piece.text])
            firsts.append(piece)
        else:
            texts[-1] += [joint, piece.text]
        last = piece
    return [
        Paragraph("".join(text), place(first.line), bold=first.bold) for text, first in zip(texts, firsts, strict=True)
    ]


def _pieces(run: Run) -> list[_Piece]:
    pieces: list[_Piece] = []
    gap = False
    for line in run:
        found = [_Piece(text, line.number, bold, gap, len(line.text)) for text, bold in _texts(line) if text]
        if found:
            pieces += [found[0], *(replace(piece, gap=True) for piece in found[1:])]
        gap = not found
    return pieces


def _texts(line: Line) -> list[tuple[str, bool]]:
    """A TAB after a number or bullet is a space; elsewhere within a line it stands between two columns of a page."""
    parts = [part for part in line.text.split("\t") if part.strip()]
    if len(parts) < 2 or begins_item(parts[0].strip() + " ") or len(parts[0].strip()) < 3:
        return [plain(" ".join(part.strip() for part in parts))] if parts else []
    return [plain(part) for part in parts]


def _joint(last: _Piece, piece: _Piece, wrapped_at: int | None) -> str | None:
    """What stands between two lines of one paragraph; None between two paragraphs."""
    if goes_on_small(last.text, piece.text):
        return " "
    if wrapped_at is None or piece.gap or last.bold != piece.bold or begins_item(piece.text):
        return None
    shouted = last.text == last.text.upper()
    return " " if last.length >= wrapped_at and not shouted and not is_signature(piece.text) else None


def _adds_to_value(first: _Piece, last: _Piece, piece: _Piece, following: list[_Piece]) -> bool:
    """A line right below "- Thời gian: …" that is no bullet, in a text that has blank lines between its paragraphs."""
    if piece.gap or begins_item(piece.text) or len(piece.text) > _LONGEST_ADDED_LINE or is_signature(piece.text):
        return False
    follows_bullet = is_bullet(first.text) and bool(_KEY_AND_VALUE.match(last.text) or first is not last)
    ends_there = not following or following[0].gap or is_bullet(following[0].text)
    return follows_bullet and ends_there and piece.text != piece.text.upper() and not is_signature(first.text[2:])


def _wrapped_at(pieces: list[_Piece]) -> int | None:
    """The length from which a line was broken by the width of a window, where most of the text was; else None."""
    longest = max((piece.length for piece in pieces), default=0)
    if len(pieces) < 8 or longest > _WIDEST_WRAPPED_LINE or longest < 40:
        return None
    long = sum(piece.length >= longest * 0.85 for piece in pieces)
    return int(longest * 0.8) if long * 5 >= len(pieces) * 2 else None


_READERS: tuple[TableReader, ...] = (piped_tables, tabbed_tables, flattened_tables, listed_tables, lost_tables)


def read_text(content: bytes) -> Document:
    """Every word of the text in its order, with "dòng N" (from 1) as places.

    Raises UnreadableDocument for what is no text, no Unicode, or empty.
    """
    notes: list[Note] = []
    lines = lines_of(content)
    parts: list[RunOrTable] = [] if all(line.blank for line in lines) else [lines]
    for reader in _READERS:
        parts = [new for part in parts for new in (_split(part, reader, notes))]
    blocks = tuple(block for part in parts for block in _blocks(part))
    if not blocks:
        raise UnreadableDocument("Tệp không có chữ nào.")
    ordered = sorted(notes, key=lambda note: note.line)
    return Document(blocks, tuple(f"Dòng {note.line}: {note.sentence}" for note in ordered))


def _split(part: RunOrTable, reader: TableReader, notes: list[Note]) -> list[RunOrTable]:
    if isinstance(part, Table):
        return [part]
    return [new for new in reader(part, notes) if new]


def _blocks(part: RunOrTable) -> list[Block]:
    return [part] if isinstance(part, Table) else [*paragraphs(part)]
