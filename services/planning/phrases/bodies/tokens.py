"""The text of an owner as a row of tokens: gaps, what a body's name may begin with, and what a body does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.planning.phrases.bodies import vocabulary as v

_BULLET = re.compile(
    r"[-+•●○▪■◦·➢✓*]+(?=\D) ?|\d{1,2}(?:\.\d{1,2})*[.)](?!\d) ?|\((?:\d{1,2}|[a-zđ]|[ivx]{1,4})\) ?|[a-zđ]\) ?"
)
_LABEL = re.compile(
    rf"(?:(?:cơ quan|cq|đơn vị|đv|bộ phận|công chức|cán bộ|phòng|ban|ngành|nơi|tổ chức)(?:,? (?:và )?|/)){{0,6}}"
    rf"(?:được giao )?(?:(?P<lead>{v.LEAD})|(?P<support>{v.SUPPORT})|(?P<neither>thực hiện(?!\w)|tham mưu(?!\w)))"
    rf"(?:,? (?:thực hiện|tham mưu|theo dõi|chính|chung|với|cùng|và|triển khai)(?!\w)){{0,8}} ?:"
)
_ASKED = re.compile(r"(?:giao(?: nhiệm vụ)?(?: cho)?|đề nghị|yêu cầu|phân công|do|bởi)(?= )")
_SLASH = r"(?<=[^\W\d_])/(?=(?:các|phòng|văn phòng|trung tâm|ttpvhcc|sở|ban|công an|ubnd)(?!\w))"
_ASIDE = re.compile(r"\(([^()]{0,400})\)?")
_GAP = re.compile(
    _SLASH + r"|\.{3}|…|\./\.?|\.(?=\s|$|-)|[;,:&+)\n]| ?(?:và|hoặc|cùng với|cùng)(?= |\n|$)|/(?= )| ?-(?= )|/(?=\n|$)"
)
_LONG = re.compile(rf"(?P<support>{v.SUPPORT}{v.TOGETHER})|(?P<lead>{v.LEAD})|(?P<protected>{v.PROTECTED})")
_BEGINNING = re.compile(
    rf"(?P<plural>{v.PLURAL})|(?P<office>{v.OFFICE})|(?P<deed>{v.DEED})|(?P<named>{v.NAMED})|(?P<kind>{v.KIND})"
)
_WORD = re.compile(
    rf"(?:[^\s;,:&+()./]|[./](?=\S))[^\s;,:&+()./]*(?:(?!{_SLASH})[./&](?=[^\s;,:&+()/.])[^\s;,:&+()./]*)*"
)
_SHORTENED = re.compile(r"(?:tt|p|tp|vp|bp|tx|q|ub|đ/c|gs|ts|ths)")

STRENGTHS = ("and", "dash", "comma", "colon", "line", "stop", "item")  # from the weakest to the strongest


@dataclass(frozen=True)
class Token:
    """`kind`: a strength of a gap, or label-lead, label-support, label-neither, lead, support, deed, aside, plural,
    office, named, kind, word. `text` is the folded text, of an aside what stands in the brackets.
    """

    kind: str
    start: int
    end: int
    text: str

    @property
    def is_gap(self) -> bool:
        return self.kind in STRENGTHS

    @property
    def begins_a_body(self) -> bool:
        return self.kind in ("plural", "office", "named", "kind")


def tokens(small: str) -> Iterator[Token]:
    """Every token in its order; neighbouring gaps are one, as strong as the strongest; the last is none."""
    place, last = 0, Token("item", 0, 0, "")
    while place < len(small):
        token = _gap(small, place, last) or _meaning(small, place, last)
        if token is None:
            place += 1
            continue
        place = token.end
        if token.is_gap and last.is_gap:
            last = Token(_stronger(last, token), last.start, token.end, small[last.start : last.start + 8])
            continue
        if last.is_gap and last.end:
            yield last
        if not token.is_gap:
            yield token
        last = token


def _gap(small: str, place: int, last: Token) -> Token | None:
    if (last.is_gap and last.kind not in ("and", "dash")) and (bullet := _BULLET.match(small, place)):
        return Token("item", place, bullet.end(), bullet[0])
    if last.is_gap and (asked := _ASKED.match(small, place)):
        return Token("and", place, asked.end(), "")
    found = _GAP.match(small, place)
    if not found or (
        found[0] == "." and _SHORTENED.fullmatch(re.split(r"[\s,;(]", small[max(0, place - 4) : place])[-1])
    ):
        return None
    return Token(_strength(found[0].strip(" ")), place, found.end(), found[0])


def _strength(mark: str) -> str:
    by_mark = {",": "comma", ")": "comma", ":": "colon", "\n": "line", ";": "stop", "-": "dash"}
    return by_mark.get(mark, "stop" if mark[0] in ".…" or mark.startswith("./") else "and")


def _stronger(one: Token, other: Token) -> str:
    kinds = one.kind, other.kind
    if "line" in kinds and ("and" in kinds or "comma" in kinds):
        return "comma" if "comma" in kinds else "and"  # the list goes on in the next line
    return max(kinds, key=STRENGTHS.index)


def _meaning(small: str, place: int, last: Token) -> Token | None:
    if small[place].isspace():
        return None
    if last.is_gap and (label := _LABEL.match(small, place)):
        return Token(f"label-{label.lastgroup}", place, label.end(), label[0])
    if aside := _ASIDE.match(small, place):
        return Token("aside", place, aside.end(), aside[1])
    found = _LONG.match(small, place) or _BEGINNING.match(small, place)
    if found:
        kind = "word" if found.lastgroup == "protected" else str(found.lastgroup)
        return Token(kind, place, found.end(), found[0])
    word = _WORD.match(small, place)
    return Token("word", place, word.end(), word[0]) if word else None
