"""Starred and lettered lines: whether they are bullets of a task, or the headings of tasks with keys of their own."""

import re
from collections.abc import Iterator, Sequence

from services.planning.documents.blocks.keys import keys_in
from services.planning.documents.blocks.markers import Line, is_in_capitals

ALWAYS_HEADINGS = re.compile(r"roman|capital|named .*|decimal\d|bracket")


def heads_of_keys(lines: Sequence[Line]) -> set[int]:
    """The places of the "*" and "a)" lines that are headings: keys with another marker follow each of a run.

    Where only the last of several is followed by keys, these belong to the heading above them all.
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


def _runs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The stretches of lines between one heading with a number, or in capitals, and the next."""
    bounds = [at for at, line in enumerate(lines) if _is_heading(line)]
    yield from zip([0, *(at + 1 for at in bounds)], [*bounds, len(lines)], strict=True)


def _is_heading(line: Line) -> bool:
    return bool(ALWAYS_HEADINGS.fullmatch(line.style)) or (not line.style and is_in_capitals(line.text))
