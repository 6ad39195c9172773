"""The calendar periods in which something recurs: how each is named in keys, and in words.

These are whole weeks (of ISO 8601), months, quarters, half-years and years; not reporting periods of 15 to 14.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from shared.periods import ROMAN

Every = Literal["week", "month", "quarter", "half-year", "year"]
_HALVES = {"1": "đầu", "2": "cuối"}
_TEXTS: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    (r"(\d{4})()", lambda year, _: f"năm {year}"),
    (r"(\d{4})-H([12])", lambda year, half: f"6 tháng {_HALVES[half]} năm {year}"),
    (r"(\d{4})-Q([1-4])", lambda year, quarter: f"quý {ROMAN[int(quarter) - 1]} năm {year}"),
    (r"(\d{4})-(0[1-9]|1[0-2])", lambda year, month: f"tháng {int(month)} năm {year}"),
    (r"(\d{4})-W(\d\d)", lambda year, week: f"tuần {int(week)} năm {year}"),
)


def period_name(every: Every, first: date) -> str:
    """2025-W32, 2025-08, 2025-Q3, 2025-H2 or 2025, by the first day."""
    week = first.isocalendar()
    forms: dict[Every, str] = {
        "week": f"{week.year}-W{week.week:02}",
        "month": f"{first.year}-{first.month:02}",
        "quarter": f"{first.year}-Q{first.month // 3 + 1}",
        "half-year": f"{first.year}-H{first.month // 6 + 1}",
        "year": f"{first.year}",
    }
    return forms[every]


def period_text(key: str) -> str | None:
    """`quý III năm 2025`; None for what names no period. The second obligation of a period has the key `2025-Q3~2`."""
    for form, text in _TEXTS:
        if found := re.fullmatch(form + r"(?:~\d+)?", key, re.ASCII):
            return text(found[1], found[2])
    return None
