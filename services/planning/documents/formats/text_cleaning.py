"""Cleans text the same way for every format; finds and converts text in the fonts from before Unicode (TCVN3, VNI)."""

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
_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_VNI_LETTERS = dict(zip("ñÑôÔöÖæÆóÓòÒîÎ", "đĐơƠưƯỉỈĩĨịỊỵỴ", strict=True))
_MARKS_OF_VNI: dict[str, str] = {  # as combining marks; those of â and ă also make the letter
    **dict(zip("ùøûõï", ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True)),
    **{mark: "\u0302" + tone for mark, tone in zip("âáàåãä", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)},
    **{mark: "\u0306" + tone for mark, tone in zip("êéèúüë", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True)},
}
_VNI = re.compile(r"(?P<letter>[aeiouyôö])(?P<mark>[ùøûõïâáàåãäêéèúüë])|[ñôöæóòî]", re.IGNORECASE)
_OLD_FONT = re.compile(r"\.?vn[a-z0-9]|vni[- ]?[a-z]", re.IGNORECASE)
_ONLY_UNICODE = re.compile(r"[\u0102\u0103\u0110\u0111\u01a0-\u01b0\u1ea0-\u1ef9\u0300-\u0323]")
_ONLY_OLD = re.compile("[µ¸¶·¹¨»¾¼½Æ©Ç®ÐÎÏÑªÖ×ØÜÞß«åæç¬ëîïñ\u00adøö÷ûüþ¡¢§£¤¥¦äÄÅ]|[a-z][\u00c0-\u00dd]")
_ONLY_VNI = re.compile("[aeiouyôö][ùøûõï]", re.IGNORECASE)
_SUBSET = re.compile(r"[A-Z]{6}\+")
_STYLE = re.compile(r"[,-]?(?:Bold|Italic|Regular|Roman|Oblique|MT|PS)+$")
_CONSONANTS, _CAPITALS = "bcdghklmnpqrstvx®", "BCDGHKLMNPQRSTVX§"
_HYPHEN_FOR_A_LETTER = re.compile(
    rf"(?<![^\W\d_®])(?:[{_CONSONANTS}]|[{_CAPITALS}][{_CONSONANTS}])[{_CONSONANTS}]*-(?=$|[\W_])"
    rf"|(?<![^\W\d_®])[{_CONSONANTS}{_CAPITALS}]*-(?=(?:[uai]|ng|n|m)(?![^\W\d_])|[¬íêëìî])"
)


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


def plain_name(font: str) -> str:
    """The name of a font of a PDF file without the mark of a subset and its style: "ABCDEF+.VnTimeH,Bold"."""
    return _STYLE.sub("", _SUBSET.sub("", font, count=1))


def is_old_font(name: str | None) -> bool:
    return name is not None and bool(_OLD_FONT.match(name))


def holds_old_letters(text: str, font: str) -> bool:
    """Whether a text in such a font is old text, and not Unicode that only stands in it."""
    only_old = _ONLY_OLD.search(text) or (_is_vni(font) and _ONLY_VNI.search(text))
    return bool(only_old) and not _ONLY_UNICODE.search(text)


class OldTexts:
    """Finds old text in the order of a document: "Thêi gian" could be either, and is like the texts before it."""

    def __init__(self) -> None:
        self._seen: set[bool] = set()

    def holds(self, text: str, font: str) -> bool:
        if _ONLY_UNICODE.search(text):
            return False
        if holds_old_letters(text, font):
            self._seen.add(_is_vni(font))
        return _is_vni(font) in self._seen


def with_letters_for_hyphens(text: str, font: str) -> str:
    """In TCVN3 the letter "ư" has the code of a hyphen, as which PDF files show it: "ng-êi", "v¨n th-", "-u tiªn"."""
    if _is_vni(font):
        return text
    return _HYPHEN_FOR_A_LETTER.sub(lambda found: found[0][:-1] + "\u00ad", text)


def converted(text: str, font: str) -> str:
    """The text in Unicode; a font whose name ends with "H" shows capitals."""
    if _is_vni(font):
        return normalize("NFC", _VNI.sub(_from_vni, text))
    unicode = "".join(_TCVN3.get(letter, letter) for letter in text)
    return unicode.upper() if font.endswith("H") else unicode


def _is_vni(font: str) -> bool:
    return font.lower().startswith("vni")


def _from_vni(found: re.Match[str]) -> str:
    if found["letter"] is None:
        return str(_VNI_LETTERS[str(found[0])])
    letter, mark = str(found["letter"]), str(found["mark"])
    return str(_VNI_LETTERS.get(letter, letter)) + str(_MARKS_OF_VNI[mark.lower()])
