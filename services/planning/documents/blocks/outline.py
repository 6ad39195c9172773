"""Builds the outline of a document: the tree of its headings with the lines and keys below each.

Decides which lines begin a heading, which continue the line above, and which end a task.
"""

import re
from collections.abc import Iterator, Sequence

from services.planning.documents.blocks.headings import AFTER_KEYS, LONGEST_TEXT, Heading, TaskKey, is_letterhead
from services.planning.documents.blocks.keys import KeyValue, keys_in
from services.planning.documents.blocks.keys_without_colons import with_colons
from services.planning.documents.blocks.task_lists import is_dated_section
from services.planning.documents.document import Paragraph
from services.planning.documents.line_markers import MarkedLine, is_in_capitals, lines_of
from shared.vietnamese import folded

ALWAYS_HEADINGS = re.compile(r"roman|capital|named .*|decimal\d|bracket")
_UNFINISHED = re.compile(
    r"[^\W\d]+\s+(?:của|và|với|về|cho|gửi|các|do|trong|bằng|là|(?<!kèm )theo|(?<!hiện )(?<!tồn )tại)$"
)
_ENDS_A_TASK = re.compile(r"(?:nơi nhận|trên đây là|\(kèm|\(có|\(chi tiết|\(ban hành|[tk]m\.|kt\.)")
_LONGEST_BOLD_HEADING = 150
# In letters. Each further line would copy and search the text above it again.
_LONGEST_HEADING = 1_000
_END_OF_A_TEXT = 60


def is_title(line: MarkedLine, keys: Sequence[KeyValue]) -> bool:
    """Whether a line is a heading even where it looks like a key: by its marker, or in capitals and without a value."""
    if line.style in ("roman", "capital") or line.style.startswith("named p"):
        return True
    return is_in_capitals(line.text) and not line.style and not any(key.value for key in keys)


def is_bold_heading(line: MarkedLine, current: Heading) -> bool:
    fits = line.bold and len(line.text) <= _LONGEST_BOLD_HEADING and line.text[-1] not in ".;,"
    return fits and (not current.items or bool(current.keys))


def headings_with_keys(lines: Sequence[MarkedLine]) -> set[int]:
    """The positions of the "*" and "a)" lines that are headings: keys with another marker follow each of a run.

    Where keys follow only the last of several, they belong to the heading above them all.
    """
    keyed = [keys_in(line.text) for line in lines]
    has_keys = [bool(keys) for _, keys in keyed]
    is_key = [bool(keys) and not before for before, keys in keyed]
    places: set[int] = set()
    for first, end in _runs(lines):
        for style in ("*", "small"):
            alike = [at for at in range(first, end) if lines[at].style == style]
            if alike and not any(is_key[at] for at in alike):
                places |= _heads(alike, end, has_keys)
    return places


def _heads(alike: list[int], end: int, has_keys: list[bool]) -> set[int]:
    stretches = zip(alike, [*alike[1:], end], strict=True)
    followed = sum(any(has_keys[at + 1 : until]) for at, until in stretches)
    return set(alike) if followed == len(alike) or followed >= 2 else set()


def _runs(lines: Sequence[MarkedLine]) -> Iterator[tuple[int, int]]:
    """Start and end of the lines between two headings that have a number or are in capitals."""
    bounds = [at for at, line in enumerate(lines) if _is_heading(line)]
    yield from zip([0, *(at + 1 for at in bounds)], [*bounds, len(lines)], strict=True)


def _is_heading(line: MarkedLine) -> bool:
    return bool(ALWAYS_HEADINGS.fullmatch(line.style)) or (not line.style and is_in_capitals(line.text))


def continues(current: Heading, line: MarkedLine) -> bool:
    """Whether a line without a marker begins with a small letter, or the text above ends with a word such as "của"."""
    if line.style:
        return False
    last = current.items[-1] if current.items else None
    above = last.value if isinstance(last, TaskKey) else last.text if last else current.text
    if len(above) > LONGEST_TEXT:
        return False
    return line.text[0].islower() or bool(_UNFINISHED.search(above[-_END_OF_A_TEXT:]))


def continues_capitals(current: Heading, line: MarkedLine) -> bool:
    """Whether it is the second line of a heading in capitals, or of the title under "KẾ HOẠCH"."""
    if line.style or current.items or current.children or len(current.text) > _LONGEST_HEADING:
        return False
    if not (is_in_capitals(current.text) and is_in_capitals(line.text)):
        return False
    return folded(current.text).startswith("kế hoạch") or not (is_letterhead(current.text) or is_letterhead(line.text))


def ends_a_task(last: MarkedLine | TaskKey | None, line: MarkedLine) -> bool:
    """Whether a line without a marker is no part of the task above it."""
    text = folded(line.text)
    after_keys = isinstance(last, TaskKey) and bool(AFTER_KEYS.match(text))
    return not line.style and (after_keys or bool(_ENDS_A_TASK.match(text)))


