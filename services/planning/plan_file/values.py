"""The smallest parts of a plan file: texts, days and numbers, each refuses an invalid value with a sentence."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints
from pydantic_core import PydanticCustomError

from shared.vietnamese import written_day

# A year outside these is a typing error, and deadlines counted from it could exceed the range of `date`.
YEARS = range(1990, 2200)


class PlanFilePart(BaseModel):
    """A mapping of a plan file. Keys are those of the file; `from` is the attribute `from_`."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_by_name=True, serialize_by_alias=True)


def refusal(sentence: str, key: str | None = None) -> PydanticCustomError:
    """An error that reads "<place> <sentence>"; `key` moves the place to a key inside the value."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence, "key": key})


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        day = written_day(value) if isinstance(value, str) else None
    except ValueError:
        raise refusal(f"không phải là ngày có trong lịch: {value}") from None
    if day is None:
        raise refusal("phải là ngày viết như 2025-01-31 hoặc 31/01/2025")
    if day.year not in YEARS:
        raise refusal(f"không thuộc các năm {YEARS[0]} đến {YEARS[-1]}: {value}")
    return day


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refusal("phải là số như 60 hoặc 9.5, không có dấu ngoặc kép")
    if abs(Decimal(value)) > 10**12:
        raise refusal("lớn hơn mức mà một chỉ tiêu có thể có")
    return Decimal(value)


def _json_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def the_day_itself(day: date | None, earliest: date | None, key: str) -> date | None:
    """`day`, refused when it is before the day of the sibling `key`."""
    if day is not None and earliest is not None and day < earliest:
        raise refusal(f"({day}) ở trước {key} ({earliest})")
    return day


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Day = Annotated[date, BeforeValidator(_day)]
# Decimal in Python, a plain JSON number in a file.
Number = Annotated[Decimal, BeforeValidator(_number), PlainSerializer(_json_number, when_used="json")]
