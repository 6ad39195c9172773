"""A target in words, which read again are the same target."""

from decimal import Decimal

from services.planning.phrases.targets.reading import TargetReading
from services.planning.plan_file import TargetBounds
from shared.vietnamese import number

_WORDS = {"at_least": "ít nhất", "above": "trên", "below": "dưới", "at_most": "không quá"}


def worded(reading: TargetReading) -> str:
    if reading.target is None:
        return "không có mức cụ thể"
    scope = f" ({reading.scope})" if reading.scope else ""
    return in_words(reading.target, reading.unit) + scope


def in_words(target: TargetBounds, unit: str | None) -> str:
    """ "ít nhất 60 %", "ít nhất 25 %, dưới 30 %"."""
    after = f" {unit}" if unit else ""
    return ", ".join(f"{_WORDS[key]} {_digits(bound)}{after}" for key, bound in target.given().items())


def _digits(bound: Decimal) -> str:
    exponent = bound.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return number(bound, decimals=max(0, -exponent))
