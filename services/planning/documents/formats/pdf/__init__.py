"""Opens a PDF file by its text layer: paragraphs, and ruled tables, one that continues over pages as one table.

Puts the lines and tables of all pages in one order, as paragraphs and as tables that may continue over pages.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pypdfium2 as pdfium

from services.planning.documents.document import Block, Document, Paragraph
from services.planning.documents.formats.pdf.lines import Line, goes_on_in_next_column, paragraphs_of
from services.planning.documents.formats.pdf.page import Page, TableOnPage, read_page
from services.planning.documents.formats.pdf.tables import PageContent, continued, rows_of
from services.planning.documents.formats.pdf.text_layer import MAX_LETTERS, TOO_MANY_LETTERS
from services.planning.documents.formats.refusals import DAMAGED, LOCKED
from services.planning.documents.formats.table_grid import table
from services.planning.documents.formats.text_cleaning import OLD_FONT, is_page_number
from shared.office_files.unreadable import UnreadableDocument

NUMBER_OF_A_PAGE = re.compile(r"\btrang\s*\d{1,3}(?:\s*/\s*\d{1,3})?$|^trang\s*\d{1,3}\b", re.IGNORECASE)
PAGE_OF_PAGES = re.compile(r"\btrang\s*\d{1,3}\s*/\s*\d{1,3}$", re.IGNORECASE)
NEAR = 3.0  # points within which lines end at the same place
OFTEN = 3


def blocks_of(pages: Sequence[Page]) -> Iterator[Block]:
    """Paragraphs and tables in their order; each first row of a further page has `page_begins`."""
    margins = _margins(pages)
    tables = 0
    for is_table, group in groupby(_contents(pages), key=lambda part: isinstance(part.content, TableOnPage)):
        if not is_table:
            yield from _paragraphs(list(group), margins)
            continue
        for parts in continued(list(group)):
            tables += 1
            if found := table(rows_of(parts, tables), f"trang {parts[0].page}, bảng {tables}"):
                yield found


def _contents(pages: Sequence[Page]) -> Iterator[PageContent]:
    repeated = _repeated(pages)
    for page in pages:
        edges = _edge_lines(page)
        contents: list[TableOnPage | Line] = [
            *(line for line in page.lines if not (line in edges and _is_repeated_or_number(line, repeated))),
            *page.tables,
        ]
        contents.sort(key=lambda found: found.read_at if isinstance(found, Line) else found.grid.ys[0])
        yield from (PageContent(page.number, content) for content in contents)


def _edge_lines(page: Page) -> list[Line]:
    """The first and the last line of a page, unless a table is above or below them."""
    top = min((found.grid.ys[0] for found in page.tables), default=float("inf"))
    bottom = max((found.grid.ys[-1] for found in page.tables), default=float("-inf"))
    first = [line for line in page.lines[:1] if line.top < top]
    return first + [line for line in page.lines[-1:] if line.bottom > bottom]


def _repeated(pages: Sequence[Page]) -> set[str]:
    seen = Counter(_without_number(line) for page in pages for line in set(_edge_lines(page)))
    counted = {_without_number(line) for page in pages for line in _edge_lines(page) if PAGE_OF_PAGES.search(line.text)}
    often = max(OFTEN, len(pages) // 2)
    return {text for text, count in seen.items() if count >= (2 if text in counted else often)}


def _is_repeated_or_number(line: Line, repeated: set[str]) -> bool:
    rest = _without_number(line)
    return is_page_number(line.text) or rest in repeated or not rest.strip(" |-–")


def _without_number(line: Line) -> str:
    """ "Kế hoạch năm 2026 | Trang 3" is the same on each page."""
    return NUMBER_OF_A_PAGE.sub("", line.text)


def _margins(pages: Sequence[Page]) -> dict[int, tuple[float, float]]:
    """The left and right end of the text of each page, from all pages of its width."""
    by_width: dict[int, list[Page]] = {}
    for page in pages:
        by_width.setdefault(round(page.width), []).append(page)
    margins: dict[int, tuple[float, float]] = {}
    for alike in by_width.values():
        lines = [line for page in alike for line in page.lines]
        left = -_reached([-line.left for line in lines])
        margins |= {page.number: (left, _reached([line.right for line in lines])) for page in alike}
    return margins


def _reached(ends: Sequence[float]) -> float:
    """The furthest place that several lines reach; a single one may stick out."""
    ends = sorted(ends, reverse=True)
    together = (end for end, other in zip(ends, ends[OFTEN - 1 :], strict=False) if end - other < NEAR)
    return next(together, ends[0] if ends else 0.0)


def _paragraphs(parts: Sequence[PageContent], margins: dict[int, tuple[float, float]]) -> Iterator[Paragraph]:
    page_of = {id(part.content): part.page for part in parts}
    last: Paragraph | None = None
    for ends, group in groupby(parts, key=lambda part: _ends_of_column(part, margins)):
        lines = [part.content for part in group if isinstance(part.content, Line)]
        for at, found in enumerate(paragraphs_of(lines, *ends)):
            if last and at == 0 and goes_on_in_next_column(last.text, found.text):
                last = replace(last, text=f"{last.text} {found.text}")
                continue
            if last:
                yield last
            last = Paragraph(found.text, f"trang {page_of[id(found.first)]}", bold=found.bold)
    if last:
        yield last


def _ends_of_column(part: PageContent, margins: dict[int, tuple[float, float]]) -> tuple[float, float]:
    column = part.content.column if isinstance(part.content, Line) else None
    return column or margins[part.page]


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
        (TWO_COLUMNS, [page for page in pages if page.has_columns]),
        (NO_NUMBERS, [page for page in pages if page.has_table_without_numbers]),
    )
    notes = [note.format(pages=", ".join(str(page.number) for page in found)) for note, found in doubts if found]
    return Document(tuple(blocks_of(pages)), (*notes, *_notes_of_old_fonts(pages)))


def _pages(file: pdfium.PdfDocument) -> Iterator[Page]:
    letters = 0
    columns = None
    for number in range(1, len(file) + 1):
        page = read_page(file, number, columns)
        columns = page.open_columns
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
