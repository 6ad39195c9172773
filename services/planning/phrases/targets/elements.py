"""Divides a text into the elements of a target: numbers, signs and known phrases, each with its place."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import takewhile
from typing import NamedTuple
from unicodedata import combining, normalize

from services.planning.phrases.targets.vocabulary import LONGEST_PHRASE, Role, understood
from services.planning.phrases.tokens import TONES_AND_INVISIBLE, tokens_of
from shared.vietnamese import folded

_LARGEST = Decimal(10) ** 12
_LONGEST_NUMBER = 24  # characters
_LONGER = re.compile(
    r"(?P<tag></?[A-Za-z]{1,6}/?>)|(?P<number>[0-9]+(?:[.,][0-9]+)*)|(?P<lines>\n\s*)|(?P<sign>[<>][ \u00a0]?=|=[<>])"
)
_SIGNS = {
    **dict.fromkeys("%％﹪٪", Role.PERCENT),
    **dict.fromkeys((">=", "=>", "≥", "⩾", "≧"), Role.LOWER),
    **dict.fromkeys(("<=", "=<", "≤", "⩽", "≦"), Role.UPPER),
    **dict.fromkeys(">＞", Role.ABOVE),
    **dict.fromkeys("<＜", Role.BELOW),
    **dict.fromkeys("-–—‑−÷~→", Role.TO),
    **dict.fromkeys("([", Role.OPEN),
    **dict.fromkeys(")]", Role.CLOSE),
    **dict.fromkeys("“”\"«»", Role.QUOTE),
    **dict.fromkeys(".;!?•…", Role.STOP),
    "=": Role.LINK,
    ",": Role.COMMA,
    ":": Role.COLON,
    "/": Role.SLASH,
}  # fmt: skip
_BULLETS = "-–+•*("
_Word = tuple[str, int]  # its letters, and where it ends


class Element(NamedTuple):
    role: Role
    text: str  # folded; for a known phrase, its usual spelling
    start: int  # in the text in NFC
    end: int
    value: Decimal | None = None


Elements = Sequence[Element]


def elements_of(text: str) -> Elements:
    """`text` is in NFC. Bold print leaves asterisks or tags, which are left out."""
    elements: list[Element] = []
    words: list[_Word] = []
    reached = 0
    for token in tokens_of(text):
        start, printed = token.start(), token[0]
        if start < reached or printed == "*":
            continue
        if token.lastgroup == "word":
            if printed[0] in TONES_AND_INVISIBLE:
                if tones := _loose_tones(printed, start):
                    elements += (*_phrases(words), *tones)
                    words = []
                printed = printed.lstrip(TONES_AND_INVISIBLE)
            if printed:
                words.append((printed, token.end()))
            continue
        longer = _LONGER.match(text, start)
        reached = longer.end() if longer else token.end()
        kind = longer.lastgroup if longer else None
        if kind == "tag" or (kind == "lines" and not _ends_a_sentence(text, reached)):
            continue
        elements += _phrases(words)
        words = []
        elements.append(_sign_or_number(text[start:reached], start, kind))
    return (*elements, *_phrases(words))


def _loose_tones(printed: str, start: int) -> list[Element]:
    """Tone marks before the first letter, which belong to no letter."""
    loose = takewhile(lambda each: each[1] in TONES_AND_INVISIBLE, enumerate(printed, start))
    return [Element(Role.OTHER, folded(mark), at, at + 1) for at, mark in loose if combining(mark)]


def _sign_or_number(printed: str, start: int, kind: str | None) -> Element:
    end = start + len(printed)
    if kind == "number":
        return Element(Role.NUMBER, printed, start, end, _value_of(printed))
    sign = printed.replace(" ", "").replace("\u00a0", "")
    return Element(Role.STOP if kind == "lines" else _SIGNS.get(sign, Role.OTHER), folded(printed), start, end)


def _phrases(words: Sequence[_Word]) -> Iterator[Element]:
    spelled = [folded(word) for word, _ in words]
    at = 0
    while at < len(words):
        role, text, count = understood(spelled[at : at + LONGEST_PHRASE])
        word, end = words[at]
        yield Element(role, text, end - len(word), words[at + count - 1][1])
        at += count


def _ends_a_sentence(text: str, at: int) -> bool:
    """Whether a line break ends a sentence; it does not before small letters or a figure."""
    following = text[at : at + 1]
    return following in _BULLETS or following.isupper() or bool(re.match(r"[0-9]+[.)]\D", text[at : at + 8]))


def role_at(elements: Elements, at: int) -> Role:
    return elements[at].role if 0 <= at < len(elements) else Role.STOP


def touching(elements: Elements, at: int) -> bool:
    """Whether there is no space between an element and the one before it."""
    return 0 < at < len(elements) and elements[at - 1].end == elements[at].start


def printed(text: str) -> str:
    """The text in NFC, in which the elements have their places."""
    return normalize("NFC", text)


def without_bold(text: str) -> str:
    return text.replace("**", "")


def as_printed(text: str) -> str:
    """A piece of the text for people: on one line and without the asterisks of bold print."""
    return " ".join(without_bold(text).split())


def _value_of(digits: str) -> Decimal | None:
    """The value of digits with points and commas; None where it is not clear which of the two separates thousands."""
    if len(digits) > _LONGEST_NUMBER:
        return None
    plain = _plain(digits)
    return Decimal(plain) if plain is not None and Decimal(plain) <= _LARGEST else None


def _plain(digits: str) -> str | None:
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return _with_both(digits, "," if digits.rindex(",") > digits.rindex(".") else ".")
    if points:
        return _with_points(digits)
    if commas == 1:
        return _with_a_comma(digits)
    return digits.replace(",", "") if not commas or _in_thousands(digits, ",") else None


def _with_points(digits: str) -> str | None:
    if _in_thousands(digits, "."):
        return digits.replace(".", "")
    return digits if digits.count(".") == 1 else None


def _with_a_comma(digits: str) -> str | None:
    """ "1,000" is one in Vietnamese and a thousand in English: not clear."""
    return None if _in_thousands(digits, ",") else digits.replace(",", ".")


def _with_both(digits: str, decimal: str) -> str | None:
    whole, _, rest = digits.rpartition(decimal)
    thousands = "." if decimal == "," else ","
    if thousands in rest or decimal in whole or not _in_thousands(whole, thousands):
        return None
    return f"{whole.replace(thousands, '')}.{rest}"


def _in_thousands(digits: str, separator: str) -> bool:
    first, *groups = digits.split(separator)
    return len(first) <= 3 and not first.startswith("0") and all(len(group) == 3 for group in groups)
