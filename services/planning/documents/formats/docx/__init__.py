"""Opens a DOCX file: the visible paragraphs and tables, with the numbers of automatic lists."""

from pathlib import Path
from posixpath import dirname, join, normpath

from lxml import etree

from services.planning.documents.document import Document
from services.planning.documents.formats.docx.blocks import BlockReader, notes_of, with_tables_of_tabs
from services.planning.documents.formats.docx.elements import Styles, W
from services.planning.documents.formats.docx.list_numbers import Numbering
from services.planning.documents.formats.docx.paragraphs import ParagraphReader
from services.planning.documents.formats.refusals import DAMAGED, MAX_PARTS, NOT_OFFICE_XML, damage_refused
from services.planning.documents.formats.table_grid import MAX_ROWS
from shared.office_files.archive import Archive
from shared.office_files.unreadable import UnreadableDocument

MAX_PART_BYTES = 100 * 1024 * 1024
TOO_MANY_ROWS = f"Tài liệu quá lớn: bảng có hơn {MAX_ROWS:,} hàng. Hãy tách thành các tệp nhỏ hơn rồi đọc lại.".replace(
    ",", "."
)
TOO_DEEP = "Tài liệu bất thường: các bảng hoặc khung lồng nhau quá sâu. Hãy bỏ bớt các lớp lồng nhau rồi đọc lại."
ROW_END = b"</w:tr>"
STRICT = b"http://purl.oclc.org/ooxml/"

_STRICT_NAMES = {
    STRICT + b"wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    STRICT + b"officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


@damage_refused()
def read_docx(path: Path) -> Document:
    """Headers, footers, notes, comments, hidden, deleted and struck text are left out. Raises `UnreadableDocument`."""
    archive = Archive(path.read_bytes(), MAX_PARTS)
    main = _related(archive, "officeDocument") or "word/document.xml"
    if main not in archive.names:
        raise UnreadableDocument(DAMAGED)
    # Counted before the tree is built, which takes twenty times the memory.
    if archive.read(main, MAX_PART_BYTES).count(ROW_END) > MAX_ROWS:
        raise UnreadableDocument(TOO_MANY_ROWS)
    body = _tree(archive, main).find(W + "body")
    if body is None:
        raise UnreadableDocument(DAMAGED)
    styles = Styles(_related_tree(archive, "styles", main))
    numbering = Numbering(_related_tree(archive, "numbering", main), styles)
    footnotes = _footnotes(_related_tree(archive, "footnotes", main))
    reader = BlockReader(ParagraphReader(styles, numbering, footnotes))
    blocks = tuple(with_tables_of_tabs(reader.blocks_of(body), reader.notes))
    return Document(blocks, (*notes_of(body), *dict.fromkeys(reader.notes)))


def _footnotes(tree: etree._Element | None) -> dict[str, str]:
    notes = () if tree is None else tree.iter(W + "footnote")
    return {str(note.get(W + "id")): "".join(text.text or "" for text in note.iter(W + "t")) for note in notes}


def _related_tree(archive: Archive, kind: str, source: str) -> etree._Element | None:
    name = _related(archive, kind, source)
    return None if name is None else _tree(archive, name)


def _related(archive: Archive, kind: str, source: str = "") -> str | None:
    """The part to which a part (the package, where none is named) relates by a kind such as "styles"."""
    relations = join(dirname(source), "_rels", source.rpartition("/")[2] + ".rels")
    if relations not in archive.names:
        return None
    for relation in _tree(archive, relations):
        target, mode = str(relation.get("Target", "")), relation.get("TargetMode")
        if str(relation.get("Type", "")).endswith("/" + kind) and mode != "External":
            name = normpath(join("/", dirname(source), target)).lstrip("/")
            if name in archive.names:
                return name
    return None


def _tree(archive: Archive, name: str) -> etree._Element:
    """A part as XML, of the transitional namespace if it was written in the strict one."""
    content = archive.read(name, MAX_PART_BYTES)
    if STRICT in content[:4096]:
        for strict, transitional in _STRICT_NAMES.items():
            content = content.replace(strict, transitional)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(_refusal(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocument(NOT_OFFICE_XML)
    return root


def _refusal(error: etree.XMLSyntaxError) -> str:
    text = str(error)
    if "depth" in text:
        return TOO_DEEP
    if "allocat" in text or "memory" in text:
        raise MemoryError from error
    return NOT_OFFICE_XML if "entity" in text.lower() else DAMAGED
