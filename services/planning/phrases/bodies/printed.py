"""A text as it is shown beside the same text as it is compared: equally long, so that a place in one is one in both."""

import re
from dataclasses import dataclass
from unicodedata import normalize

from shared.vietnamese import folded

_UNSEEN = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STAR_AS_BULLET = re.compile(r"^\s*\*+(?=[^\w*]|$)", re.MULTILINE)
_GLUED = re.compile(r"([^\W\d_])(?=(?:UBND|HĐND)\b)")  # "thuộcUBND xã"


@dataclass(frozen=True)
class Printed:
    """`shown` is in NFC, its lines end in "\\n" and have single spaces; `small` is its folded form, place by place."""

    shown: str
    small: str


def printed(text: str) -> Printed:
    """The text without asterisks of bold print, empty lines and what nobody sees."""
    composed = _STAR_AS_BULLET.sub("-", _BREAKS.sub("\n", normalize("NFC", text).translate(_UNSEEN)))
    apart = _GLUED.sub(lambda m: m[1] + " " if m[1].islower() else m[1], composed.replace("*", ""))
    lines = [line.split() for line in apart.split("\n")]
    shown = "\n".join(" ".join(words) for words in lines if words)
    small = "\n".join(" ".join(map(_small, words)) for words in lines if words)
    return Printed(shown, small)


def _small(word: str) -> str:
    # a few letters of other languages change their length when they become small: they are compared as they are
    small = folded(word)
    return small if len(small) == len(word) else word
