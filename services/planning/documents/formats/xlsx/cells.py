"""Reads a cell as Excel prints it: its format, what is crossed out, old fonts, and days that it may have exchanged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter

from services.planning.documents.formats.text_cleaning import (
    OLD_FONT,
    STRUCK,
    OldTexts,
    cleaned,
    converted,
    first_words,
    is_old_font,
)
from shared.office_files.worksheets import font_of, number_format

THOUSANDS = 3  # digits
LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
BRACKETS = re.compile(r"\[[^\]]*\]")
DIGITS = re.compile(r"[#0?][#0?,.]*")
MONTHS = 12
MAX_NAMED = 20
DAY = re.compile(r"(?:(?:trước|đến|hết|từ|ngày) )*([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})\.?")
EXCHANGED = (
    "Trang tính “{title}”: {cells} là ô ngày, còn ô {text} ghi ngày bằng chữ; bảng tính có thể đã đổi ngày với tháng. "
    "Hãy đối chiếu thời hạn ở các ô này với văn bản gốc."
)


def displayed(value: object, number_format: str) -> str:
    """`value` as openpyxl gives it, by its number format: days first, with a decimal point.

    A grouped number is printed without its points: "1.234" would be read as 1,234.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, date):
        return _day(value, number_format)
    if isinstance(value, time | timedelta):
        return str(value).rpartition(":")[0]
    return str(value).replace("_x000D_", "")


def _day(value: date, number_format: str) -> str:
    """A format without the day prints a month, or a year, and means no more than that."""
    codes = BRACKETS.sub("", LITERAL.sub("", number_format)).lower()
    if "d" in codes or "h" in codes or "y" not in codes:
        return value.strftime("%d/%m/%Y")
    return value.strftime("%m/%Y" if "m" in codes else "%Y")


def _number(value: float, number_format: str) -> str:
    before, digits, after = _around_digits(number_format)
    if digits is None or not isfinite(value) or abs(value) > 1e15:
        return _general(value)
    amount = Decimal(repr(value)) * (100 if "%" in LITERAL.sub("", number_format) else 1)
    whole, _, decimals = digits.replace(",", "").partition(".")
    least, most = decimals.count("0"), len(decimals)
    text = str(amount.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP))
    if most > least:
        text = _fewest_decimals(text, least)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    head, point, tail = text.partition(".")
    return (before + sign + head.zfill(max(whole.count("0"), 1)) + point + _no_thousands(tail) + after).strip()


def _around_digits(number_format: str) -> tuple[str, str | None, str]:
    """What stands before the digits, the digits (None for "General"), and what stands after them."""
    section = BRACKETS.sub("", number_format.split(";", maxsplit=1)[0])  # a number below zero keeps its sign instead
    # Literal text is put aside while the digits are looked for: it may hold such characters too.
    kept = [found[1] or found[2] or "" for found in LITERAL.finditer(section)]
    plain = LITERAL.sub("\0", section)
    if (digits := DIGITS.search(plain)) is None:
        return "", None, ""
    literals = iter(kept)
    before = "".join(next(literals) if one == "\0" else one for one in plain[: digits.start()])
    after = "".join(next(literals) if one == "\0" else one for one in plain[digits.end() :] if one not in "#0?,.")
    return before.lstrip(), digits[0].rstrip(","), after


def _fewest_decimals(text: str, least: int) -> str:
    head, _, tail = text.partition(".")
    tail = tail[:least] + tail[least:].rstrip("0")
    return f"{head}.{tail}" if tail else head


def _general(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    head, point, tail = (f"{value:.11g}" if isinstance(value, float) else str(value)).partition(".")
    return head + point + _no_thousands(tail)


def _no_thousands(decimals: str) -> str:
    """Three decimals with a zero more: in text "1.125" is 1,125, and nothing says any more that it was a number."""
    return decimals + "0" if len(decimals) == THOUSANDS else decimals


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


class ExchangedDays:
    """The days of one sheet. A spreadsheet that reads months first stores 1/12 as 12 January, and leaves 13/12 text."""

    def __init__(self) -> None:
        self._stored: list[tuple[int, int]] = []
        self._stored_past_12 = False
        self._text_past_12: tuple[int, int] | None = None

    def observe(self, row: int, column: int, value: object) -> None:
        if isinstance(value, date):
            self._stored_past_12 |= value.day > MONTHS
            if value.day <= MONTHS and value.day != value.month:
                self._stored.append((row, column))
        elif self._text_past_12 is None and isinstance(value, str) and len(value) < 40 and _is_past_12(value):
            self._text_past_12 = row, column

    def note(self, title: str) -> str | None:
        """The sentence about the cells in doubt; None where none is."""
        if not self._stored or self._stored_past_12 or self._text_past_12 is None:
            return None
        cells = ", ".join(_name(*place) for place in self._stored[:MAX_NAMED])
        more = len(self._stored) - MAX_NAMED
        named = f"ô {cells} và {more} ô khác" if more > 0 else f"ô {cells}"
        return EXCHANGED.format(title=title, cells=named, text=_name(*self._text_past_12))


def _is_past_12(text: str) -> bool:
    found = DAY.fullmatch(" ".join(text.lower().split()))
    if found is None:
        return False
    first, second = int(found[1]), int(found[3])
    return 1 <= min(first, second) <= MONTHS < max(first, second) <= 31


def _name(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"
