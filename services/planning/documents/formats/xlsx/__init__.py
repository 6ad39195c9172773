"""Opens an XLSX file: each visible sheet is the paragraphs around its table, and the table, as Excel prints them."""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook, load_workbook

from services.planning.documents.document import Block, Document, UnreadableDocument
from services.planning.documents.formats.archive import NOT_OFFICE_XML, TOO_LARGE, Archive
from services.planning.documents.formats.xlsx.blocks import blocks_of
from services.planning.documents.formats.xlsx.sheet import Sheet, read_sheet

MAX_OTHER_BYTES = 60 * 1024 * 1024  # shared strings, styles and the like, which openpyxl holds in memory
MAX_SHEETS = 100
TOO_MANY_SHEETS = f"Tài liệu quá lớn: có hơn {MAX_SHEETS} trang tính. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
HIDDEN_SHEET = "Trang tính “{title}” bị ẩn nên không được đọc."


def read_xlsx(path: Path) -> Document:
    """Formulas give the values that were last stored. Raises `UnreadableDocument`."""
    content = path.read_bytes()
    _refuse_bombs(Archive(content))
    blocks: list[Block] = []
    notes: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that it drops
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in _sheets(book, notes):
            blocks.extend(blocks_of(sheet))
            notes.extend(sheet.notes)
    return Document(tuple(blocks), tuple(notes))


def _refuse_bombs(archive: Archive) -> None:
    others = [name for name in archive.names if name.endswith((".xml", ".rels")) and "/worksheets/" not in name]
    if sum(map(archive.size_of, others)) > MAX_OTHER_BYTES:
        raise UnreadableDocument(TOO_LARGE)
    for name in others:
        # A part that lies about its size is stopped here.
        if b"<!ENTITY" in (part := archive.read(name, archive.size_of(name))) or b"<!DOCTYPE" in part[:4096]:
            raise UnreadableDocument(NOT_OFFICE_XML)


def _sheets(book: Workbook, notes: list[str]) -> Iterator[Sheet]:
    if len(book.worksheets) > MAX_SHEETS:
        raise UnreadableDocument(TOO_MANY_SHEETS)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            notes.append(HIDDEN_SHEET.format(title=sheet.title))
        else:
            yield read_sheet(book, sheet)
