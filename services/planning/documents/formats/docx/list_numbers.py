"""Counts the automatic lists of a DOCX file: the number that Word prints before each paragraph."""

import re
from dataclasses import dataclass, replace

from lxml import etree

from services.planning.documents.formats.docx.elements import Styles, W, number, switch, value
from services.planning.documents.formats.text_cleaning import SYMBOLS

LEVELS = 9
PLACEHOLDER = re.compile(r"%([1-9])")
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
         (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
MOST_IN_LETTERS = 30_000


@dataclass(frozen=True)
class Level:
    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    restarts: bool = True
    is_legal: bool = False  # prints the levels above as decimals too
    style: str | None = None


class Numbering:
    """The lists of one document. `printed` is called once for each paragraph, in the order of the document."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, Level]] = {}
        self._abstract_of: dict[int, str] = {}
        self._overrides: dict[int, dict[int, etree._Element]] = {}
        self._begun: set[int] = set()
        self._counts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._learn(root)

    def _learn(self, root: etree._Element) -> None:
        links = {}
        for abstract in root.iterfind(W + "abstractNum"):
            name = str(abstract.get(W + "abstractNumId"))
            self._abstract[name] = {_place(level): _level(level) for level in abstract.iterfind(W + "lvl")}
            if (link := value(abstract, "numStyleLink")) is not None:
                links[name] = link
        for one in root.iterfind(W + "num"):
            list_id = int(str(one.get(W + "numId", "0")))
            self._abstract_of[list_id] = value(one, "abstractNumId") or ""
            self._overrides[list_id] = {_place(found): found for found in one.iterfind(W + "lvlOverride")}
        for name, link in links.items():
            linked = self._abstract_of.get(self._styles.list_of(link)[0] or 0, "")
            self._abstract[name] = self._abstract.get(linked, {})

    def printed(self, paragraph: etree._Element | None, style: str | None) -> str | None:
        """The number that stands before a paragraph with these properties (its `w:pPr`); None where there is none."""
        numbering = None if paragraph is None else paragraph.find(W + "numPr")
        own_list, own_level = number(numbering, "numId"), number(numbering, "ilvl")
        style_list, style_level = self._styles.list_of(style)
        list_id = style_list if own_list is None else own_list
        if not list_id or list_id not in self._abstract_of:
            return None
        levels = self._levels(list_id)
        place = own_level if own_level is not None else style_level
        if place is None:
            place = next((at for at, level in levels.items() if style is not None and level.style == style), 0)
        return self._count(list_id, min(max(place, 0), LEVELS - 1), levels)

    def _levels(self, list_id: int) -> dict[int, Level]:
        levels = dict(self._abstract.get(self._abstract_of[list_id], {}))
        for place, override in self._overrides[list_id].items():
            if (own := override.find(W + "lvl")) is not None:
                levels[place] = _level(own)
            if (start := number(override, "startOverride")) is not None:
                levels[place] = replace(levels.get(place, Level()), start=start)
        return levels

    def _count(self, list_id: int, place: int, levels: dict[int, Level]) -> str | None:
        # Lists of one definition go on counting together, until one of them sets its first number.
        counts = self._counts.setdefault(self._abstract_of[list_id], {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for at, override in self._overrides[list_id].items():
                if number(override, "startOverride") is not None:
                    counts.pop(at, None)
        level = levels.get(place, Level())
        counts[place] = counts[place] + 1 if place in counts else level.start
        for deeper in [at for at in counts if at > place and levels.get(at, level).restarts]:
            del counts[deeper]
        return _printed(place, level, levels, counts)


def _printed(place: int, level: Level, levels: dict[int, Level], counts: dict[int, int]) -> str | None:
    if level.number_format == "bullet":
        return "-" if SYMBOLS.search(level.text) or level.text in ("o", "") else level.text.strip() or None

    def shown(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        above = levels.get(at, Level())
        if above.number_format == "none":
            return ""
        is_decimal = level.is_legal and at < place
        return numeral(counts.get(at, above.start), "decimal" if is_decimal else above.number_format)

    return PLACEHOLDER.sub(shown, level.text).strip() or None


def _place(element: etree._Element) -> int:
    text = str(element.get(W + "ilvl", "0"))
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _level(element: etree._Element) -> Level:
    start = number(element, "start")
    return Level(
        0 if start is None else start,
        value(element, "numFmt") or "decimal",
        value(element, "lvlText") or "",
        number(element, "lvlRestart") != 0,
        bool(switch(element, "isLgl")),
        value(element, "pStyle"),
    )


def numeral(count: int, number_format: str) -> str:
    """`count` in a format of Word; one that Vietnamese offices do not use is printed as a decimal number."""
    if not 0 < count < MOST_IN_LETTERS:
        return str(count)
    small = {"lowerRoman": _roman, "upperRoman": _roman, "lowerLetter": _letter, "upperLetter": _letter}
    if number_format in small:
        text = small[number_format](count)
        return text.upper() if number_format.startswith("upper") else text
    return f"{count:02}" if number_format == "decimalZero" else str(count)


def _roman(count: int) -> str:
    text = ""
    for worth, letters in ROMAN:
        text += letters * (count // worth)
        count %= worth
    return text


def _letter(count: int) -> str:
    """a … z, then aa, bb, cc: Word repeats the letter."""
    times, place = divmod(count - 1, 26)
    return chr(ord("a") + place) * (times + 1)
