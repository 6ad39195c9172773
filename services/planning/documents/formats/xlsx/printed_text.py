"""Reads the text of a cell as it is printed: without what is crossed out, and in Unicode where its font is older."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock

from services.planning.documents.formats.old_fonts import OldTexts, converted, is_old_font
from services.planning.documents.formats.text_cleaning import OLD_FONT, STRUCK, cleaned, first_words
from services.planning.documents.formats.xlsx.displayed_values import displayed
from shared.office_files.worksheets import font_of, number_format


@dataclass(frozen=True)
class PrintedText:
    text: str = ""
    struck: str = ""
    old_font: str | None = None

    def notes(self, place: str) -> list[str]:
        struck = [STRUCK.format(place=place, text=first_words(self.struck))] if self.struck else []
        return struck + ([OLD_FONT.format(place=place, font=self.old_font)] if self.old_font else [])


class TextPrinter:
    """Reads the cells of one workbook, whose styles it looks up once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._styles: dict[int, tuple[Any, str, bool]] = {}
        self._old = OldTexts()

    def printed(self, cell: dict[str, Any]) -> PrintedText:
        """Of a cell as the parser of openpyxl gives it; nothing for an error such as #REF!."""
        value = cell["value"]
        if value is None or cell["data_type"] == "e":
            return PrintedText()
        font, number_format, is_plain = self._style(cell["style_id"])
        if is_plain and not isinstance(value, CellRichText):
            return PrintedText(cleaned(displayed(value, number_format)))
        return _printed(list(_pieces(value, font, number_format)), self._old)

    def _style(self, style_id: int) -> tuple[Any, str, bool]:
        if style_id not in self._styles:
            font = font_of(self._book, style_id)
            is_plain = not font.strike and not is_old_font(font.name)
            self._styles[style_id] = font, number_format(self._book, style_id), is_plain
        return self._styles[style_id]


def _printed(pieces: list[tuple[str, str | None, bool]], old_texts: OldTexts) -> PrintedText:
    living = [(text, font) for text, font, is_struck in pieces if not is_struck]
    struck = cleaned("".join(text for text, _, is_struck in pieces if is_struck))
    old = "".join(text for text, font in living if font)
    font = next((font for _, font in living if font), None)
    if font is None or not old_texts.holds(old, font):
        return PrintedText(cleaned("".join(text for text, _ in living)), struck)
    return PrintedText(cleaned("".join(converted(text, name) if name else text for text, name in living)), struck, font)


def _pieces(value: object, font: Any, number_format: str) -> Iterator[tuple[str, str | None, bool]]:
    """The texts with the name of an old font, and whether they are crossed out."""
    if not isinstance(value, CellRichText):
        yield displayed(value, number_format), _old(font.name), bool(font.strike)
        return
    for part in value:
        if isinstance(part, TextBlock):
            yield part.text, _old(part.font.rFont or font.name), bool(part.font.strike)
        else:
            yield part, _old(font.name), bool(font.strike)


def _old(name: str | None) -> str | None:
    return name if is_old_font(name) else None
