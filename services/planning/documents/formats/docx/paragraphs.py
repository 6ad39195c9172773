"""One paragraph of a DOCX file: the text that is seen when changes are accepted, its number, and whether it is bold."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from services.planning.documents.formats.docx.names import MC, M, W, switch, value
from services.planning.documents.formats.docx.numbering import Numbering
from services.planning.documents.formats.docx.styles import Styles
from services.planning.documents.formats.letters import cleaned

BOXES = W + "txbxContent"
# Deleted text, the other form of a drawing that older programs show, properties, and text boxes (told apart).
NOT_TEXT = {W + "del", W + "moveFrom", MC + "Fallback", W + "rPr", W + "pPr", W + "sdtPr", W + "rt", BOXES}
BREAKS = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-"}


@dataclass(frozen=True)
class Written:
    """`text` is cleaned and may be empty. `number` is counted even then, as Word does."""

    text: str
    number: str | None
    bold: bool

    @property
    def line(self) -> str:
        """The paragraph as it stands in a cell, where the printed number is part of the text."""
        text = self.text.replace("\t", " ")
        return f"{self.number} {text}".strip() if self.number else text


class Writing:
    """Reads paragraphs, in the order of the document."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering

    def read(self, paragraph: etree._Element) -> Written:
        properties = paragraph.find(W + "pPr")
        style = value(properties, "pStyle")
        pieces = [
            (text, self._is_bold(run, style))
            for run, text in _pieces(paragraph)
            if run is None or not self._is_hidden(run, style)
        ]
        seen = [bold for text, bold in pieces if text.strip()]
        text = cleaned("".join(text for text, _ in pieces))
        return Written(text, self._numbering.printed(properties, style), bool(seen) and all(seen))

    def _is_bold(self, run: etree._Element | None, style: str | None) -> bool:
        properties = None if run is None else run.find(W + "rPr")
        told = (switch(properties, "b"), self._styles.is_bold(value(properties, "rStyle")), self._styles.is_bold(style))
        return next((bold for bold in told if bold is not None), False)

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
