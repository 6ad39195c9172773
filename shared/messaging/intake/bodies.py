"""Reads the body of a submission: whole where it can be, else item by item, so that a bad item costs no good one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from shared.contracts import Submission
from shared.messaging.json_document import MOST_KEYS, Doubled, Oversized, parsed

# What the intake stream lets through. Where another setting lets more through it is kept, but not read.
LARGEST_BODY = 1024 * 1024
# What an account of a commune can publish: a larger body is answered, one beyond this cuts the connection.
LARGEST_SENT = 2 * LARGEST_BODY
TOO_LARGE = "larger than 1 MB"
LONGEST_REASON = 300
DOUBLED_KEY = "doubled_key"
# A validation error names every fault, and takes some hundred bytes for each: a body of 1 MB can have 500,000. Beyond
# so many parts it is looked at before it is validated.
PARTS_VALIDATED_AT_ONCE = 1000


@dataclass(frozen=True)
class Unreadable:
    """Why a body is not a submission."""

    reason: str


@dataclass(frozen=True)
class Malformed:
    """An item that cannot be read: its number from 1, its own id, the place and the name of its first error.

    `item_id` is the text in the item's first field, None where there is none. The item itself is in the body.
    """

    number: int
    item_id: str | None
    place: str
    problem: str


class Content(NamedTuple):
    """The content of a body: a submission of the items that can be read, and those that cannot."""

    submission: Submission | Unreadable
    malformed: tuple[Malformed, ...] = ()


def read_body(kind: type[Submission], body: bytes) -> Content:
    """Read a body; nothing is raised. Item by item only for a kind whose items are decided one by one.

    Time and memory are bounded by the size of the body, whatever is in it.
    """
    if len(body) > LARGEST_BODY:
        return Content(Unreadable(TOO_LARGE))
    try:
        return _too_much(kind, body) or _validated(kind, body)
    except (ValueError, RecursionError) as broken:
        return Content(Unreadable(f"not JSON: {type(broken).__name__}"))


def _validated(kind: type[Submission], body: bytes) -> Content:
    try:
        whole = kind.model_validate_json(body)
    except ValidationError as invalid:
        return _read_one_by_one(kind, body, _reason(invalid))
    if kind.one_by_one and _may_have_doubled_keys(body, whole):
        return _read_one_by_one(kind, body, "a key stands twice")
    return Content(whole)


def _too_much(kind: type[Submission], body: bytes) -> Content | None:
    """The content of a body that is not validated as a whole: a list or an object in it is too long."""
    if body.count(b",") < PARTS_VALIDATED_AT_ONCE:
        return None
    found, is_oversized = parsed(body)
    if reason := _too_many_items(kind, found):
        return Content(Unreadable(reason))
    return _one_by_one(kind, found, f"an object has more than {MOST_KEYS} keys") if is_oversized else None


def _too_many_items(kind: type[Submission], found: object) -> str | None:
    for name, field in kind.model_fields.items():
        items = found.get(name) if isinstance(found, dict) else None
        if isinstance(items, list) and len(items) > (most := _most(field) or len(items)):
            return f"{name}: {len(items)} items; at most {most}"
    return None


def _may_have_doubled_keys(body: bytes, whole: Submission) -> bool:
    """Whether the body has more colons than keys that were read: a quick test, since every key has a colon.

    A colon within a text gives True as well, and the body is then read item by item. So does an escaped colon.
    """
    keys = len(whole.model_fields_set)
    for item in getattr(whole, str(whole.one_by_one)):
        keys += len(item.model_fields_set)
        keys += sum(len(value) for value in vars(item).values() if type(value) is dict)
    return body.count(b":") != keys or b"\\u003" in body


def _read_one_by_one(kind: type[Submission], body: bytes, reason: str) -> Content:
    try:
        found, _ = parsed(body)
    except (ValueError, RecursionError):
        return Content(Unreadable(reason))
    return _one_by_one(kind, found, reason)


def _one_by_one(kind: type[Submission], found: object, reason: str) -> Content:
    """`reason` is why the whole was not read: the answer for a body that has no list of items of their own."""
    items_name = kind.one_by_one
    if items_name is None or not isinstance(found, dict) or isinstance(found, Doubled) or len(found) > 1:
        return Content(Unreadable(reason))
    items = found.get(items_name)
    if not isinstance(items, list) or not 0 < len(items) <= _most(kind.model_fields[items_name]):
        return Content(Unreadable(reason))
    read = [_item(kind, number, item) for number, item in enumerate(items, 1)]
    malformed = tuple(item for item in read if isinstance(item, Malformed))
    good = tuple(item for item in read if not isinstance(item, Malformed))
    # Nothing is validated again: a submission in which no item can be read is decided, and not parked.
    return Content(kind.model_construct(None, **{items_name: good}), malformed)


def _item(kind: type[Submission], number: int, item: object) -> object:
    if problem := _problem(item):
        return Malformed(number, _item_id(kind, item), "", problem)
    try:
        return _adapter(kind).validate_json(json.dumps(item))
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False, include_context=False)[0]
        place = _plain(".".join(str(part) for part in first["loc"]))
        return Malformed(number, _item_id(kind, item), place, first["type"])
    except (ValueError, RecursionError):
        return Malformed(number, _item_id(kind, item), "", "json_invalid")


def _item_id(kind: type[Submission], item: object) -> str | None:
    found = item.get(_id_field(kind)) if isinstance(item, dict) else None
    return found if isinstance(found, str) else None


def _problem(item: object) -> str | None:
    parts = [item, *(item.values() if isinstance(item, Mapping) else ())]
    if any(isinstance(part, Oversized) for part in parts):
        return "too_long"
    return DOUBLED_KEY if any(isinstance(part, Doubled) for part in parts) else None


@cache
def _adapter(kind: type[Submission]) -> TypeAdapter[Any]:
    return TypeAdapter(_item_model(kind))


@cache
def _id_field(kind: type[Submission]) -> str:
    return str(next(iter(_item_model(kind).model_fields)))


def _item_model(kind: type[Submission]) -> Any:
    return get_args(kind.model_fields[str(kind.one_by_one)].annotation)[0]


def _most(field: FieldInfo) -> int:
    """The length that a field's contract allows; 0 where it sets none."""
    return next((limit.max_length for limit in field.metadata if getattr(limit, "max_length", None)), 0)


def _reason(invalid: ValidationError) -> str:
    """The first error of the submission itself, or else of an item."""
    errors = invalid.errors(include_url=False, include_input=False, include_context=False)
    first = next((error for error in errors if len(error["loc"]) < 2), errors[0])
    place = ".".join(str(part) for part in first["loc"])
    return _plain(f"{place}: {first['msg']}" if place else str(first["msg"]))


def _plain(text: str) -> str:
    """Shortened and printable: a place holds keys as they were sent, and a reason goes into messages."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:LONGEST_REASON])
