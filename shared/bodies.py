"""Reads the body of a submission: whole where it can be, else item by item, so that a bad item costs no good one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import TypeAdapter, ValidationError

from shared.contracts import Submission

# What the intake stream lets through. Where another setting lets more through it is kept, but not read.
LARGEST_BODY = 1024 * 1024
TOO_LARGE = "larger than 1 MB"
LONGEST_REASON = 300
# Python refuses to read a longer number at all; this one no field takes either.
LONGEST_NUMBER = 400
NUMBER_WITHOUT_END = 10**20
DOUBLED_KEY = "doubled_key"


@dataclass(frozen=True)
class Unreadable:
    """Why a body is not a submission."""

    reason: str


@dataclass(frozen=True)
class Malformed:
    """An item that cannot be read: its number from 1, what it says, where in it the first error is, and which."""

    number: int
    said: object
    place: str
    problem: str


class Content(NamedTuple):
    """What a body says: a submission of the items that can be read, and those that cannot."""

    submission: Submission | Unreadable
    malformed: tuple[Malformed, ...] = ()


class Doubled(dict[str, Any]):
    """A JSON object in which a key stands twice: every reader keeps the last of them without a word."""


def read_body(kind: type[Submission], body: bytes) -> Content:
    """What a body says; it never raises. Only a kind whose items are judged one by one is read item by item."""
    if len(body) > LARGEST_BODY:
        return Content(Unreadable(TOO_LARGE))
    try:
        whole = kind.model_validate_json(body)
    except ValidationError as invalid:
        reason = _reason(invalid)
        return _one_by_one(kind, body, reason) if kind.one_by_one else Content(Unreadable(reason))
    except (ValueError, RecursionError) as broken:
        return Content(Unreadable(f"not JSON: {type(broken).__name__}"))
    if kind.one_by_one and _may_have_doubled_keys(body, whole):
        return _one_by_one(kind, body, "a key stands twice")
    return Content(whole)


def _may_have_doubled_keys(body: bytes, whole: Submission) -> bool:
    """Every key has a colon: where there are as many as keys that were understood, none stands twice.

    A colon in a text means a closer look, no more; a text may write its colons so that they are not counted.
    """
    keys = len(whole.model_fields_set)
    for item in getattr(whole, str(whole.one_by_one)):
        keys += len(item.model_fields_set)
        keys += sum(len(value) for value in vars(item).values() if type(value) is dict)
    return body.count(b":") != keys or b"\\u003" in body


def _one_by_one(kind: type[Submission], body: bytes, reason: str) -> Content:
    """`reason`: why the whole was not read, for a body whose items cannot be told apart."""
    items_name = kind.one_by_one
    try:
        found = json.loads(body.decode(), object_pairs_hook=_object, parse_int=_whole)
    except (ValueError, RecursionError):
        return Content(Unreadable(reason))
    items = found.get(items_name) if isinstance(found, dict) and not isinstance(found, Doubled) else None
    if not isinstance(items, list) or len(found) > 1 or not 0 < len(items) <= _most(kind):
        return Content(Unreadable(reason))
    read = [_item(kind, number, said) for number, said in enumerate(items, 1)]
    malformed = tuple(item for item in read if isinstance(item, Malformed))
    good = tuple(item for item in read if not isinstance(item, Malformed))
    # Nothing is checked again, so that a submission without a good item can be told from one that nobody can read.
    return Content(kind.model_construct(None, **{str(items_name): good}), malformed)


def _item(kind: type[Submission], number: int, said: object) -> object:
    if _is_doubled(said):
        return Malformed(number, said, "", DOUBLED_KEY)
    try:
        return _adapter(kind).validate_json(json.dumps(said))
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        return Malformed(number, said, _plain(".".join(str(part) for part in first["loc"])), first["type"])
    except (ValueError, RecursionError):
        return Malformed(number, said, "", "json_invalid")


def _is_doubled(said: object) -> bool:
    return isinstance(said, Doubled) or (
        isinstance(said, Mapping) and any(isinstance(part, Doubled) for part in said.values())
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(found)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST_NUMBER else NUMBER_WITHOUT_END


@cache
def _adapter(kind: type[Submission]) -> TypeAdapter[Any]:
    return TypeAdapter(get_args(kind.model_fields[str(kind.one_by_one)].annotation)[0])


@cache
def _most(kind: type[Submission]) -> int:
    lengths = kind.model_fields[str(kind.one_by_one)].metadata
    return int(next(length.max_length for length in lengths if hasattr(length, "max_length")))


def _reason(invalid: ValidationError) -> str:
    """The first error of the submission itself, or else of an item."""
    errors = invalid.errors(include_url=False, include_input=False)
    first = next((error for error in errors if len(error["loc"]) < 2), errors[0])
    place = ".".join(str(part) for part in first["loc"])
    return _plain(f"{place}: {first['msg']}" if place else str(first["msg"]))


def _plain(text: str) -> str:
    """A place names keys as they were sent, be they a megabyte long or not printable; a reason travels on."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:LONGEST_REASON])
