"""Divides a text that names bodies into gaps, beginnings of names, roles, actions and other words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import normalize

from services.planning.phrases.bodies import vocabulary as v
from services.planning.phrases.tokens import tokens_of
from shared.vietnamese import folded

_UNSEEN = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STAR_AS_BULLET = re.compile(r"^\s*\*+(?=[^\w*]|$)", re.MULTILINE)
_GLUED = re.compile(r"([^\W\d_])(?=(?:UBND|HĐND)\b)")  # "thuộcUBND xã"
_BULLET = re.compile(
    r"[-+•●○▪■◦·➢✓*]+(?=\D) ?|\d{1,2}(?:\.\d{1,2})*[.)](?!\d) ?|\((?:\d{1,2}|[a-zđ]|[ivx]{1,4})\) ?|[a-zđ]\) ?"
)
_LABEL = re.compile(
    rf"(?:(?:cơ quan|cq|đơn vị|đv|bộ phận|công chức|cán bộ|phòng|ban|ngành|nơi|tổ chức)(?:,? (?:và )?|/)){{0,6}}"
    rf"(?:được giao )?(?:(?P<lead>{v.LEAD})|(?P<support>{v.SUPPORT})|(?P<neither>thực hiện(?!\w)|tham mưu(?!\w)))"
    rf"(?:,? (?:thực hiện|tham mưu|theo dõi|chính|chung|với|cùng|và|triển khai)(?!\w)){{0,8}} ?:"
)
_ASSIGNED = re.compile(r"(?:giao(?: nhiệm vụ)?(?: cho)?|đề nghị|yêu cầu|phân công|do|bởi)(?= )")
_SLASH = r"(?<=[^\W\d_])/(?=(?:các|phòng|văn phòng|trung tâm|ttpvhcc|sở|ban|công an|ubnd)(?!\w))"
_BRACKETS = re.compile(r"\(([^()]{0,400})\)?")
_GAP = re.compile(
    _SLASH + r"|\.{3}|…|\./\.?|\.(?=\s|$|-)|[;,:&+)\n]|(?:và|hoặc|cùng với|cùng)(?= |\n|$)|/(?= |\n|$)|-(?= )"
)
_LONG = re.compile(rf"(?P<support>{v.SUPPORT}{v.TOGETHER})|(?P<lead>{v.LEAD})|(?P<protected>{v.PROTECTED})")
_BEGINNING = re.compile(
    rf"(?P<plural>{v.PLURAL})|(?P<office>{v.OFFICE})|(?P<action>{v.ACTION})|(?P<named>{v.NAMED})|(?P<kind>{v.KIND})"
)
_WORD = re.compile(
    rf"(?:[^\s;,:&+()./]|[./](?=\S))[^\s;,:&+()./]*(?:(?!{_SLASH})[./&](?=[^\s;,:&+()/.])[^\s;,:&+()./]*)*"
)
_SHORTENED = re.compile(r"(?:tt|p|tp|vp|bp|tx|q|ub|đ/c|gs|ts|ths)")
_STRENGTHS = ("and", "dash", "comma", "colon", "line", "stop", "item")  # from the weakest to the strongest
_GAPS = frozenset(_STRENGTHS)


@dataclass(frozen=True)
class Printed:
    """`shown` is in NFC, its lines end in "\\n" and have single spaces; `small` is its folded form, place by place."""

    shown: str
    small: str


def printed(text: str) -> Printed:
    """The text without asterisks of bold print, empty lines and invisible characters."""
    composed = _STAR_AS_BULLET.sub("-", _BREAKS.sub("\n", normalize("NFC", text).translate(_UNSEEN)))
    apart = _GLUED.sub(lambda m: m[1] + " " if m[1].islower() else m[1], composed.replace("*", ""))
    lines = [line.split() for line in apart.split("\n")]
    shown = "\n".join(" ".join(words) for words in lines if words)
    small = "\n".join(" ".join(map(_small, words)) for words in lines if words)
    return Printed(shown, small)


def _small(word: str) -> str:
    # some letters of other languages change their length in small letters: they are compared as they are
    small = folded(word)
    return small if len(small) == len(word) else word


class Element(NamedTuple):
    """`kind`: a strength of a gap, or label-lead, label-support, label-neither, lead, support, action, brackets,
    plural, office, named, kind, word. `text` is the folded text; of brackets, the text inside them.
    """

    kind: str
    start: int
    end: int
    text: str

    @property
    def is_gap(self) -> bool:
        return self.kind in _GAPS

    @property
    def begins_a_body(self) -> bool:
        return self.kind in ("plural", "office", "named", "kind")

    def moved_by(self, places: int) -> "Element":
        return Element(self.kind, self.start + places, self.end + places, self.text)


def elements_of(small: str) -> Iterator[Element]:
    """The elements in order. Neighbouring gaps are one, as strong as the strongest; a gap at the end is left out."""
    place, last = 0, Element("item", 0, 0, "")
    for token in tokens_of(small):
        while place < token.end():
            element = _element(small, max(place, token.start()), last)
            place = element.end if element else token.end()
            if element and element.is_gap and last.is_gap:
                last = Element(_stronger(last, element), last.start, element.end, small[last.start : last.start + 8])
            elif element:
                if last.is_gap and last.end:
                    yield last
                if not element.is_gap:
                    yield element
                last = element


def _element(small: str, place: int, last: Element) -> Element | None:
    return _gap(small, place, last) or _meaning(small, place, last)


def _gap(small: str, place: int, last: Element) -> Element | None:
    opens_an_item = last.is_gap and last.kind not in ("and", "dash") and not small.startswith(" - ", place - 1)
    if opens_an_item and (bullet := _BULLET.match(small, place)):
        return Element("item", place, bullet.end(), bullet[0])
    if last.is_gap and (assigned := _ASSIGNED.match(small, place)):
        return Element("and", place, assigned.end(), "")
    found = _GAP.match(small, place)
    if not found or (found[0] == "." and _SHORTENED.fullmatch(_word_before(small, place))):
        return None
    return Element(_strength(found[0]), place, found.end(), found[0])


def _word_before(small: str, place: int) -> str:
    return re.split(r"[\s,;(]", small[max(0, place - 4) : place])[-1]


def _strength(mark: str) -> str:
    by_mark = {",": "comma", ")": "comma", ":": "colon", "\n": "line", ";": "stop", "-": "dash"}
    return by_mark.get(mark, "stop" if mark[0] in ".…" or mark.startswith("./") else "and")


def _stronger(one: Element, other: Element) -> str:
    kinds = one.kind, other.kind
    if "line" in kinds and ("and" in kinds or "comma" in kinds):
        return "comma" if "comma" in kinds else "and"  # the list goes on in the next line
    return max(kinds, key=_STRENGTHS.index)


def _meaning(small: str, place: int, last: Element) -> Element | None:
    if last.is_gap and (label := _LABEL.match(small, place)):
        return Element(f"label-{label.lastgroup}", place, label.end(), label[0])
    if brackets := _BRACKETS.match(small, place):
        return Element("brackets", place, brackets.end(), brackets[1])
    found = _LONG.match(small, place) or _BEGINNING.match(small, place)
    if found:
        kind = "word" if found.lastgroup == "protected" else str(found.lastgroup)
        return Element(kind, place, found.end(), found[0])
    word = _WORD.match(small, place)
    return Element("word", place, word.end(), word[0]) if word else None
