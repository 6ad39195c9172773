"""Keys that were typed without a colon ("Chủ trì Phòng Kinh tế"): given one where the lines beside are keys too."""

from collections.abc import Sequence
from dataclasses import replace

from services.planning.documents.blocks.keys import KeyValue, keys_in, without_colon
from services.planning.documents.blocks.markers import Line, is_in_capitals
from services.planning.phrases.bodies import read_bodies
from services.planning.phrases.schedules import read_schedule

_ANY_YEAR = 2000  # to see whether a text names a time at all
_LONGEST_SCHEDULE = 100
_LONGEST_BODIES = 300
_LONGEST_LIST = 6


def with_colons(lines: Sequence[Line]) -> list[Line]:
    """The lines, each of these keys with its colon.

    One key alone may be the beginning of a sentence ("Phối hợp Phòng Kinh tế rà soát"): it takes two side by side.
    """
    written = [_with_colon(line) for line in lines]
    is_key = [text is not None or bool(_has_key(line)) for text, line in zip(written, lines, strict=True)]
    return [
        replace(line, text=text) if text is not None and _has_company(is_key, at, _reach(line, text)) else line
        for at, (text, line) in enumerate(zip(written, lines, strict=True))
    ]


def _has_company(is_key: Sequence[bool], at: int, reach: int) -> bool:
    return any(is_key[max(0, at - reach) : at]) or any(is_key[at + 1 : at + 1 + reach])


def _reach(line: Line, text: str) -> int:
    """How far off the next key may be: beside, or behind a value on lines of its own, of which a list has several."""
    if not text.endswith(":"):
        return 1
    return _LONGEST_LIST if line.style else 2


def _has_key(line: Line) -> bool:
    before, keys = keys_in(line.text)
    return bool(keys) and not before


def _with_colon(line: Line) -> str | None:
    if line.style.startswith(("roman", "capital", "decimal", "named")) or is_in_capitals(line.text) or _has_key(line):
        return None
    found = without_colon(line.text)
    return f"{found[0].strip()}: {found[1].value}".strip() if found and _is_plausible(found[1]) else None


def _is_plausible(key: KeyValue) -> bool:
    """Whether the value is nothing but bodies, or nothing but a time; it may also follow on the next line."""
    if not key.value or key.role in ("deliverable", "requirement"):
        return True
    if key.role == "schedule":
        milestones = read_schedule(key.value, _ANY_YEAR).milestones
        return len(key.value) <= _LONGEST_SCHEDULE and all(one.kind != "unspecified" for one in milestones)
    if len(key.value) > _LONGEST_BODIES:
        return False
    bodies = read_bodies(key.value, "support" if key.role == "support" else "lead")
    named = sum(len(name) for name in (*bodies.lead, *bodies.support))
    return not bodies.warnings and named >= len(key.value) - 3 * key.value.count(",") - 8
