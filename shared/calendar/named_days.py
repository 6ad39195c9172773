"""The days that an option or a page's address names in words, in Vietnamese or English: this month, a quarter …"""

import re
from datetime import date, timedelta

from shared.periods import quarter_number
from shared.vietnamese import without_marks

Days = tuple[date, date]
UNITS = {"tuan": "week", "thang": "month", "quy": "quarter", "nam": "year"}
THIS, NEXT = ("nay", "this"), ("sau", "toi", "next")
YEAR = re.compile(r"(?:nam )?(\d{4})")
MONTH = re.compile(r"(?:thang[ -])?(\d{1,2})[/-](\d{4})|(\d{4})-(\d{2})")
QUARTER = re.compile(r"(?:quy[ -]|q)([1-4]|i{1,3}|iv)[/-](\d{4})|(\d{4})-q([1-4])")


def named_days(text: str, today: date) -> Days | None:
    """The first and the last day; None where the text names none."""
    words = " ".join(without_marks(text).replace("_", " ").split())
    return _named(words.replace("-", " "), today) or _written(words)


def _named(words: str, today: date) -> Days | None:
    if words in ("hom nay", "today"):
        return today, today
    first, _, second = words.partition(" ")
    unit, which = (UNITS[first], second) if first in UNITS else (second, first)
    if which not in (*THIS, *NEXT) or unit not in UNITS.values():
        return None
    current = _of(unit, today)
    return current if which in THIS else _of(unit, current[1] + timedelta(days=1))


def _of(unit: str, day: date) -> Days:
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return _months(day.year, (day.month - 1) // months * months + 1, months)


def _months(year: int, first: int, count: int) -> Days:
    after = year * 12 + first - 1 + count
    return date(year, first, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _written(words: str) -> Days | None:
    try:
        if found := QUARTER.fullmatch(words):
            quarter, year = found[1] or found[4], int(found[2] or found[3])
            return _months(year, quarter_number(quarter) * 3 - 2, 3)
        if found := YEAR.fullmatch(words):
            return _months(int(found[1]), 1, 12)
        if found := MONTH.fullmatch(words):
            return _months(int(found[2] or found[3]), int(found[1] or found[4]), 1)
    except ValueError:  # a month 13
        return None
    return None
