"""Which day a cell means: the day stands before the month, or the year before both, and nothing is guessed."""

import re
import unicodedata
from datetime import date, datetime

from services.indicators.readings_file.cells import CellError, readable, shown

TIME = r"(?:[t ](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?)?"
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + TIME)
DAY_FIRST = re.compile(r"(?:ngày )?([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})" + TIME)
SPELLED = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}),? năm ([0-9]{4})")
SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}" + TIME)
ZONED = re.compile(r".*[0-9]:[0-9]{2}.*(?:z|[+-][0-9]{2}:?[0-9]{2})")
MONTHS = 12


def day_in(raw: object) -> date:
    """A day: a date cell, `2025-09-14`, `14/9/2025`, `14-9-2025`, `14.9.2025`, `ngày 14 tháng 9 năm 2025`.

    A time of the day after it is passed over, one with a time zone is not: it may be the day before.
    """
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
    return (
        unicodedata.normalize("NFC", " ".join(raw.split()).removeprefix("'")).casefold() if isinstance(raw, str) else ""
    )


def _why_not(raw: object, text: str) -> str:
    if (isinstance(raw, int | float) and not isinstance(raw, bool)) or text.isdecimal():
        return "là một con số; hãy định dạng ô là ngày, hoặc ghi như 14/9/2025"
    if SHORT_YEAR.fullmatch(text):
        return "viết năm hai chữ số; hãy ghi đủ bốn chữ số như 14/9/2025"
    if ZONED.fullmatch(text):
        return "có múi giờ nên không rõ là ngày nào; hãy ghi như 14/9/2025"
    return "không phải là ngày như 14/9/2025 hoặc 2025-09-14"


class DayOrder:
    """What a file shows of its order: 9/14/2025 puts 9/1/2025 in doubt, unless 14/9/2025 stands there too."""

    def __init__(self) -> None:
        self.month_first: str | None = None
        self._day_first = False

    @property
    def in_doubt(self) -> bool:
        return self.month_first is not None and not self._day_first

    def hear(self, raw: object, place: str) -> bool:
        """Whether this day could be another one with the month first."""
        if not isinstance(raw, str) or (parts := DAY_FIRST.fullmatch(_text(raw))) is None:
            return False
        first, second = int(parts[1]), int(parts[3])
        if first <= MONTHS < second:
            self.month_first = self.month_first or place
        self._day_first |= second <= MONTHS < first
        return first != second and max(first, second) <= MONTHS
