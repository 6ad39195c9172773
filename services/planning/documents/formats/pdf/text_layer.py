"""Reads the text layer of a PDF page: pieces of words with their places, in the order in which they were written."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import combining

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.planning.documents.formats.text_cleaning import (
    converted,
    holds_old_letters,
    is_old_font,
    plain_name,
    with_letters_for_hyphens,
)
from shared.office_files.unreadable import UnreadableDocument

BLANKS = frozenset((9, 32, 0xA0, 0x2002, 0x2003, 0x3000))
BREAKS = frozenset((10, 13))
NOT_LETTERS = frozenset((0, 0xFFFD, 0xFFFE, 0xFFFF))
HYPHEN_AT_A_BREAK = 2  # what pdfium puts for a hyphen that ends a line
FORCE_BOLD = 1 << 18
MAX_LETTERS = 1_000_000
TOO_MANY_LETTERS = "Tài liệu quá lớn hoặc bất thường: có quá nhiều chữ. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
CHECKED = 400  # letters of a page of which the font's map is looked at
UNKNOWN_SHARE = 0.1
NEAR = 1.0  # points

Box = tuple[float, float, float, float]
BoxTurn = Callable[[float, float, float, float], Box]


@dataclass(slots=True)
class Piece:
    """A word, or a part of one where the font changes. Coordinates go right and down.

    `spaced_before` and `spaced_after`: whether the file has a space there. Without one the width of the gap decides.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    bold: bool
    spaced_before: bool = False
    spaced_after: bool = False
    old_font: str | None = None  # its name, if its letters may be from before Unicode

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def centre(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class TextLayer:
    """`letters` is their number; `is_unknown` where the fonts do not map their letters to Unicode.

    `old_fonts` are those whose text was converted.
    """

    pieces: list[Piece]
    letters: int
    is_unknown: bool
    old_fonts: tuple[str, ...] = ()


def text_layer(page: pdfium.PdfPage) -> TextLayer:
    """Raises `UnreadableDocument` for a page of more letters than a document may have."""
    text_page = page.get_textpage()
    try:
        if text_page.count_chars() > MAX_LETTERS:
            raise UnreadableDocument(TOO_MANY_LETTERS)
        return _TextLayerReader(page, text_page).text_layer()
    finally:
        text_page.close()


class _TextLayerReader:
    """Calls pdfium as rarely as possible, for the places of whole words only: a document may have a million letters."""

    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> None:
        self._text_page = text_page.raw
        self._codes = self._all_codes(text_page.count_chars())
        self._turn = _box_turn_of(page)
        self._box = pdfium_c.FS_RECTF()
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()

    def _all_codes(self, count: int) -> list[int]:
        text_page, code_at = self._text_page, pdfium_c.FPDFText_GetUnicode
        return [code_at(text_page, place) for place in range(count)]

    def text_layer(self) -> TextLayer:
        pieces: list[Piece] = []
        is_open = False
        for place, code in enumerate(self._codes):
            if code in BLANKS or code in BREAKS:
                if is_open:
                    pieces[-1].spaced_after = self._is_written(place)
                is_open = False
            elif text := _letter(code):
                left, right, top, bottom = self._place_of(place)
                if is_open and (abs(left - pieces[-1].right) < NEAR or combining(text)):
                    pieces[-1].text += text
                    pieces[-1].right = max(right, pieces[-1].right)
                else:
                    is_bold, old_font = self._font_at(place)
                    pieces.append(Piece(text, left, right, top, bottom, is_bold, old_font=old_font))
                    pieces[-1].spaced_before = not is_open and self._is_after_space(place, left)
                is_open = True
        old_fonts = _convert_old_fonts(pieces)
        return TextLayer(pieces, sum(len(piece.text) for piece in pieces), self._is_unknown(), old_fonts)

    def _is_after_space(self, place: int, left: float) -> bool:
        return place > 0 and self._is_written(place - 1) and abs(self._place_of(place - 1)[1] - left) < NEAR

    def _is_written(self, place: int) -> bool:
        """Whether a space is in the file. pdfium adds spaces of its own, also where only the font changes."""
        return self._codes[place] in BLANKS and not pdfium_c.FPDFText_IsGenerated(self._text_page, place)

    def _place_of(self, place: int) -> Box:
        box = self._box
        pdfium_c.FPDFText_GetLooseCharBox(self._text_page, place, box)
        return self._turn(box.left, box.top, box.right, box.bottom)

    def _font_at(self, place: int) -> tuple[bool, str | None]:
        """Whether it is bold, and its name if its letters may be from before Unicode."""
        pdfium_c.FPDFText_GetFontInfo(self._text_page, place, self._name, len(self._name), self._flags)
        name = self._name.value.lower()
        is_bold = b"bold" in name or b"black" in name or bool(self._flags.value & FORCE_BOLD)
        font = plain_name(self._name.value.decode(errors="replace")) if b"vn" in name else None
        return is_bold, font if is_old_font(font) else None

    def _is_unknown(self) -> bool:
        checked = range(min(len(self._codes), CHECKED))
        unmapped = sum(pdfium_c.FPDFText_HasUnicodeMapError(self._text_page, place) == 1 for place in checked)
        unknown = sum(not _letter(code) for code in self._codes if code > 0x7F or code == 0)
        return unmapped > UNKNOWN_SHARE * len(checked) or unknown > UNKNOWN_SHARE * len(self._codes)


def _box_turn_of(page: pdfium.PdfPage) -> BoxTurn:
    """Turns a box (left, top, right, bottom), as `rules` turns a point, to (left, right, top, bottom)."""
    turns: dict[int, BoxTurn] = {
        0: lambda left, top, right, bottom: (left, right, -top, -bottom),
        90: lambda left, top, right, bottom: (bottom, top, left, right),
        180: lambda left, top, right, bottom: (-right, -left, bottom, top),
        270: lambda left, top, right, bottom: (-top, -bottom, -right, -left),
    }
    return turns[page.get_rotation() % 360]


def _letter(code: int) -> str:
    if code in NOT_LETTERS or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return ""
    return "-" if code == HYPHEN_AT_A_BREAK else chr(code)


def _convert_old_fonts(pieces: list[Piece]) -> tuple[str, ...]:
    """Converts the text in each old font, and returns those fonts. All of its text on the page decides: some words are
    the same in both.
    """
    by_font: dict[str, list[str]] = {}
    for piece in pieces:
        if piece.old_font:
            by_font.setdefault(piece.old_font, []).append(piece.text)
    old = {font for font, texts in by_font.items() if holds_old_letters(" ".join(texts), font)}
    for piece in pieces:
        if piece.old_font and piece.old_font in old:
            piece.text = converted(with_letters_for_hyphens(piece.text, piece.old_font), piece.old_font)
    return tuple(sorted(old))
