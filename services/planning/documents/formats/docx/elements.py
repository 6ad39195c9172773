"""Finds elements of WordprocessingML by name, also inside content controls, tracked changes and text boxes."""

from collections.abc import Iterator

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
