"""Vietnamese text: order of the alphabet, comparison, and how numbers and dates are written."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from unicodedata import combining, normalize

from shared.clock import VIETNAM

MISSING = "–"
NO_BREAK_SPACE = "\u00a0"

CollationKey = tuple[tuple[int, ...], tuple[int, ...], tuple[bool, ...], str]

_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng; ngang is 0
_TONE_ON_THE_FIRST = re.compile(
    r"(o)([\u0300\u0301\u0303\u0309\u0323])([ae])(?![^\W\d_]|[\u0300-\u036f])"
    r"|(u)([\u0300\u0301\u0303\u0309\u0323])(y)(?![^\W\d_]|[\u0300-\u036f])"
)
# Letters and signs that look like others or like nothing, in small letters and without marks: an eth, dashes, Cyrillic
# and Greek letters, full-width forms, and what cannot be seen (soft hyphen, zero width, direction).
_LOOK_ALIKES = str.maketrans(
    "ð–—‑−аеорсухіјѕԁһвкмнтαβεηικμνορτυχ" + "".join(chr(code) for code in range(0xFF41, 0xFF5B)),
    "đ----aeopcyxijsdhbkmhtabehikmnoptyxabcdefghijklmnopqrstuvwxyz",
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u061c\ufeff",
)
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
# Numbers and dates by Python's own formats: Babel parses its pattern and locale at each, a hundred times as long.
_VIETNAMESE_SEPARATORS = str.maketrans(",.", ".,")
_BEFORE_LETTERS = 0x110000  # characters that are no letters keep the order of Unicode, before the alphabet


@lru_cache(maxsize=8192)
def collation_key(text: str) -> CollationKey:
    """Sort key of Vietnamese dictionaries: the letters of the whole text, then the tones, then small before capital.

    A composed and a decomposed spelling (NFC, NFD) have the same key. Punctuation and digits come before letters.
    """
    letters: list[int] = []
    tones: list[int] = []
    capitals: list[bool] = []
    for character, marks in _characters(text):
        letter, tone = _weigh(character.lower(), marks)
        letters.append(letter)
        tones.append(tone)
        capitals.append(character.isupper())
    return tuple(letters), tuple(tones), tuple(capitals), normalize("NFC", text)


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """How a text is compared: NFC in small letters with the tone on the second vowel ("hóa" is "hoá", "thủy" "thuỷ").

    Dashes are "-", an eth typed for "đ" is that letter, letters of other scripts that look like Latin ones are those,
    what cannot be seen is left out, and runs of white space are one space. For comparison only:
    texts are kept and shown as they were written, in NFC. Cached, since the readers of a document fold the same cells
    and lines many times: 2.9 s instead of 4.3 for a table of 2,000 rows.
    """
    small = normalize("NFD", text.lower()).translate(_LOOK_ALIKES)
    moved = _TONE_ON_THE_FIRST.sub(lambda m: "".join(m.group(1, 3, 2) if m[1] else m.group(4, 6, 5)), small)
    return " ".join(normalize("NFC", moved).split())


def without_marks(text: str) -> str:
    """In small letters without tones and diacritics, as people type in a hurry: "Tháng này" is "thang nay"."""
    return "".join(c for c in normalize("NFD", folded(text)) if not combining(c)).replace("đ", "d")


def has_words(text: str, words: str) -> bool:
    """Whether each of the words, with or without their marks, is in a text."""
    bare = without_marks(text)
    return all(word in bare for word in without_marks(words).split())


def same_person(one: str, other: str) -> bool:
    """Whether two names, as people typed them, are one person's or one body's: who may not review their own work.

    Compared in the normal form of `folded`: Unicode composition, letter case, white space, what cannot be seen, letters
    that look alike and the place of the tone mark do not count ("PHÒNG  HÒA" is "Phòng Hoà"); every diacritic does
    ("Lan" is not "Lân").
    """
    return folded(one) == folded(other)


def _characters(text: str) -> list[tuple[str, str]]:
    """Each base character with the marks that follow it."""
    characters: list[tuple[str, str]] = []
    for character in normalize("NFD", text):
        if combining(character) and characters:
            base, marks = characters[-1]
            characters[-1] = base, marks + character
        else:
            characters.append((character, ""))
    return characters


def _weigh(base: str, marks: str) -> tuple[int, int]:
    """The place of the letter in the alphabet, and of its tone; a mark of another language weighs nothing."""
    tone, letter = 0, base
    for mark in marks:
        tone = _TONES.get(mark, tone)
        with_mark = normalize("NFC", letter + mark)
        if with_mark in _LETTERS:
            letter = with_mark
    place = _LETTERS.get(letter)
    return (ord(letter) if place is None else _BEFORE_LETTERS + place), tone


def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """`1.234.567` or, with decimals, `67,4`: rounded half up, and `–` when missing."""
    if value is None:
        return MISSING
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:,.{decimals}f}".translate(_VIETNAMESE_SEPARATORS)


def percent(value: Decimal | int | None, decimals: int = 1) -> str:
    """A rate that is already in percent, `67,4 %` with a no-break space, and `–` when missing."""
    return MISSING if value is None else f"{number(value, decimals)}{NO_BREAK_SPACE}%"


def person_text(name: str, account: str | None) -> str:
    """Who acted: a name, with the account where one acted."""
    return f"{name} (tài khoản {account})" if account else name


def mid_sentence(name: str) -> str:
    """`xã Tịnh Khê`: within a sentence the kind of unit has a small letter."""
    name = normalize("NFC", name)
    return name[:1].lower() + name[1:]


def written_day(text: str) -> date | None:
    """The day in `2025-09-14`, `14/9/2025`, `14-9-2025` or `14.9.2025`; None for another form.

    ValueError for a day that no calendar has.
    """
    if found := _YEAR_FIRST.fullmatch(text.strip()):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text.strip()):
        day, _, month, year = found.groups()
    else:
        return None
    return date(int(year), int(month), int(day))


def date_text(day: date | None) -> str:
    """`16/9/2025`, as Vietnamese offices write a date within a sentence, and `–` when missing."""
    return MISSING if day is None else f"{day.day}/{day.month}/{day.year}"


def moment_text(instant: datetime) -> str:
    """`14:05 ngày 16/9/2025`, in Viet Nam."""
    local = instant.astimezone(VIETNAM)
    return f"{local:%H:%M} ngày {date_text(local.date())}"
