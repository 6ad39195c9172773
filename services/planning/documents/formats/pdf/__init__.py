"""Opens a PDF file by its text layer: limits, and notes about what could not be read."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium

from services.planning.documents.document import Document
from services.planning.documents.formats.pdf.blocks import blocks_of
from services.planning.documents.formats.pdf.page import Page, read_page
from services.planning.documents.formats.pdf.text_layer import MAX_LETTERS, TOO_MANY_LETTERS
from services.planning.documents.formats.refusals import DAMAGED, LOCKED
from services.planning.documents.formats.text_cleaning import OLD_FONT
from shared.office_files.unreadable import UnreadableDocument

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
UNREAD = (
    "Trang {pages} có bảng không kẻ đường mà không nhận ra các cột; nội dung bảng được đọc như chữ thường. "
    "Hãy dùng tệp gốc .docx hoặc .xlsx."
)
TWO_COLUMNS = "Trang {pages} được in thành hai cột chữ: đọc hết cột trái rồi đến cột phải."
NO_NUMBERS = (
    "Trang {pages} có bảng không kẻ đường, không có số thứ tự: các dòng được tách theo chỗ xuống dòng; "
    "hãy đối chiếu với văn bản gốc."
)
UNMAPPED = (
    "Phông chữ trong tệp PDF không cho biết mặt chữ nên không đọc được. Hãy dùng tệp gốc .docx, hoặc xuất lại tệp PDF."
)
UNMAPPED_SHARE = 0.2  # of the pages


def read_pdf(path: Path) -> Document:
    """Page numbers and lines repeated at the edge of the pages are left out. Raises `UnreadableDocument`."""
    # pypdfium2, because a page takes pdfplumber 0.1 s and this 0.01 s: 300 pages must be read in 15 s.
    try:
        file = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(LOCKED if "assword" in str(error) else DAMAGED) from error
    if len(file) > MAX_PAGES:
        raise UnreadableDocument(TOO_MANY_PAGES.format(count=f"{len(file):,}".replace(",", ".")))
    pages = list(_pages(file))
    _refuse_unreadable(pages)
    doubts = (
        (PARTLY_SCANNED, [page for page in pages if page.is_scanned]),
        (DRAWINGS, [page for page in pages if page.is_drawing]),
        (UNREAD, [page for page in pages if page.has_unread_table]),
        (TWO_COLUMNS, [page for page in pages if page.gutter]),
        (NO_NUMBERS, [page for page in pages if page.has_table_without_numbers]),
    )
    notes = [note.format(pages=", ".join(str(page.number) for page in found)) for note, found in doubts if found]
    return Document(tuple(blocks_of(pages)), (*notes, *_notes_of_old_fonts(pages)))


def _pages(file: pdfium.PdfDocument) -> Iterator[Page]:
    letters = 0
    page = None
    for number in range(1, len(file) + 1):
        page = read_page(file, number, page)
        letters += page.letters
        if letters > MAX_LETTERS:
            raise UnreadableDocument(TOO_MANY_LETTERS)
        yield page


def _notes_of_old_fonts(pages: list[Page]) -> Iterator[str]:
    for font in sorted({font for page in pages for font in page.old_fonts}):
        numbers = dict.fromkeys(str(page.number) for page in pages if font in page.old_fonts)
        yield OLD_FONT.format(place=f"Trang {', '.join(numbers)}", font=font)


def _refuse_unreadable(pages: list[Page]) -> None:
    if not pages:
        raise UnreadableDocument(DAMAGED)
    if sum(page.is_unknown for page in pages) > UNMAPPED_SHARE * len(pages):
        raise UnreadableDocument(UNMAPPED)
    if any(page.is_scanned for page in pages) and all(page.is_scanned or not page.letters for page in pages):
        raise UnreadableDocument(SCANNED)
