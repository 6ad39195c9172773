"""What may be printed of a text that somebody else wrote: in NFC, and nothing in it that breaks or disguises a file."""

import re
from unicodedata import is_normalized, normalize

_NOT_IN_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"  # XML 1.0 forbids them
_TURNS_THE_LINE = "\u202a-\u202e\u2066-\u2069"  # they let a name show in another order than it is stored
_UNPRINTABLE = re.compile(f"[{_NOT_IN_XML}{_TURNS_THE_LINE}]")
_LONG_WORD = re.compile(r"[^\s\u200b]{24}(?=[^\s\u200b])")


def printable(text: str) -> str:
    """In NFC; without control characters, halves of surrogate pairs and marks that turn the direction of writing."""
    if text.isascii() and text.isprintable():
        return text
    cleaned = _UNPRINTABLE.sub("", text)
    return cleaned if is_normalized("NFC", cleaned) else normalize("NFC", cleaned)


def breakable(text: str) -> str:
    """With places to break within words that no line could hold, for what breaks lines between words only."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)
