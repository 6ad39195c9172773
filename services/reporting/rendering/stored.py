"""The way back from canonical JSON to the report: what was kept is shown as it was, however the program has changed."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from services.reporting.domain.quarterly_report import QuarterlyReport


def read_report(content: bytes) -> QuarterlyReport:
    """The report that this canonical JSON was made of; of the same version, it gives the same bytes again.

    What an earlier version did not say is as if it was not asked for, what only a later one says is passed over.
    """
    report: QuarterlyReport = _read(QuarterlyReport, json.loads(content))
    return report


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


def _record(kind: Any, said: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    known = {name: _read(hint, said[name]) for name, hint in hints.items() if name in said}
    if missing := [f.name for f in fields(kind) if f.name not in said and _needed(f)]:
        raise ValueError(f"the stored report has no {', '.join(missing)}")
    return kind(**known)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _needed(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
