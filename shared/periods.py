"""Reporting periods: named after the calendar, counted from the 15th to the 14th.

Decree 09/2019/ND-CP, article 12. The cut-off day is the reporting regime's; `CALENDAR` regimes count calendar quarters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["month", "quarter", "half-year", "nine-months", "year"]
_MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "half-year": 6, "nine-months": 9, "year": 12}
ROMAN = ("I", "II", "III", "IV")  # quarters
_NAME = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|M(?P<month>0[1-9]|1[0-2])|(?P<long>H1|9M)))?")

CUT_OFF_DAY = 14
CALENDAR = 0


@dataclass(frozen=True)
class Period:
    """A period that ends in `month` of `year`, whatever day its regime counts to."""

    kind: Kind
    year: int
    month: int

    @classmethod
    def parse(cls, name: str) -> "Period":
        """Read `2025-Q3`, `2025-M07`, `2025-H1`, `2025-9M` or `2025`. ValueError says what was expected."""
        found = _NAME.fullmatch(name)
        if not found:
            raise ValueError(f'"{name}" is not a period; write 2025-Q3, 2025-M07, 2025-H1, 2025-9M or 2025')
        year = int(found["year"])
        if not 2000 <= year <= 2200:
            raise ValueError(f'"{name}": the year is not between 2000 and 2200')
        if found["quarter"]:
            return cls("quarter", year, int(found["quarter"]) * 3)
        if found["month"]:
            return cls("month", year, int(found["month"]))
        kinds: dict[str | None, tuple[Kind, int]] = {
            "H1": ("half-year", 6),
            "9M": ("nine-months", 9),
            None: ("year", 12),
        }
        kind, month = kinds[found["long"]]
        return cls(kind, year, month)

    @classmethod
    def containing(cls, day: date, kind: Literal["month", "quarter"], cut_off: int = CUT_OFF_DAY) -> "Period":
        """The month or quarter in whose window a day is counted."""
        year, month = day.year, day.month
        if cut_off and day.day > cut_off:
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        last = month if kind == "month" else (month + 2) // 3 * 3
        return cls(kind, year, last)

    @property
    def name(self) -> str:
        match self.kind:
            case "month":
                return f"{self.year}-M{self.month:02}"
            case "quarter":
                return f"{self.year}-Q{self.month // 3}"
            case "half-year":
                return f"{self.year}-H1"
            case "nine-months":
                return f"{self.year}-9M"
            case "year":
                return f"{self.year}"

    @property
    def vietnamese(self) -> str:
        forms = {
            "month": f"tháng {self.month} năm {self.year}",
            "quarter": f"Quý {ROMAN[self.month // 3 - 1]} năm {self.year}",
            "half-year": f"6 tháng đầu năm {self.year}",
            "nine-months": f"9 tháng đầu năm {self.year}",
            "year": f"năm {self.year}",
        }
        return forms[self.kind]

    def window(self, cut_off: int = CUT_OFF_DAY) -> tuple[date, date]:
        """First and last day counted, both inclusive."""
        after = (self.year + 1, 1) if self.month == 12 else (self.year, self.month + 1)
        before = self.year * 12 + self.month - 1 - _MONTHS[self.kind]
        if cut_off == CALENDAR:
            start = date((before + 1) // 12, (before + 1) % 12 + 1, 1)
            return start, date(*after, 1) - timedelta(days=1)
        return date(before // 12, before % 12 + 1, cut_off + 1), date(self.year, self.month, cut_off)

    def before(self) -> "Period":
        """The period of the same kind just before; for half a year and nine months, the one of the year before."""
        if self.kind in ("half-year", "nine-months", "year"):
            return Period(self.kind, self.year - 1, self.month)
        months = self.year * 12 + self.month - 1 - _MONTHS[self.kind]
        return Period(self.kind, months // 12, months % 12 + 1)

    def quarter_before(self) -> "Period":
        """The three months that end the day before it begins: their last levels are its opening balance."""
        months = self.year * 12 + self.month - 1 - _MONTHS[self.kind]
        return Period("quarter", months // 12, months % 12 + 1)


def quarter_number(written: str) -> int:
    """Of `III`, `iii` or `3`."""
    return ROMAN.index(written.upper()) + 1 if written.upper() in ROMAN else int(written)


def periods_ending_in(year: int) -> list[Period]:
    ends: dict[Kind, Iterable[int]] = {
        "quarter": (3, 6, 9, 12), "half-year": (6,), "nine-months": (9,), "year": (12,), "month": range(1, 13),
    }  # fmt: skip
    return [Period(kind, year, month) for kind, months in ends.items() for month in months]


def half_of(day: date) -> int:
    """The number of the half month (1st to 14th, 15th to the end) in which a day lies; the next half's is one more.

    The windows of both cut-off rules are made of them.
    """
    return day.year * 24 + day.month * 2 + (day.day > 14)


def halves_of(window: tuple[date, date]) -> tuple[int, int]:
    """The first and the last half of a window, both inclusive. ValueError for one that cuts a half in two."""
    start, until = window
    if start.day not in (1, 15) or (until + timedelta(days=1)).day not in (1, 15):
        raise ValueError(f"{start} to {until} is no window of half months (1st to 14th, 15th to the end)")
    return half_of(start), half_of(until)
