"""The smallest parts of a plan file: texts, days and numbers, each refusing what it cannot hold with a reason."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints
from pydantic_core import PydanticCustomError

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A year outside these is a slip of the finger, and deadlines counted from it would leave what `date` can hold.
YEARS = range(1990, 2200)


class Part(BaseModel):
    """A mapping of a plan file. Keys are those of the file; `from` is the attribute `from_`."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_by_name=True, serialize_by_alias=True)


def refusal(sentence: str, key: str | None = None) -> PydanticCustomError:
    """An error that reads "<place> <sentence>"; `key` moves the place to a key inside the value."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence, "key": key})


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        raise refusal("must be a day written as 2025-01-31")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise refusal(f"is not a day of the calendar: {value}") from None
    if day.year not in YEARS:
        raise refusal(f"is not in the years {YEARS[0]} to {YEARS[-1]}: {value}")
    return day


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refusal("must be a number such as 60 or 9.5, without quotes")
    if abs(Decimal(value)) > 10**12:
        raise refusal("is larger than a target can be")
    return Decimal(value)


def _json_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def the_day_itself(day: date | None, earliest: date | None, key: str) -> date | None:
    """`day`, refused when it is before the day of the sibling `key`."""
    if day is not None and earliest is not None and day < earliest:
        raise refusal(f"({day}) is before {key} ({earliest})")
    return day


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Day = Annotated[date, BeforeValidator(_day)]
# Decimal in Python, a plain JSON number in a file.
Number = Annotated[Decimal, BeforeValidator(_number), PlainSerializer(_json_number, when_used="json")]
