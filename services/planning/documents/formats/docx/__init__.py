"""Opens a DOCX file: its paragraphs and tables as they are seen, with the numbers that Word counts itself."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from services.planning.documents.document import Block, Document, Paragraph, UnreadableDocument
from services.planning.documents.formats.archive import DAMAGED, Archive
from services.planning.documents.formats.docx.blocks import boxes, children
from services.planning.documents.formats.docx.names import W
from services.planning.documents.formats.docx.numbering import Numbering
from services.planning.documents.formats.docx.paragraphs import Writing
from services.planning.documents.formats.docx.styles import Styles
from services.planning.documents.formats.docx.tables import read_table
from services.planning.documents.formats.grid import MAX_ROWS

TOO_MANY_ROWS = f"Tài liệu quá lớn: bảng có hơn {MAX_ROWS:,} hàng. Hãy tách thành các tệp nhỏ hơn rồi đọc lại.".replace(
    ",", "."
)
FOOTNOTES = "Tài liệu có {count} chú thích ở chân trang hoặc cuối bài; phần này không được đọc."
IMPORTED = (
    "Tài liệu có {count} phần được chèn từ tệp khác; phần này không được đọc. Hãy mở bằng Word, lưu lại rồi đọc lại."
)
EMBEDDED = "Tài liệu có {count} đối tượng nhúng (như bảng Excel); nội dung trong đó không được đọc."
ROW_END = b"</w:tr>"


def read_docx(path: Path) -> Document:
    """Headers, footers, notes, comments, hidden and deleted text are left out. Raises `UnreadableDocument`."""
    archive = Archive(path.read_bytes())
    main = archive.related("officeDocument") or "word/document.xml"
    if main not in archive.names:
        raise UnreadableDocument(DAMAGED)
    # Counted before the tree is built, which takes twenty times the memory.
    if archive.read(main).count(ROW_END) > MAX_ROWS:
        raise UnreadableDocument(TOO_MANY_ROWS)
    root = archive.tree(main)
    body = root.find(W + "body")
    if body is None:
        raise UnreadableDocument(DAMAGED)
    styles = Styles(_part(archive, "styles", main))
    writing = Writing(styles, Numbering(_part(archive, "numbering", main), styles))
    return Document(tuple(_blocks(body, writing)), tuple(_notes(body)))


def _part(archive: Archive, kind: str, main: str) -> etree._Element | None:
    name = archive.related(kind, main)
    return None if name is None else archive.tree(name)


def _blocks(body: etree._Element, writing: Writing) -> Iterator[Block]:
    paragraphs = tables = 0
    for element in children(body, W + "p", W + "tbl"):
        if element.tag == W + "tbl":
            tables += 1
            if table := read_table(element, f"bảng {tables}", writing):
                yield table
            continue
        for paragraph in (element, *boxes(element)):
            written = writing.read(paragraph)
            if written.text:
                paragraphs += 1
                yield Paragraph(written.text, f"đoạn {paragraphs}", written.number, written.bold)


def _notes(body: etree._Element) -> Iterator[str]:
    left_out = (
        (FOOTNOTES, ("footnoteReference", "endnoteReference")),
        (IMPORTED, ("altChunk",)),
        (EMBEDDED, ("object",)),
    )
    for note, names in left_out:
        if count := sum(1 for _ in body.iter(*(W + name for name in names))):
            yield note.format(count=count)
