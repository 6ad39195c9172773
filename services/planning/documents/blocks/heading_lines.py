"""Decides which lines begin a heading, which continue the line above, and which end a task."""

import re
from collections.abc import Iterator, Sequence

from services.planning.documents.blocks.headings import AFTER_KEYS, LONGEST_TEXT, Heading, TaskKey, is_letterhead
from services.planning.documents.blocks.keys import KeyValue, keys_in
from services.planning.documents.line_markers import MarkedLine, is_in_capitals
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
