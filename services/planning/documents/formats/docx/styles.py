"""Looks up in the styles of a DOCX file, and in those they are based on, how text is printed, and numbering."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from services.planning.documents.formats.docx.elements import W, font, number, struck, switch, value


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
