"""The outline of a document: its headings as a tree, each with the lines and the keys that stand below it."""

import re
from collections.abc import Sequence

from services.planning.documents.blocks.headings import AFTER_KEYS, Heading, Keyed
from services.planning.documents.blocks.keys import KeyValue, keys_in
from services.planning.documents.blocks.loose_keys import with_colons
from services.planning.documents.blocks.markers import Line, is_in_capitals, lines_of
from services.planning.documents.blocks.runs import ALWAYS_HEADINGS, heads_of_keys
from services.planning.documents.blocks.wraps import continues, continues_capitals
from services.planning.documents.document import Paragraph
from shared.vietnamese import folded

_ABOVE_NUMBERS = re.compile(r"roman|capital|named .*|capitals|bold")
_ENDS_A_BLOCK = re.compile(r"(?:nơi nhận|trên đây là|\(kèm|\(có|\(chi tiết|\(ban hành|[tk]m\.|kt\.)")
_LONGEST_BOLD_HEADING = 150
_MOST_BULLETS = 12


def outline(paragraphs: Sequence[Paragraph]) -> Heading:
    """The root above all headings; what stands before the first heading belongs to it."""
    return _Outline(with_colons(list(lines_of(paragraphs)))).read()


class _Outline:
    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.root = Heading(Line(""))
        self.current = self.root
        self.styles: set[str] = set()  # the markers of the lines below the current heading so far
        self.closed = False
        self.heads_of_keys = heads_of_keys(lines)

    def read(self) -> Heading:
        for place, line in enumerate(self.lines):
            before, keys = keys_in(line.text)
            if self._is_title(line, keys):
                before, keys = line.text, []
            if keys and not before and self._names_a_section(place, line, keys):
                keys = []
            if keys and not before:
                self._add_keys(line, keys)
            elif self._begins_heading(place, line, has_key=bool(keys)):
                self._open(line, before if keys else line.text)
                self._add_keys(line, keys if before else [])
            elif not self.closed:
                self._add_text(place, line, before if keys else line.text, keys)
        return self.root

    @staticmethod
    def _is_title(line: Line, keys: list[KeyValue]) -> bool:
        """A section is no key; in capitals without a marker it is one where nothing stands behind the colon."""
        if line.style in ("roman", "capital") or line.style.startswith("named p"):
            return True
        return is_in_capitals(line.text) and not line.style and not any(key.value for key in keys)

    def _names_a_section(self, place: int, line: Line, keys: list[KeyValue]) -> bool:
        """ "2. Yêu cầu:" is a section; so is "2. Phân công:" unless keys follow, and "- Phân công:" is a key."""
        if line.style != "decimal1" or keys[0].role == "requirement":
            return line.style == "decimal1"
        following = self.lines[place + 1].text if place + 1 < len(self.lines) else ""
        before_next, next_keys = keys_in(following)
        return not keys[0].value and not (next_keys and not before_next)

    def _add_keys(self, line: Line, keys: list[KeyValue]) -> None:
        style = line.style
        if not self.closed:
            self.current.items += [
                Keyed(key.role, key.value, line.place, style, not key.value, key.shared) for key in keys
            ]

    def _begins_heading(self, place: int, line: Line, *, has_key: bool) -> bool:
        if line.style in ("*", "small"):
            return not self.closed and place in self.heads_of_keys
        if not self.closed and continues_capitals(self.current, line):
            return False
        if line.style or continues(self.current, line):
            return bool(ALWAYS_HEADINGS.fullmatch(line.style)) and not self._is_in_a_list(line)
        if folded(line.text).startswith("nơi nhận"):
            self.closed = True
        return is_in_capitals(line.text) or (not has_key and self._is_bold_heading(line))

    def _is_in_a_list(self, line: Line) -> bool:
        """ "1) …" below a key without a value of its own."""
        last = self.current.items[-1] if self.current.items else None
        return line.style == "bracket" and isinstance(last, Keyed) and last.listed

    def _is_bold_heading(self, line: Line) -> bool:
        fits = line.bold and len(line.text) <= _LONGEST_BOLD_HEADING and line.text[-1] not in ".;,"
        return fits and not self.closed and (not self.current.items or bool(self.current.keys))

    def _open(self, line: Line, text: str) -> None:
        self.closed = False
        style = line.style or ("capitals" if is_in_capitals(text) else "bold")
        parent = _parent(self.current, style)
        self.current = Heading(Line(text, line.place, style, line.number, line.bold), parent, text)
        parent.children.append(self.current)
        self.styles = set()

    def _add_text(self, place: int, line: Line, text: str, keys: list[KeyValue]) -> None:
        items = self.current.items
        last = items[-1] if items else None
        if (continues(self.current, line) and not keys) or (not self.closed and continues_capitals(self.current, line)):
            self._continue(last, text)
        elif self._ends(last, line):
            self.closed = True
        elif isinstance(last, Keyed) and last.takes(line, self.styles) and not self._begins_a_task(place, last):
            last.add(text)
        else:
            items.append(Line(text, line.place, line.style, line.number, line.bold))
            self.styles.add(line.style)
        self._add_keys(line, keys)

    def _begins_a_task(self, place: int, last: Keyed) -> bool:
        """Whether a key that the task above has comes again, next or behind the bullets of an unmarked line."""
        given = {key.role for key in self.current.keys}
        if not last.value or last.value.endswith(","):
            return False
        for line in self.lines[place + 1 : place + 1 + _MOST_BULLETS]:
            before, keys = keys_in(line.text)
            if keys and not before:
                return keys[0].role in given
            if self.lines[place].style or not line.style or ALWAYS_HEADINGS.fullmatch(line.style):
                return False
        return False

    @staticmethod
    def _ends(last: Line | Keyed | None, line: Line) -> bool:
        """Whether a line without a marker is no part of the block that it follows."""
        text = folded(line.text)
        after_keys = isinstance(last, Keyed) and bool(AFTER_KEYS.match(text))
        return not line.style and (after_keys or bool(_ENDS_A_BLOCK.match(text)))

    def _continue(self, last: Line | Keyed | None, text: str) -> None:
        if isinstance(last, Keyed):
            last.add(text, " ")
        elif last is not None:
            self.current.items[-1] = Line(f"{last.text} {text}", last.place, last.style, last.number, last.bold)
        else:
            self.current.text = f"{self.current.text} {text}".strip()


def _parent(current: Heading, style: str) -> Heading:
    """Below which heading a new one of this style stands: beside the last of its style, else below the current."""
    chain = [current]
    while chain[-1].parent is not None:
        chain.append(chain[-1].parent)
    alike = next((heading for heading in chain if heading.line.style == style), None)
    if alike is not None and alike.parent is not None:
        return alike.parent
    return next(heading for heading in chain if _may_hold(heading, style))


def _may_hold(heading: Heading, style: str) -> bool:
    above = heading.line.style
    if heading.parent is None:
        return True
    if _ABOVE_NUMBERS.fullmatch(style):
        return bool(_ABOVE_NUMBERS.fullmatch(above))
    if style.startswith("decimal"):
        return bool(_ABOVE_NUMBERS.fullmatch(above)) or (above.startswith("decimal") and above < style)
    return True
