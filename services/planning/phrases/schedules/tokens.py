"""A schedule phrase cut into tokens: words as they are compared, numbers, marks and the ends of lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import normalize

from shared.vietnamese import folded

LONGEST = 10_000  # characters; a text field of the plan format holds no more
STOP = "\n"

_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028\u2029]|[\ud800-\udfff]")
_BOLD = re.compile(r"\*+|</?b>")
_LETTERS = "(?:[^\\W\\d_]|[\u0300-\u036f\u00ad\u200b\ufeff])+"
_PIECE = re.compile(rf"(?P<word>{_LETTERS})|(?P<number>\d+)|(?P<mark>[-=]>|[^\s\w]|_)|(?P<line>\n)")
_BULLET = re.compile(r"\s*(?:[-+•●▪–—·]|\d{1,2}[.)](?=\s)|[a-zđ][.)](?=\s))", re.IGNORECASE)
_SAME = {
    "kì": "kỳ",
    "qui": "quy",
    "quí": "quý",
    "qúi": "quý",
    "qúy": "quý",
    "hằng": "hàng",
    "suất": "xuất",
    "thuờng": "thường",
    "thưòng": "thường",
}
_MARKS = {"–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "（": "(", "）": ")", "；": ";", "：": ":", "，": ","}
_MARKS |= dict.fromkeys(("->", "=>", "→", "~"), "-")
_SYLLABLE = (
    "qu[ýí]|qú[yi]|năm|tháng|ngày|h[àằ]ng|mỗi|trước|trong|thường|xuyên|định|k[ỳì]|đột|xuất|chậm|nhất|đến|hết|cuối|đầu|"
    "tuần|theo|kế|hoạch|lần|báo|cáo"
)
_GLUED = re.compile(rf"(?:{_SYLLABLE})+(?:(?<=qu[ýí])(?:i{{1,3}}|iv))?|q(?:i{{1,3}}|iv)")
_PART = re.compile(rf"{_SYLLABLE}|i{{1,3}}$|iv$|^q(?=i)")
_MONTHS = {"một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8}
_MONTHS |= {"chín": 9, "mười": 10}
_COUNTED = (
    "lần",
    "cuộc",
    "buổi",
    "kỳ",
    "đợt",
    "ngày",
    "tuần",
    "tháng",
    "quý",
    "lượt",
    "bản",
    "báo",
    "số",
    "pháp",
    "vấn",
)


@dataclass(frozen=True, slots=True)
class Token:
    """`word` is how it is compared; `number` its value, and -1 for what is none or too long to be one."""

    word: str
    start: int
    end: int
    number: int = -1
    digits: int = 0
    bullet: bool = False


def cleaned(text: str) -> str:
    """NFC without bold print, control characters and lone surrogates, and not longer than a field holds."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _BOLD.sub("", _UNPRINTABLE.sub(" ", normalize("NFC", whole)))[:LONGEST]


def tokens_of(printed: str) -> tuple[Token, ...]:
    return tuple(_with_named_months(list(_tokens(printed)), printed))


def _tokens(printed: str) -> Iterator[Token]:
    for piece in _PIECE.finditer(printed):
        start, end = piece.span()
        if piece.lastgroup == "number":
            value = int(piece[0]) if end - start < 9 else -1
            yield Token(str(value), start, end, value, end - start)
        elif piece.lastgroup == "mark":
            yield Token(_MARKS.get(piece[0], piece[0]), start, end)
        elif piece.lastgroup == "line":
            if stop := _stop(printed, start, end):
                yield stop
        else:
            yield from _words(piece[0], start)


def _words(word: str, start: int) -> Iterator[Token]:
    """One word, or several between which the spaces were lost ("QuýIII", "Hàngtháng")."""
    compared = _compared(word)
    if len(compared) == 1:
        if compared[0]:
            yield Token(compared[0], start, start + len(word))
        return
    for part in compared:
        yield Token(_SAME.get(part, part), start, start + len(part))
        start += len(part)


def _stop(printed: str, start: int, end: int) -> Token | None:
    """A line break inside a sentence is a space: the next line goes on in small letters, or with a number."""
    following = printed[end : end + 40].lstrip(" \t\u00a0")
    if not following or following[0] == "\n":
        return None
    bullet = _BULLET.match(following) is not None
    return Token(STOP, start, end, bullet=bullet) if bullet or following[0].isupper() else None


@lru_cache(maxsize=4096)
def _compared(word: str) -> tuple[str, ...]:
    small = folded(normalize("NFKC", word))
    if len(small) == len(word) and small not in _SAME and _GLUED.fullmatch(small):
        return tuple(_PART.findall(small))
    return (_SAME.get(small, small),)


def _with_named_months(tokens: list[Token], printed: str) -> Iterator[Token]:
    """ "Tháng Tư" is "tháng 4", "tháng mười hai" is "tháng 12"; "tháng hai lần" is how often."""
    place, listed = 0, False
    while place < len(tokens):
        token = tokens[place]
        before = tokens[place - 1].word if place else ""
        named = _MONTHS.get(token.word) if before == "tháng" or (listed and before in (",", "và", "&")) else None
        end = place + 1
        if token.word == "mười" and end < len(tokens) and tokens[end].word in ("một", "hai"):
            named, end = named and named + _MONTHS[tokens[end].word], end + 1
        following = tokens[end].word if end < len(tokens) else ""
        if named and following not in _COUNTED and (token.word != "năm" or _is_may(tokens, place, printed)):
            yield replace(token, word=str(named), end=tokens[end - 1].end, number=named, digits=len(str(named)))
            place, listed = end, True
            continue
        listed = listed and token.word in (",", "và", "&")
        yield token
        place += 1


def _is_may(tokens: list[Token], place: int, printed: str) -> bool:
    """ "Tháng Năm", "tháng năm/2025", "tháng năm năm 2025", but not "báo cáo tháng, năm" nor "ngày … tháng … năm"."""
    following = [(token.word, token.digits) for token in tokens[place + 1 : place + 3]]
    year_follows = [digits for _, digits in following[1:]] == [4] and following[0][0] in ("/", "năm")
    return year_follows or printed[tokens[place].start : tokens[place].end] == "Năm"
