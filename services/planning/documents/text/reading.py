"""A text becomes paragraphs and tables: each kind of table is looked for in what the kinds before it left."""

from services.planning.documents.document import Block, Document, Table, UnreadableDocument
from services.planning.documents.text.decoding import lines_of
from services.planning.documents.text.flattened_rows import flattened_tables
from services.planning.documents.text.lines import Note, Part, Reader
from services.planning.documents.text.listed import listed_tables
from services.planning.documents.text.lost_tables import lost_tables
from services.planning.documents.text.piped import piped_tables
from services.planning.documents.text.prose import paragraphs
from services.planning.documents.text.tabbed import tabbed_tables

_READERS: tuple[Reader, ...] = (piped_tables, tabbed_tables, flattened_tables, listed_tables, lost_tables)


def read_text(content: bytes) -> Document:
    """Every word of the text in its order, with "dòng N" (from 1) as places.

    Raises UnreadableDocument for what is no text, no Unicode, or empty.
    """
    notes: list[Note] = []
    lines = lines_of(content)
    parts: list[Part] = [] if all(line.blank for line in lines) else [lines]
    for reader in _READERS:
        parts = [new for part in parts for new in (_apart(part, reader, notes))]
    blocks = tuple(block for part in parts for block in _blocks(part))
    if not blocks:
        raise UnreadableDocument("Tệp không có chữ nào.")
    ordered = sorted(notes, key=lambda note: note.line)
    return Document(blocks, tuple(f"Dòng {note.line}: {note.sentence}" for note in ordered))


def _apart(part: Part, reader: Reader, notes: list[Note]) -> list[Part]:
    if isinstance(part, Table):
        return [part]
    return [new for new in reader(part, notes) if new]


def _blocks(part: Part) -> list[Block]:
    return [part] if isinstance(part, Table) else [*paragraphs(part)]
