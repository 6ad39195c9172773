"""Recognises the marker at the start of a line: a number or a bullet, typed or made by an automatic list."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from services.planning.documents.document import Paragraph
from shared.vietnamese import folded

CAPITALS = "A-Z" + "".join(letter for code in range(0xC0, 0x1EFA) if (letter := chr(code)).isupper())
# The space before a further sentence. "ThS. Nguyễn", "TP. Quảng Ngãi" and "Nguyễn V. An" go on.
BETWEEN_SENTENCES = re.compile(rf"(?<=\w[^{CAPITALS}\W\d]\.)\s+(?=[{CAPITALS}])")
_MARKERS = (
    ("named", r"(?P<word>(?i:Phần|Chương|Mục|Điều|Nhiệm vụ|Nội dung|Hoạt động))\s+"
     r"(?P<n>(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}))"
     r"\s*[.:)]\s*(?=\S)|(?P<word2>(?i:Phần|Chương))\s+(?!(?i:trình))(?P<n2>(?:thứ\s+)?[\w]{1,6})\s*$"),
    ("decimal", r"(?P<n>[IVX]{1,4}(?:\.\d{1,2}){1,3})(?:\s?[.)/:]\s*|\s+)(?=[^\s\d])"),
    ("roman", r"(?P<n>[IVX]{1,5})(?:\s?[.)/:](?:\s+(?=\S)|(?=[" + CAPITALS + r"]{2}))|\s*[-–—]\s+)"),
    ("capital", r"(?P<n>[A-HĐ])\s?[.)/]\s+(?=\S)"),
    ("decimal", r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,4})(?:\s?[.)/:]\s*(?=[^\s\d])|\s+(?=[“\"" + CAPITALS + r"]))"),
    ("bracket", r"\(?(?P<n>\d{1,2})\s?\)\s*(?=\S)"),
    ("decimal", r"(?P<n>\d{1,2})(?:\s?[./]\s*(?=[^\s\d])|\s+[-–—]\s+|[-–—]\s+(?=[" + CAPITALS + r"]))"),
    ("small", r"\(?(?P<n>[a-hđk-n])\s?[.)/]\s*(?=[^\s\d])"),
    ("-", r"[-–—‐‑−]\s*(?=\S)"),
    ("+", r"\+\s*(?=\S)"),
    ("*", r"[*✱]\s*(?=[^\s*])"),
    ("•", r"[•●○◦▪■□►➢❖✓✔·\uf0b7\uf0a7\uf0fc\uf0d8\uf02d]\s*(?=\S)|o\s+(?=[" + CAPITALS + r"])"),
)  # fmt: skip
_PATTERNS = tuple((style, re.compile(pattern)) for style, pattern in _MARKERS)


@dataclass(frozen=True)
class MarkedLine:
    """One printed line. `style` is the kind and depth of its marker: "roman", "decimal1", "decimal2", "-"; "" for none.

    `number` is the printed number, without brackets and the full stop; None for a bullet. `by_values`: the labels in
    `text` stand for others that were printed, whose values tell their roles.
    """

    text: str
    place: str = ""
    style: str = ""
    number: str | None = None
    bold: bool = False
    by_values: bool = False


_CLOSING = re.compile(r"nơi nhận|trên đây là|(?:tm|km|kt|tl)\. ?")


def lines_of(paragraphs: Iterable[Paragraph]) -> Iterator[MarkedLine]:
    """The lines of the paragraphs, each with its marker; a line break within a paragraph begins a line."""
    for paragraph in paragraphs:
        first, *others = [text for part in paragraph.text.split("\n") if (text := part.strip())] or [""]
        if not first:
            continue
        if paragraph.number is not None:
            marked = marked_line(f"{paragraph.number.strip()} {first}", paragraph.place)
            yield replace(marked if marked.style else MarkedLine(first, paragraph.place), bold=paragraph.bold)
        else:
            yield replace(marked_line(first, paragraph.place), bold=paragraph.bold)
        for other in others:
            yield replace(marked_line(other, paragraph.place), bold=paragraph.bold)


def marked_line(text: str, place: str = "") -> MarkedLine:
    """Separates a typed marker from the text: "2.1. Rà soát" is number "2.1" and text "Rà soát"."""
    for style, pattern in _PATTERNS:
        if found := pattern.match(text):
            rest = text[found.end() :].strip()
            groups = found.groupdict()
            number = groups.get("n") or groups.get("n2")
            return MarkedLine(rest or text, place, _style(style, number, groups), number)
    return MarkedLine(text, place)


def _style(style: str, number: str | None, groups: dict[str, str | None]) -> str:
    if style == "decimal" and number:
        return f"decimal{number.count('.') + 1}"
    if style == "named":
        return f"named {folded(groups.get('word') or groups.get('word2') or '')}"
    return style


def closes_document(text: str) -> bool:
    """Whether a line begins what stands below the contents: the last sentence, the signature, the recipients."""
    return bool(_CLOSING.match(folded(text)))


def is_in_capitals(text: str) -> bool:
    return text.isupper() and len(list(islice(filter(str.isalpha, text), 3))) == 3


def without_end_mark(heading: str) -> str:
    """A heading without the full stop or colon at its end."""
    return heading.strip().rstrip(".:;").strip()
