"""A report's content as canonical JSON and back: the bytes that are stored and hashed for an edition."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from services.reporting.domain.content.edition_changes import EditionChanges
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import FigureChange, ReadingCorrected, ReadingLate

_NEVER = object()


def canonical_json(report: ReportContent) -> bytes:
    """UTF-8, sorted keys, no spaces, one newline at the end; dates as ISO 8601, decimals as plain strings, no floats.

    Equal decimals give equal bytes: 90 and 90.0 are both `"90"`. Half of a surrogate pair, which UTF-8 has no bytes
    for, stays the escape that JSON has for it. A field that was added after the first editions is left out while it has
    its default. Raises TypeError for a float or an unknown type, ValueError for a
    decimal that is no number.
    """
    plain = _plain(report)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    return text.encode("utf-8", "backslashreplace")


def content_sha256(report: ReportContent) -> str:
    """Hex SHA-256 over the canonical JSON, the newline included."""
    return sha256_of(canonical_json(report))


def sha256_of(canonical: bytes) -> str:
    return sha256(canonical).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if is_dataclass(kind := type(value)):
        return {name: _plain(inner) for name, default in _written(kind) if (inner := getattr(value, name)) != default}
    raise TypeError(f"canonical JSON has no {type(value).__name__}")


@cache
def _written(kind: Any) -> list[tuple[str, Any]]:
    """The fields with a default for which each is left out: that of a field added later, none of the others."""
    return [(f.name, f.default if f.metadata.get("later") else _NEVER) for f in fields(kind)]


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"canonical JSON has no {value}")
    # normalize() rounds to the context's precision, so the zeros are cut from the exact text instead.
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def read_report(content: bytes) -> ReportContent:
    """The report of this canonical JSON; canonical_json gives the same bytes again for content of the same version.

    A field that an earlier version did not have gets its default; a field that only a later version has is ignored.
    Raises ValueError for a missing field without a default.
    """
    report: ReportContent = _read(ReportContent, json.loads(content))
    return report


def read_changes(content: bytes) -> EditionChanges:
    """The changes of an edition that were stored as `EditionChanges.canonical` writes them."""
    stored = json.loads(content)
    return EditionChanges(
        figures=_read(tuple[FigureChange, ...], stored["moved"]),
        corrections=_read(tuple[ReadingCorrected, ...], stored["corrections"]),
        readings=_read(tuple[int, ...], stored["readings"]),
        late=_read(tuple[ReadingLate, ...], stored.get("late", ())),
    )


def _read(kind: Any, value: Any) -> Any:
    if value is None or kind is Any:
        return value
    if is_dataclass(kind):
        return _record(kind, value)
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        return _read(inner, value)
    if origin is tuple:
        inner = get_args(kind)[0]
        return tuple(_read(inner, each) for each in value)
    if origin is dict:
        inner = get_args(kind)[1]
        return {key: _read(inner, each) for key, each in value.items()}
    return kind(value) if kind is Decimal else date.fromisoformat(value) if kind is date else value


def _record(kind: Any, content: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    known = {name: _read(hint, content[name]) for name, hint in hints.items() if name in content}
    if missing := [f.name for f in fields(kind) if f.name not in content and _needed(f)]:
        raise ValueError(f"the stored report has no {', '.join(missing)}")
    return kind(**known)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _needed(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
