"""Reads a paragraph of a DOCX file: its text with tracked changes accepted, its list number, and how it is printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from services.planning.documents.formats.docx.elements import (
    BOXES,
    MC,
    M,
    Styles,
    W,
    font,
    goes_on_in_the_next,
    struck,
    switch,
    value,
)
from services.planning.documents.formats.docx.list_numbers import Numbering
from services.planning.documents.formats.text_cleaning import OldTexts, cleaned, converted, is_old_font

# Deleted text, the second form of a drawing for older programs, properties, and text boxes (read separately).
NOT_TEXT = {W + "del", W + "moveFrom", MC + "Fallback", W + "rPr", W + "pPr", W + "sdtPr", W + "rt", BOXES}
BREAKS = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-"}


@dataclass(frozen=True)
class SeenParagraph:
    """`text` is cleaned and may be empty. `number` is counted even then, as Word does.

    `struck` is the crossed-out text, which is left out; `old_font` the font of text that was converted to Unicode;
    `footnote` the text of its footnotes, which is no part of it.
    """

    text: str
    number: str | None
    bold: bool
    struck: str = ""
    old_font: str | None = None
    footnote: str = ""

    @property
    def line(self) -> str:
        """The paragraph in a cell, where the printed number is part of the text."""
        text = self.text.replace("\t", " ")
        return f"{self.number} {text}".strip() if self.number else text


@dataclass(frozen=True)
class Piece:
    """A text of one run. `font` is named only where it is one from before Unicode."""

    text: str
    bold: bool
    struck: bool
    font: str | None


class ParagraphReader:
    """Reads paragraphs in the order of the document, because it counts their numbers."""

    def __init__(self, styles: Styles, numbering: Numbering, footnotes: Mapping[str, str]) -> None:
        """`footnotes` are texts by their ids."""
        self._footnotes = footnotes
        self._styles = styles
        self._numbering = numbering
        self._old = OldTexts()
        self._begun: list[Piece] = []  # of paragraphs whose end was deleted

    def read(self, paragraph: etree._Element) -> SeenParagraph | None:
        """None for a paragraph that continues in the next one."""
        properties = paragraph.find(W + "pPr")
        style = value(properties, "pStyle")
        pieces = [
            self._piece(run, text, style)
            for run, text in _pieces(paragraph)
            if run is None or not self._is_hidden(run, style)
        ]
        if goes_on_in_the_next(paragraph):
            self._begun += pieces
            return None
        pieces, self._begun = [*self._begun, *pieces], []
        number = self._numbering.printed(properties, style)
        struck = cleaned("".join(piece.text for piece in pieces if piece.struck))
        seen = self._in_unicode([piece for piece in pieces if not piece.struck])
        bold = [piece.bold for piece in seen if piece.text.strip()]
        text = cleaned("".join(piece.text for piece in seen))
        number = None if struck and not text else number  # a number before nothing is struck with it
        old_font = next((piece.font for piece in seen if piece.font), None)
        named = (str(one.get(W + "id")) for one in paragraph.iter(W + "footnoteReference"))
        footnote = cleaned(" ".join(self._footnotes.get(name, "") for name in named))
        return SeenParagraph(text, number, bool(bold) and all(bold), struck, old_font, footnote)

    def _in_unicode(self, pieces: list[Piece]) -> list[Piece]:
        """Converts the text in old fonts; where it is Unicode that only stands in such a font, the font is left out."""
        old = "".join(piece.text for piece in pieces if piece.font)
        return [
            replace(piece, text=converted(piece.text, piece.font))
            if piece.font and self._old.holds(old, piece.font)
            else replace(piece, font=None)
            for piece in pieces
        ]

    def _piece(self, run: etree._Element | None, text: str, style: str | None) -> Piece:
        properties = None if run is None else run.find(W + "rPr")
        by_run = value(properties, "rStyle")
        own = struck(properties)
        is_struck = bool(self._styles.is_struck(by_run) or self._styles.is_struck(style)) if own is None else own
        name = font(properties) or (self._styles.font_of(by_run) if by_run else None) or self._styles.font_of(style)
        return Piece(text, self._is_bold(run, style), is_struck, name if is_old_font(name) else None)

    def _is_bold(self, run: etree._Element | None, style: str | None) -> bool:
        properties = None if run is None else run.find(W + "rPr")
        by_trust = (
            switch(properties, "b"),
            self._styles.is_bold(value(properties, "rStyle")),
            self._styles.is_bold(style),
        )
        return next((bold for bold in by_trust if bold is not None), False)

    def _is_hidden(self, run: etree._Element, style: str | None) -> bool:
        properties = run.find(W + "rPr")
        if (own := switch(properties, "vanish")) is not None:
            return own
        return bool(self._styles.is_hidden(value(properties, "rStyle")) or self._styles.is_hidden(style))


def _pieces(paragraph: etree._Element) -> Iterator[tuple[etree._Element | None, str]]:
    """The texts of a paragraph, each with the run it stands in."""
    waiting: list[tuple[etree._Element, etree._Element | None]] = [(paragraph, None)]
    while waiting:
        element, run = waiting.pop()
        if element.tag in (W + "t", M + "t"):
            yield run, element.text or ""
        elif element.tag == W + "br":
            yield run, "\n" if element.get(W + "type", "textWrapping") == "textWrapping" else ""
        elif element.tag == W + "sym":
            yield run, _symbol(str(element.get(W + "char", "")))
        elif element.tag in BREAKS:
            yield run, BREAKS[element.tag]
        elif element.tag not in NOT_TEXT:
            run = element if element.tag == W + "r" else run
            waiting.extend((child, run) for child in reversed(element) if isinstance(child.tag, str))


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
