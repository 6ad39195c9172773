"""Parses JSON and marks what a JSON reader passes over: repeated keys, objects with too many keys, endless numbers."""

import json
from typing import Any

# No object of a contract has more keys than this.
MOST_KEYS = 256
# Python refuses to read a longer number at all; this one no field takes either.
LONGEST_NUMBER = 400
NUMBER_WITHOUT_END = 10**20


class Doubled(dict[str, Any]):
    """A JSON object with a repeated key. A JSON reader would keep the last value and report nothing."""


class Oversized(Doubled):
    """A JSON object with more than MOST_KEYS keys, repeated ones included. It is empty: nobody takes its values."""


def parsed(body: bytes) -> tuple[Any, bool]:
    """The document, and whether it holds an oversized object. ValueError or RecursionError where there is none."""
    is_oversized = False

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal is_oversized
        if len(pairs) > MOST_KEYS:
            is_oversized = True
            return Oversized()
        found = dict(pairs)
        return found if len(found) == len(pairs) else Doubled(found)

    return json.loads(body.decode(), object_pairs_hook=object_of, parse_int=_whole), is_oversized


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST_NUMBER else NUMBER_WITHOUT_END
