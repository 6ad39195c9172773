"""Opens a plain text file as paragraphs and tables: each kind of table is looked for in the lines that others left."""

from services.planning.documents.document import Block, Document, Table
from services.planning.documents.formats.plain_text.flattened_tables import flattened_tables
from services.planning.documents.formats.plain_text.lines import Note, RunOrTable, TableReader, lines_of
from services.planning.documents.formats.plain_text.listed_tables import listed_tables, lost_tables
from services.planning.documents.formats.plain_text.paragraphs import paragraphs
from services.planning.documents.formats.plain_text.piped_tables import piped_tables
from services.planning.documents.formats.plain_text.tabbed_tables import tabbed_tables
from shared.office_files.unreadable import UnreadableDocument

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
