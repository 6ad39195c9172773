"""Finds elements of WordprocessingML by name, also in content controls and text boxes, and what their styles say."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

OFF = ("0", "false", "off", "none")
BOXES = W + "txbxContent"
# Elements that may be around a paragraph, a table, a row or a cell.
AROUND = {
    W + "sdt",
    W + "sdtContent",
    W + "customXml",
    W + "smartTag",
    W + "ins",
    W + "moveTo",
    MC + "AlternateContent",
    MC + "Choice",
}
DELETED = {W + "del", W + "moveFrom"}


def value(element: etree._Element | None, child: str) -> str | None:
    """The value of a child such as numId; None if there is no such child."""
    found = None if element is None else element.find(W + child)
    return None if found is None else str(found.get(W + "val", ""))


def number(element: etree._Element | None, child: str) -> int | None:
    """The whole number of a child; None if there is none."""
    text = value(element, child)
    return int(text) if text is not None and text.lstrip("-").isdecimal() and len(text) < 10 else None


def switch(element: etree._Element | None, child: str) -> bool | None:
    """Whether a child such as b is on; None if it is not there."""
    text = value(element, child)
    return None if text is None else text.lower() not in OFF


def struck(properties: etree._Element | None) -> bool | None:
    """Whether text is crossed out, with one line or two; None where the properties do not say."""
    found = [one for child in ("strike", "dstrike") if (one := switch(properties, child)) is not None]
    return any(found) if found else None


def font(properties: etree._Element | None) -> str | None:
    """The font of letters; None where the properties name none."""
    fonts = None if properties is None else properties.find(W + "rFonts")
    named = (None if fonts is None else fonts.get(W + key) for key in ("ascii", "hAnsi", "cs"))
    return next((str(name) for name in named if name), None)


def children(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The nearest elements of these tags in their order, also inside the elements that may be around them."""
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag in tags:
            yield child
        elif child.tag in AROUND:
            waiting.extend(reversed(child))


def boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The text boxes that are anchored in a paragraph, each once; their children are paragraphs and tables."""
    waiting = list(reversed(paragraph))
    while waiting:
        child = waiting.pop()
        if child.tag == BOXES:
            yield child
        elif child.tag not in DELETED and child.tag != MC + "Fallback":
            waiting.extend(reversed(child))


def goes_on_in_the_next(paragraph: etree._Element) -> bool:
    """Whether the mark at a paragraph's end was deleted or moved away with the changes tracked."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and any(mark.find(tag) is not None for tag in DELETED)


def is_deleted(row: etree._Element) -> bool:
    """Whether a row was deleted with the changes tracked."""
    properties = row.find(W + "trPr")
    return properties is not None and properties.find(W + "del") is not None


@dataclass(frozen=True)
class Style:
    based_on: str | None
    bold: bool | None
    hidden: bool | None
    struck: bool | None
    font: str | None
    list_id: int | None
    level: int | None


class Styles:
    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default: str | None = None
        self._font = None if root is None else font(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for element in () if root is None else root.iterfind(W + "style"):
            name = str(element.get(W + "styleId", ""))
            self._styles[name] = _style(element)
            if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true"):
                self._default = name

    def is_bold(self, name: str | None) -> bool | None:
        return next((style.bold for style in self._line_of(name) if style.bold is not None), None)

    def is_hidden(self, name: str | None) -> bool | None:
        return next((style.hidden for style in self._line_of(name) if style.hidden is not None), None)

    def is_struck(self, name: str | None) -> bool | None:
        return next((style.struck for style in self._line_of(name) if style.struck is not None), None)

    def font_of(self, name: str | None) -> str | None:
        """The font of a style; that of the whole document where no style names one."""
        line = [*self._line_of(name), *self._line_of(self._default)]
        return next((style.font for style in line if style.font is not None), self._font)

    def list_of(self, name: str | None) -> tuple[int | None, int | None]:
        """The list and the level that a style gives to its paragraphs."""
        line = list(self._line_of(name or self._default))
        list_id = next((style.list_id for style in line if style.list_id is not None), None)
        return list_id, next((style.level for style in line if style.level is not None), None)

    def _line_of(self, name: str | None) -> Iterator[Style]:
        seen: set[str] = set()
        while name is not None and name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].based_on


def _style(element: etree._Element) -> Style:
    text, paragraph = element.find(W + "rPr"), element.find(W + "pPr")
    numbering = None if paragraph is None else paragraph.find(W + "numPr")
    return Style(
        value(element, "basedOn"),
        switch(text, "b"),
        switch(text, "vanish"),
        struck(text),
        font(text),
        number(numbering, "numId"),
        number(numbering, "ilvl"),
    )
