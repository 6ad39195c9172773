"""The names of WordprocessingML that are looked for, as lxml writes them."""

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

OFF = ("0", "false", "off", "none")


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
