"""Converts text in the fonts from before Unicode (TCVN3: .VnTime; VNI: VNI-Times); the font of each run decides."""

import re
from unicodedata import normalize

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


_CONSONANTS, _CAPITALS = "bcdghklmnpqrstvx®", "BCDGHKLMNPQRSTVX§"
_HYPHEN_FOR_A_LETTER = re.compile(
    rf"(?<![^\W\d_®])(?:[{_CONSONANTS}]|[{_CAPITALS}][{_CONSONANTS}])[{_CONSONANTS}]*-(?=$|[\W_])"
    rf"|(?<![^\W\d_®])[{_CONSONANTS}{_CAPITALS}]*-(?=(?:[uai]|ng|n|m)(?![^\W\d_])|[¬íêëìî])"
)


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