_ABOVE_NUMBERS = re.compile(r"roman|capital|named .*|capitals|bold|dated")
_MOST_BULLETS = 12


def outline(paragraphs: Sequence[Paragraph]) -> Heading:
    """The root above all headings; lines before the first heading belong to it."""
    return _Outline(with_colons(list(lines_of(paragraphs)))).read()


class _Outline:
    def __init__(self, lines: list[MarkedLine]) -> None:
        self.lines = lines
        self.root = Heading(MarkedLine(""))
        self.current = self.root
        self.styles: set[str] = set()  # the markers of the lines below the current heading so far
        self.closed = False
        self.headings_with_keys = headings_with_keys(lines)

    def read(self) -> Heading:
        for place, line in enumerate(self.lines):
            before, keys = keys_in(line.text)
            if is_title(line, keys):
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

    def _names_a_section(self, place: int, line: MarkedLine, keys: list[KeyValue]) -> bool:
        """ "2. Yêu cầu:" is a section; so is "2. Phân công:" unless keys follow, and "- Phân công:" is a key."""
        if line.style != "decimal1" or keys[0].role == "requirement":
            return line.style == "decimal1"
        following = self.lines[place + 1].text if place + 1 < len(self.lines) else ""
        before_next, next_keys = keys_in(following)
        return not keys[0].value and not (next_keys and not before_next)

    def _add_keys(self, line: MarkedLine, keys: list[KeyValue]) -> None:
        style = line.style
        if not self.closed:
            self.current.items += [
                TaskKey(key.role, key.value, line.place, style, not key.value, key.shared, by_value=line.by_values)
                for key in keys
            ]

    def _begins_heading(self, place: int, line: MarkedLine, *, has_key: bool) -> bool:
        if line.style == "*" and not self.closed and is_dated_section(line.text):
            return True
        if line.style in ("*", "small"):
            return not self.closed and place in self.headings_with_keys
        if not self.closed and continues_capitals(self.current, line):
            return False
        if line.style or continues(self.current, line):
            return bool(ALWAYS_HEADINGS.fullmatch(line.style)) and not self._is_in_a_list(line)
        if folded(line.text).startswith("nơi nhận"):
            self.closed = True
        last = self.current.items[-1] if self.current.items else None
        if is_dated_section(line.text) and not (isinstance(last, TaskKey) and not last.value):
            return True
        return is_in_capitals(line.text) or (not has_key and not self.closed and is_bold_heading(line, self.current))

    def _is_in_a_list(self, line: MarkedLine) -> bool:
        """ "1) …" below a key whose value is a list."""
        last = self.current.items[-1] if self.current.items else None
        return line.style == "bracket" and isinstance(last, TaskKey) and last.listed

    def _open(self, line: MarkedLine, text: str) -> None:
        self.closed = False
        unmarked = "dated" if is_dated_section(text) else "capitals" if is_in_capitals(text) else "bold"
        style = unmarked if line.style in ("", "*") and (not line.style or unmarked == "dated") else line.style
        parent = _parent(self.current, style)
        self.current = Heading(MarkedLine(text, line.place, style, line.number, line.bold), parent, text)
        parent.children.append(self.current)
        self.styles = set()

    def _add_text(self, place: int, line: MarkedLine, text: str, keys: list[KeyValue]) -> None:
        items = self.current.items
        last = items[-1] if items else None
        if (continues(self.current, line) and not keys) or (not self.closed and continues_capitals(self.current, line)):
            self._continue(last, text)
        elif ends_a_task(last, line):
            self.closed = True
        elif isinstance(last, TaskKey) and last.accepts(line, self.styles) and not self._begins_a_task(place, last):
            last.append(text)
        else:
            items.append(MarkedLine(text, line.place, line.style, line.number, line.bold))
            self.styles.add(line.style)
        self._add_keys(line, keys)

    def _begins_a_task(self, place: int, last: TaskKey) -> bool:
        """Whether a key of the task above is repeated on the next line, or after the bullets of an unmarked line."""
        roles = {key.role for key in self.current.keys}
        if not last.value or last.value.endswith(","):
            return False
        for line in self.lines[place + 1 : place + 1 + _MOST_BULLETS]:
            before, keys = keys_in(line.text)
            if keys and not before:
                return keys[0].role in roles
            if self.lines[place].style or not line.style or ALWAYS_HEADINGS.fullmatch(line.style):
                return False
        return False

    def _continue(self, last: MarkedLine | TaskKey | None, text: str) -> None:
        if isinstance(last, TaskKey):
            last.append(text, " ")
        elif last is not None:
            self.current.items[-1] = MarkedLine(f"{last.text} {text}", last.place, last.style, last.number, last.bold)
        else:
            self.current.text = f"{self.current.text} {text}".strip()


def _parent(current: Heading, style: str) -> Heading:
    """The parent of a new heading: that of the last heading of its style, else the nearest that may hold it."""
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
