"""Finds the paragraphs, tables, rows and cells of a DOCX file, also those inside content controls and text boxes."""

from collections.abc import Iterator

from lxml import etree

from services.planning.documents.formats.docx.names import MC, W
from services.planning.documents.formats.docx.paragraphs import BOXES

# What may stand around a paragraph, a table, a row or a cell without being one.
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


def children(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The nearest elements of these tags, whatever is around them, in their order."""
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag in tags:
            yield child
        elif child.tag in AROUND:
            waiting.extend(reversed(child))


def boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs of the text boxes that are anchored in a paragraph, each box once."""
    waiting = list(reversed(paragraph))
    while waiting:
        child = waiting.pop()
        if child.tag == BOXES:
            yield from child.iter(W + "p")
        elif child.tag not in DELETED and child.tag != MC + "Fallback":
            waiting.extend(reversed(child))


def is_deleted(row: etree._Element) -> bool:
    """Whether a row was deleted with the changes tracked."""
    properties = row.find(W + "trPr")
    return properties is not None and properties.find(W + "del") is not None
