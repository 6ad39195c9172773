"""What one cell of a commune's file means: a day, a whole count or an id, from text or from what a program stored."""

import re
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError

from services.indicators.readings_file.errors import printable
from shared.contracts.indicators import Count, Id

ID: TypeAdapter[str] = TypeAdapter(Id)
COUNT: TypeAdapter[int] = TypeAdapter(Count)

ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
DAY_FIRST = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
DIGITS = re.compile(r"-?[0-9]{1,40}")
# "0.123" is a fraction and no grouping, so a grouped number never begins with 0. The last two are no-break spaces.
GROUPED = re.compile("-?[1-9][0-9]{0,2}([., \u00a0\u202f])[0-9]{3}(?:\\1[0-9]{3}){0,9}")


class CellError(ValueError):
    """Why a cell cannot be read, as the end of a sentence."""


class Uncalculated:
    """Stands for a formula whose value was never stored, by a program that writes XLSX and does not calculate."""


def is_empty(raw: object) -> bool:
    """Whether a cell says nothing, which is not the same as zero."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def shown(raw: object) -> str:
    """A cell as an error quotes it."""
    if isinstance(raw, list | dict):
        return "a list" if isinstance(raw, list) else "an object"
    if isinstance(raw, Uncalculated):
        return "a formula that was never calculated (open the file in Excel and save it)"
    if isinstance(raw, bool):
        return f'"{str(raw).lower()}"'
    return f'"{printable(str(day_in(raw) if isinstance(raw, date) else raw))}"'


def day_in(raw: object) -> date:
    """A day: a date cell, `2025-09-14`, `14/9/2025` or `14-9-2025`; the day always stands before the month."""
    if isinstance(raw, date):
        return raw.date() if isinstance(raw, datetime) else raw
    text = raw.strip() if isinstance(raw, str) else ""
    if iso := ISO_DAY.fullmatch(text):
        year, month, day = iso.groups()
    elif day_first := DAY_FIRST.fullmatch(text):
        day, _, month, year = day_first.groups()
    else:
        raise CellError(f"{shown(raw)} is not a date such as 2025-09-14 or 14/9/2025")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellError(f"{shown(raw)} is not a day of the calendar") from None


def count_in(raw: object) -> int:
    """A whole number. `1.234`, `1,234` and `1 234` are 1234: a separator is one of thousands or an error."""
    number = _whole(raw)
    if number is None:
        raise CellError(f"{shown(raw)} is not a whole number")
    try:
        return COUNT.validate_python(number)
    except ValidationError:
        raise CellError(f"{shown(raw)} is too large to be a count") from None


def _whole(raw: object) -> int | None:
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    text = raw.strip() if isinstance(raw, str) else ""
    if grouped := GROUPED.fullmatch(text):
        text = text.replace(grouped[1], "")
    return int(text) if DIGITS.fullmatch(text) else None


def id_in(raw: object) -> str:
    """An id. A spreadsheet turns an id of digits into a number, which is taken back."""
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    try:
        return ID.validate_python(text.strip() if isinstance(text, str) else text)
    except ValidationError:
        raise CellError(f"{shown(raw)} is not an id of at most 80 plain letters, digits, - and _") from None
