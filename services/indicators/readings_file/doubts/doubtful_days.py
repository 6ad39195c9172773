"""Finds days whose meaning the other days of a file put in doubt: month first, exchanged by a spreadsheet, in UTC."""

from datetime import date, time
from typing import NamedTuple

from services.indicators.readings_file.values.cells import text_of
from services.indicators.readings_file.values.days import MONTHS, DayOrder, day_in, parts_of_text, time_of

# Midnight in Viet Nam is 17:00 of the day before in UTC, and 16:53:30 where a program counts local mean time.
UTC_MIDNIGHT = (time(16, 45), time(17))
BEFORE_MIDNIGHT = time(23, 45)


class Doubts(NamedTuple):
    """What could be another day: text that reads `either` way, a stored day that was `exchanged`, a time `at` the end.

    `written` is the day as it stands in a file of refused rows, where it is refused again until it is corrected.
    """

    either: bool = False
    exchanged: bool = False
    at: time | None = None
    written: str = ""


class DoubtfulDays:
    """The days of one file, in any order; whether they leave each other in doubt is known after the last one.

    `in_a_sheet`: an ISO day that is text there was typed so, as in a file of refused rows; a CSV file may have been
    written from date cells.
    """

    def __init__(self, *, in_a_sheet: bool = False) -> None:
        self._in_a_sheet = in_a_sheet
        self._order = DayOrder()
        self._text_past_12: str | None = None
        self._stored_past_12 = False
        self._times: set[time] = set()
        self._texts: dict[str, Doubts] = {}

    def observe(self, raw: object, place: str) -> Doubts:
        """Notes the form of a day; it must be called for every row, also for those that are refused."""
        if not isinstance(raw, str):
            return self._observe(raw, place)
        if raw not in self._texts:  # a file has few days in many rows
            self._texts[raw] = self._observe(raw, place)
        return self._texts[raw]

    def _observe(self, raw: object, place: str) -> Doubts:
        either = self._order.observe(raw, place)
        at = time_of(raw)
        if at is not None:
            self._times.add(at)
        parts = parts_of_text(raw)
        if parts is not None:
            if _is_past_12(*parts):
                self._text_past_12 = self._text_past_12 or place
            return Doubts(either, at=at, written=text_of(raw))
        return self._observe_stored(raw, at)

    def _observe_stored(self, raw: object, at: time | None) -> Doubts:
        """A date cell, or an ISO day: what a spreadsheet makes of a day that it understood, rightly or not."""
        try:
            day = day_in(raw)
        except ValueError:
            return Doubts()
        if self._in_a_sheet and isinstance(raw, str):
            return Doubts(at=at, written=text_of(raw) if at else "")
        self._stored_past_12 |= day.day > MONTHS
        exchanged = day.day <= MONTHS and day.day != day.month
        written = f"{day.day}/{day.month}/{day.year} hoặc {day.month}/{day.day}/{day.year}" if exchanged else ""
        return Doubts(exchanged=exchanged, at=at, written=text_of(raw) if at else written)

    def reason(self, doubts: Doubts) -> str | None:
        """Why a day is in doubt; None where it is not."""
        if doubts.either and self._order.in_doubt:
            return f"{self._order.month_first} viết tháng trước ngày nên không rõ ngày ở đây; hãy ghi như 2025-09-14"
        if doubts.exchanged and self._text_past_12 and not self._stored_past_12:
            return (
                f"{self._text_past_12} ghi ngày bằng chữ, còn ở đây là ô ngày: bảng tính có thể đã đổi ngày với tháng"
                f" ({doubts.written}); hãy ghi mọi ngày cùng một cách, như 14/9/2025"
            )
        return self._reason_of_time() if doubts.at else None

    def _reason_of_time(self) -> str | None:
        first = min(self._times)
        if len(self._times) == 1 and UTC_MIDNIGHT[0] <= first <= UTC_MIDNIGHT[1]:
            seen = f"mọi ngày đều có giờ {first}, có thể là 0 giờ hôm sau theo giờ UTC"
        elif first >= BEFORE_MIDNIGHT:
            seen = f"mọi ngày đều có giờ sát nửa đêm ({first}), có thể là ngày hôm sau"
        else:
            return None
        return f"{seen}; hãy ghi ngày không kèm giờ, như 14/9/2025"


def _is_past_12(first: int, second: int, year: int) -> bool:
    """Whether it is a day, in the one order that is possible: a spreadsheet of the other order left it as text."""
    if min(first, second) > MONTHS or max(first, second) <= MONTHS:
        return False
    try:
        return date(year, min(first, second), max(first, second)) is not None
    except ValueError:
        return False
