"""Cuts a text into tokens: words, numbers, line breaks and single marks, each with its place. White space is no token.

The grammars of schedules, targets and bodies put their elements together from these tokens, and find phrases in lists.
"""

import re
from collections.abc import Iterator

_INVISIBLE = "\u00ad\u200b\ufeff"  # soft hyphen, zero-width space, byte order mark
TONES_AND_INVISIBLE = "".join(map(chr, range(0x300, 0x370))) + _INVISIBLE
# A digit of another script (full width, for example) is a number of its own.
_TOKEN = re.compile(rf"(?P<word>(?:[^\W\d_]|[{TONES_AND_INVISIBLE}])+)|(?P<number>[0-9]+|\d)|(?P<line>\n)|(?P<mark>\S)")
Token = re.Match[str]  # `lastgroup` is its kind; no class of our own, which would take a fifth more time to read a plan


def tokens_of(text: str) -> Iterator[Token]:
    return _TOKEN.finditer(text)


def listed(phrases: str) -> tuple[str, ...]:
    """The phrases between the bars of "hàng|mỗi|từng": long lists stay short and easy to extend."""
    return tuple(phrases.split("|"))
