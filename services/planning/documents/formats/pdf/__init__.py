"""Opens a PDF file by its text layer: the tables that are ruled, those that go on over pages as one, and the text."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium

from services.planning.documents.document import Document, UnreadableDocument
from services.planning.documents.formats.archive import DAMAGED, LOCKED
from services.planning.documents.formats.pdf.blocks import blocks_of
from services.planning.documents.formats.pdf.page import Page, read_page
from services.planning.documents.formats.pdf.text_layer import MAX_LETTERS, TOO_MANY_LETTERS

MAX_PAGES = 500
TOO_MANY_PAGES = (
    f"Tài liệu quá lớn: {{count}} trang, nhiều nhất là {MAX_PAGES} trang. "
    "Hãy tách phần kế hoạch ra tệp riêng rồi đọc lại."
)
SCANNED = (
    "Tệp PDF là bản quét (ảnh chụp), không có lớp chữ để đọc. "
    "Hãy dùng tệp gốc .docx hoặc .xlsx, hoặc nhận dạng chữ (OCR) rồi đọc lại."
)
PARTLY_SCANNED = "Trang {pages} là bản quét (ảnh), không có lớp chữ nên không được đọc."
DRAWINGS = "Trang {pages} có quá nhiều nét vẽ; bảng ở đó (nếu có) được đọc như chữ thường."
UNMAPPED = (
    "Phông chữ trong tệp PDF không cho biết mặt chữ nên không đọc được. Hãy dùng tệp gốc .docx, hoặc xuất lại tệp PDF."
)
UNMAPPED_SHARE = 0.2  # of the pages


def read_pdf(path: Path) -> Document:
    """Page numbers and what repeats at the edge of the pages are left out. Raises `UnreadableDocument`."""
    # pypdfium2, because a page takes pdfplumber 0.1 s and this 0.01 s: 300 pages must be read in 15 s.
    try:
        file = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(LOCKED if "assword" in str(error) else DAMAGED) from error
    if len(file) > MAX_PAGES:
        raise UnreadableDocument(TOO_MANY_PAGES.format(count=f"{len(file):,}".replace(",", ".")))
    pages = list(_pages(file))
    _refuse_unreadable(pages)
    scanned = [str(page.number) for page in pages if page.is_scanned]
    drawn = [str(page.number) for page in pages if page.is_drawing]
    notes = [
        note.format(pages=", ".join(told)) for note, told in ((PARTLY_SCANNED, scanned), (DRAWINGS, drawn)) if told
    ]
    return Document(tuple(blocks_of(pages)), tuple(notes))


def _pages(file: pdfium.PdfDocument) -> Iterator[Page]:
    letters = 0
    for number in range(1, len(file) + 1):
        page = read_page(file, number)
        letters += page.letters
        if letters > MAX_LETTERS:
            raise UnreadableDocument(TOO_MANY_LETTERS)
        yield page


def _refuse_unreadable(pages: list[Page]) -> None:
    if not pages:
        raise UnreadableDocument(DAMAGED)
    if sum(page.is_unknown for page in pages) > UNMAPPED_SHARE * len(pages):
        raise UnreadableDocument(UNMAPPED)
    if any(page.is_scanned for page in pages) and all(page.is_scanned or not page.letters for page in pages):
        raise UnreadableDocument(SCANNED)
