"""The first and the last day of a time in a plan's year, and what a person should look at in them."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.planning.phrases.schedules.times import Moment, When
from shared.vietnamese import date_text

Days = tuple[date | None, date | None]  # from and due; due None where no end is named
_ONE_DAY = timedelta(days=1)


def days_of(when: When, year: int, span: tuple[date, date]) -> Days | str:
    """A sentence where there are no such days. "Trong năm" without its number is cut to the plan's span."""
    first = _stretch(when.first, year, span) if when.first else None
    last = _stretch(when.last, year, span) if when.last else None
    if (when.first and first is None) or (when.last and last is None):
        return "Ngày hoặc kỳ này không có thật"
    if when.how in ("since", "after"):
        assert first is not None
        return (first[0] if when.how == "since" else first[1] + _ONE_DAY), None
    assert last is not None
    assert when.last is not None
    if first is not None and first[0] > last[1]:
        return "Ngày bắt đầu đứng sau ngày kết thúc"
    if when.how == "between":
        return (first[0] if first else None), last[1]
    due = last[0] - _ONE_DAY if when.how == "before" else last[1]
    if first is not None:
        return first[0], due
    return (last[0] if when.how in ("", "in") and not when.last.point else None), due


def _stretch(moment: Moment, year: int, span: tuple[date, date]) -> tuple[date, date] | None:
    days = moment.days(year)
    if not moment.whole or not days:
        return days
    first, last = max(days[0], span[0]), min(days[1], span[1])
    return (first, last) if first <= last else days


def remarks_on(when: When, days: Days, span: tuple[date, date], text: str) -> Iterator[str]:
    """That no day was named, and that the days lie outside the plan's span."""
    named = [day for day in days if day]
    if any(moment is not None and moment.vague for moment in (when.first, when.last)):
        yield f'"{text}" không nêu ngày cụ thể; đọc là {_in_words(*days)}, cần người xác nhận.'
    begin, end = span
    where = "vượt ra ngoài" if named[0] < begin or named[-1] > end else None
    where = "nằm trước" if named[-1] < begin else "nằm sau" if named[0] > end else where
    if where:
        within = f"({date_text(begin)} – {date_text(end)})"
        yield f'"{text}" {where} kỳ của kế hoạch {within}; giữ như văn bản, cần người xác nhận.'


def _in_words(first: date | None, last: date | None) -> str:
    return f"từ ngày {date_text(first)} đến ngày {date_text(last)}" if first else f"đến ngày {date_text(last)}"
