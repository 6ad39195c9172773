"""A text as terms: numbers, signs and the known phrases, each with its place in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

from services.planning.phrases.targets.numbers import value_of
from services.planning.phrases.targets.vocabulary import LONGEST, Role, understood
from shared.vietnamese import folded

_INVISIBLE = "\u00ad\u200b\ufeff"
_PIECE = re.compile(
    rf"(?P<blank>(?:</?[A-Za-z]{{1,6}}/?>|[^\S\n]|[*{_INVISIBLE}])+)"  # bold print leaves asterisks or tags
    r"|(?P<line>\n\s*)"
    r"|(?P<number>[0-9]+(?:[.,][0-9]+)*)"
    rf"|(?P<word>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f{_INVISIBLE}])*)"
    r"|(?P<sign>[<>][ \u00a0]?=|=[<>]|.)",
    re.DOTALL,
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


@dataclass(frozen=True, slots=True)
class Term:
    role: Role
    text: str  # folded; of a phrase its usual spelling
    start: int  # in the text in NFC
    end: int
    value: Decimal | None = None


def printed(text: str) -> str:
    """What terms have their places in."""
    return normalize("NFC", text)


def without_bold(text: str) -> str:
    return text.replace("**", "")


def as_printed(text: str) -> str:
    """A piece of the text for people: on one line and without the asterisks of bold print."""
    return " ".join(without_bold(text).split())


def terms_of(text: str) -> tuple[Term, ...]:
    """`text` is in NFC."""
    terms: list[Term] = []
    words: list[re.Match[str]] = []
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup
        if kind == "word":
            words.append(piece)
        elif kind != "blank" and not (kind == "line" and not _ends_a_sentence(text, piece.end())):
            terms.extend(_phrases(words))
            words = []
            terms.append(_term(piece))
    return (*terms, *_phrases(words))


def _term(piece: re.Match[str]) -> Term:
    if piece.lastgroup == "number":
        return Term(Role.NUMBER, piece[0], *piece.span(), value_of(piece[0]))
    role = (
        Role.STOP
        if piece.lastgroup == "line"
        else _SIGNS.get(piece[0].replace(" ", "").replace("\u00a0", ""), Role.OTHER)
    )
    return Term(role, folded(piece[0]), *piece.span())


def _phrases(words: list[re.Match[str]]) -> Iterator[Term]:
    spelled = [folded(word[0]) for word in words]
    at = 0
    while at < len(words):
        role, text, count = understood(spelled[at : at + LONGEST])
        yield Term(role, text, words[at].start(), words[at + count - 1].end())
        at += count


def _ends_a_sentence(text: str, at: int) -> bool:
    """A line that goes on in small letters or with a figure is one that the page has cut."""
    following = text[at : at + 1]
    return following in _BULLETS or following.isupper() or bool(re.match(r"[0-9]+[.)]\D", text[at : at + 8]))
