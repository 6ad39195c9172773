"""Text from outside made fit to be stored, printed and rendered: NFC, without control and direction characters."""

import re
from unicodedata import is_normalized, normalize

# Line ends that neither a terminal nor a file format takes for one.
_LINE_ENDS = str.maketrans("\x85\u2028\u2029", "   ")
_NOT_IN_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff"  # XML 1.0 forbids them
_CONTROLS = "\x7f-\x9f\ufff9-\ufffb\U000e0000-\U000e007f"  # C1, annotations, tags: a terminal obeys some of them
# Marks and embeddings of direction: they show a name in another order than it is stored.
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff"
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_UNPRINTABLE = re.compile(f"[{_NOT_IN_XML}{_CONTROLS}{_DIRECTIONS}{_NO_CHARACTERS}]")
_ESCAPED = re.compile(f"[{_NOT_IN_XML}{_CONTROLS}{_DIRECTIONS}{_NO_CHARACTERS}\u2028\u2029]")


def has_control(text: str) -> bool:
    """Whether a text has a control character that nobody types: all of C0 but tab and line ends."""
    return bool(_CONTROL.search(text))


def printable(text: str) -> str:
    """In NFC; without control characters except tab and line end, halves of surrogate pairs and direction marks.

    Printing a text twice changes nothing more.
    """
    if text.isascii() and text.isprintable():
        return text
    cleaned = _UNPRINTABLE.sub("", text.translate(_LINE_ENDS))
    return cleaned if is_normalized("NFC", cleaned) else normalize("NFC", cleaned)


def escaped(json_text: str) -> str:
    """JSON with the unprintable characters of its strings as \\uXXXX: the same value, and harmless on a terminal."""
    return _ESCAPED.sub(lambda found: _utf16(found[0]), json_text)


def _utf16(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
