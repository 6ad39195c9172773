"""Cleans text the same way for every format, and recognizes page numbers and text in fonts from before Unicode."""

import re
from collections.abc import Iterable
from unicodedata import normalize

# Word keeps the characters of Symbol and Wingdings in this private area; as bullets they all mean the same.
SYMBOLS = re.compile("[\ue000-\uf8ff]")
BULLET_SYMBOL = re.compile("^([ \t]*)[\ue000-\uf8ff][ \t]*", re.MULTILINE)
TAB_AFTER_MARK = re.compile(
    r"^([ \t]*(?:[-–—+*•]|\(?(?:\d{1,2}|[a-zđ]|[A-ZĐ]|[IVXL]{1,6})[.):]|\d{1,2}(?:\.\d{1,2}){1,4}\.?))[ \t]*\t[ \t]*",
    re.MULTILINE,
)
TAB_BEFORE_COLON = re.compile(r"[ \t]*\t[ \t]*(?=:(?:\s|$))", re.MULTILINE)  # keys whose colons are below each other
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SPACES = re.compile("[ \u00a0\u2000-\u200a\u202f\u3000]+")
PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*/\s*\d{1,4})?", re.IGNORECASE)

# What a reader notes of a place whose print it did not take as it stands.
STRUCK = "{place}: chữ bị gạch bỏ không được đọc: “{text}”."
OLD_FONT = "{place}: chữ phông {font} đã được chuyển sang Unicode; hãy đối chiếu với văn bản gốc."

# Latin-1 letters and signs that Vietnamese does not use, and that TCVN3 and VNI put in the places of its letters.
FOREIGN = frozenset("¡¢£¤¥¦¨©ª«¬®¯µ¶¸¹º»¼¾¿ÄÅÆÇËÎÏÑÖØÛÜÞßäåæçëîïñöøûüþÿð")
LEAST_FOREIGN = 20
FOREIGN_SHARE = 0.04


def cleaned(text: str) -> str:
    """NFC, without what cannot be seen; single spaces; lines stripped, and no empty ones."""
    text = normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    text = SPACES.sub(" ", INVISIBLE.sub("", text))
    text = TAB_BEFORE_COLON.sub("", text)
    text = TAB_AFTER_MARK.sub(r"\1 ", SYMBOLS.sub("", BULLET_SYMBOL.sub(r"\1- ", text)))
    return "\n".join(line for line in (line.strip() for line in text.split("\n")) if line)


def first_words(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"


def is_page_number(text: str) -> bool:
    return bool(PAGE_NUMBER.fullmatch(text))


def is_of_old_fonts(texts: Iterable[str]) -> bool:
    """Whether the letters are those of TCVN3 (.VnTime) or VNI fonts, which only their own fonts show as Vietnamese."""
    letters = foreign = 0
    for text in texts:
        letters += sum(map(str.isalpha, text))
        foreign += sum(map(text.count, FOREIGN)) if not text.isascii() else 0
    return foreign >= LEAST_FOREIGN and foreign > FOREIGN_SHARE * letters
