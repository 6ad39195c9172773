"""What a definition must say, by its kind, and what a later version may not change."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from typing import Any, Literal, get_args

Kind = Literal["field", "measure", "indicator"]
KINDS: tuple[Kind, ...] = get_args(Kind)
EARLIEST, TOO_LATE = date(1990, 1, 1), date(2200, 1, 1)

# Ids travel in subjects and primary keys; no key of the event store's own JSON (`_type_`) is one.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
# PostgreSQL keeps no NUL, JSON no half of a surrogate pair, and a name is one line.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_MOST_MEASURES = 30

Check = Callable[[Any], str | None]


def faults(kind: str, name: str, definition: Mapping[str, Any], in_force_from: date) -> Iterator[str]:
    """What is wrong with a definition taken alone, a sentence each."""
    if kind not in KINDS:
        yield f'"{kind}" is nothing that can be defined; choose one of: {", ".join(KINDS)}'
        return
    if not isinstance(name, str) or not _ID.fullmatch(name):
        yield f"{kind} {_short(name)}: an id has up to 80 letters, digits, - and _, and begins with a letter or a digit"
    parts = PARTS[kind]
    for key in definition.keys() - parts.keys():
        yield f"{kind} {_short(name)}: {_short(key)} is no part of it"
    for key, check in parts.items():
        if wrong := "is missing" if key not in definition else check(definition[key]):
            yield f"{kind} {_short(name)}: {key} {wrong}"
    if not EARLIEST <= in_force_from < TOO_LATE:
        yield f"{kind} {_short(name)}: {in_force_from} is no date of effect between 1990 and 2199"


def undefined(name: str, definition: Mapping[str, Any], measures: Container[str]) -> Iterator[str]:
    """The measures that an indicator uses and nobody has defined."""
    for measure in dict.fromkeys((*definition["numerator"], *definition["denominator"])):
        if measure not in measures:
            yield f"indicator {name} uses the measure {measure}, which is not defined"


def broken_promise(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """What a new version of a measure may not change, since figures of before would be added up another way.

    Counts without field can be followed by counts by field, their sum stays right; a stock cannot: what was last said
    without field would stand beside what is said by field, and count twice.
    """
    advice = "define another measure"
    if before["kind"] != after["kind"]:
        return f"measure {name} is a {before['kind']} and cannot become a {after['kind']}; {advice}"
    if before["by_field"] and not after["by_field"]:
        return f"measure {name} is counted by field and cannot be without; {advice}"
    if before["by_field"] != after["by_field"] and before["kind"] == "stock":
        return f"measure {name} is a stock that is not counted by field and cannot be from a day on; {advice}"
    return None


def _text(longest: int) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, str) or not value.strip():
            return "is not a text"
        if len(value) > longest:
            return f"has {len(value)} characters; at most {longest} are kept"
        return "holds a character that cannot be printed" if _UNPRINTABLE.search(value) else None

    return check


def _one_of(*words: str) -> Check:
    return lambda value: None if value in words else f"is none of: {', '.join(words)}"


def _yes_or_no(value: Any) -> str | None:
    return None if isinstance(value, bool) else "is neither true nor false"


def _sum(value: Any) -> str | None:
    if not isinstance(value, list | tuple) or not value:
        return "names no measure"
    if not all(isinstance(each, str) and _ID.fullmatch(each) for each in value):
        return "holds what is no measure's id"
    if len(set(value)) < len(value):
        return "counts a measure twice"
    return f"sums more than {_MOST_MEASURES} measures" if len(value) > _MOST_MEASURES else None


def _short(value: object) -> str:
    printable = _UNPRINTABLE.sub("?", str(value))
    return printable if len(printable) <= 90 else f"{printable[:90]}…"


PARTS: Mapping[str, Mapping[str, Check]] = {
    "field": {"name": _text(300)},
    "measure": {
        "name": _text(300),
        "kind": _one_of("flow", "stock", "survey"),
        "unit": _text(60),
        "by_field": _yes_or_no,
    },
    "indicator": {
        "name": _text(300),
        "numerator": _sum,
        "denominator": _sum,
        "direction": _one_of("higher", "lower"),
        "zero_denominator": _one_of("zero", "full", "undefined"),
        "source": _text(1000),
    },
}
