"""The report as canonical JSON: the bytes that an edition's hash is taken over."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from services.reporting.domain.quarterly_report import QuarterlyReport


def canonical_json(report: QuarterlyReport) -> bytes:
    """UTF-8, sorted keys, no spaces, one newline at the end; dates as ISO 8601, decimals as plain strings, no floats.

    Equal decimals give equal bytes: 90 and 90.0 are both `"90"`. Half of a surrogate pair, which UTF-8 has no bytes
    for, stays the escape that JSON has for it. Raises TypeError for a float or an unknown type, ValueError for a
    decimal that is no number.
    """
    plain = _plain(asdict(report))
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    return text.encode("utf-8", "backslashreplace")


def content_sha256(report: QuarterlyReport) -> str:
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
    raise TypeError(f"canonical JSON has no {type(value).__name__}")


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"canonical JSON has no {value}")
    # normalize() rounds to the context's precision, so the zeros are cut from the exact text instead.
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
