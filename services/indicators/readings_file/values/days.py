"""Reads the day in a cell: the day before the month, or the year before both; nothing is guessed."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from services.indicators.readings_file.values.cells import CellError, readable, shown

TIME = r"(?:[t ](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?)?"
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + TIME)
DAY_FIRST = re.compile(r"(?:ngày )?([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})" + TIME)
SPELLED = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}),? năm ([0-9]{4})")
SHORT_YEAR = re.compile(r"(?:ngày )?([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{2})" + TIME)
TIME_AT_END = re.compile(r"[t ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?")
ZONED = re.compile(r".*[0-9]:[0-9]{2}.*(?:z|[+-][0-9]{2}:?[0-9]{2})")
MONTHS, SHORT, CENTURY = 12, 2, 2000


def day_in(raw: object) -> date:
    """A day: a date cell, `2025-09-14`, `14/9/2025`, `14-9-2025`, `14.9.2025`, `ngày 14 tháng 9 năm 2025`.

    A time of the day after it is ignored; one with a time zone is refused, as it may be the day before.
    """
    return _day_of_text(raw) if isinstance(raw, str) else _day_of(raw)


@lru_cache(maxsize=4096)  # a file has few days in many rows
def _day_of_text(raw: str) -> date:
    return _day_of(raw)


def _day_of(raw: object) -> date:
    readable(raw)
    if isinstance(raw, date):
        return raw.date() if isinstance(raw, datetime) else raw
    text = _text(raw)
    if parts := YEAR_FIRST.fullmatch(text):
        year, month, day = parts[1], parts[3], parts[4]
    elif parts := DAY_FIRST.fullmatch(text):
        day, month, year = parts[1], parts[3], parts[4]
    elif parts := SPELLED.fullmatch(text):
        day, month, year = parts.groups()
    else:
        raise CellError(f"{shown(raw)} {_why_not(raw, text)}")
    if int(month) > MONTHS:
        raise CellError(f"{shown(raw)}: không có tháng {int(month)} (ngày viết trước tháng)")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellError(f"{shown(raw)} không có trong lịch") from None


def _text(raw: object) -> str:
    return _folded(raw) if isinstance(raw, str) else ""


@lru_cache(maxsize=4096)
def _folded(raw: str) -> str:
    return unicodedata.normalize("NFC", " ".join(raw.split()).removeprefix("'")).casefold()


def _why_not(raw: object, text: str) -> str:
    if (isinstance(raw, int | float) and not isinstance(raw, bool)) or text.isdecimal():
        return "là một con số; hãy định dạng ô là ngày, hoặc ghi như 14/9/2025"
    if SHORT_YEAR.fullmatch(text):
        return "viết năm hai chữ số; hãy ghi đủ bốn chữ số như 14/9/2025"
    if ZONED.fullmatch(text):
        return "có múi giờ nên không rõ là ngày nào; hãy ghi như 14/9/2025"
    return "không phải là ngày như 14/9/2025 hoặc 2025-09-14"


def parts_of_text(raw: object) -> tuple[int, int, int] | None:
    """The numbers of a day that is written as text with the year last; None for other values.

    A year of two digits is refused in its own row, and tells of the order in the others all the same.
    """
    text = _text(raw)
    if parts := DAY_FIRST.fullmatch(text) or SHORT_YEAR.fullmatch(text):
        year = int(parts[4])
        return int(parts[1]), int(parts[3]), year if len(parts[4]) > SHORT else CENTURY + year
    parts = SPELLED.fullmatch(text)
    return (int(parts[1]), int(parts[2]), int(parts[3])) if parts else None


def time_of(raw: object) -> time | None:
    """The time of day that stands after a day, to the second; None where there is none, or midnight."""
    if isinstance(raw, datetime):
        at = (raw + timedelta(milliseconds=500)).time().replace(microsecond=0)  # sheets count in parts of a day
        return at if at != time() else None
    if not (found := TIME_AT_END.search(_text(raw))):
        return None
    hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        at = time(hour, minute, second)
    except ValueError:
        return None
    return at if at != time() else None


class DayOrder:
    """The order of day and month in a file: 9/14/2025 puts 9/1/2025 in doubt, unless the file has 14/9/2025 too."""

    def __init__(self) -> None:
        self.month_first: str | None = None
        self._day_first = False

    @property
    def in_doubt(self) -> bool:
        return self.month_first is not None and not self._day_first

    def observe(self, raw: object, place: str) -> bool:
        """Notes the order in a day; returns whether it could be another day with the month first."""
        text = _text(raw)
        if (parts := DAY_FIRST.fullmatch(text) or SHORT_YEAR.fullmatch(text)) is None:
            return False
        first, second = int(parts[1]), int(parts[3])
        if first <= MONTHS < second:
            self.month_first = self.month_first or place
        self._day_first |= second <= MONTHS < first
        return first != second and max(first, second) <= MONTHS
