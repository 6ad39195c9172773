"""What a piece of a schedule phrase says about time, before it is a milestone."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.planning.domain.occurrences import Every as Frequency
from services.planning.plan_file.values import YEARS

How = Literal["", "in", "until", "by", "before", "between", "since", "after"]
Unit = Literal["day", "month", "quarter", "half-year", "months", "year"]
LAST = 0  # as the day of a month: its last one


@dataclass(frozen=True)
class Moment:
    """A day or a stretch of one year: from `first` to `last`, each a month and a day. `year` is None where unnamed.

    `point`: only its last day was meant ("cuối năm"). `whole`: the plan's year without its number ("trong năm").
    """

    unit: Unit
    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None = None
    point: bool = False
    whole: bool = False
    vague: bool = False
    notes: tuple[str, ...] = ()
    places: tuple[int, int] | None = None  # of its words, where it is one of a list

    def days(self, year: int) -> tuple[date, date] | None:
        """In `year`, unless the text names one; None where there is no such day."""
        named = self.year if self.year is not None else year
        first, last = _day(named, *self.first), _day(named, *self.last)
        return (first, last) if first and last else None

    def nearest(self, year: int) -> date | None:
        """The last day of the month of a day that does not exist, such as 31/9."""
        named = self.year if self.year is not None else year
        month, day = self.last
        return _day(named, month, LAST) if self.unit == "day" and day > 0 else None


@dataclass(frozen=True)
class When:
    """`how` a moment bounds what is due; from `first` where `how` is "between" or "since"."""

    how: How
    last: Moment | None
    first: Moment | None = None
    condition: tuple[int, int] | None = None  # places of the words

    @property
    def unit(self) -> Unit | None:
        return self.last.unit if self.last else None

    @property
    def yearless(self) -> bool:
        return self.last is not None and self.last.year is None and not self.last.whole

    @property
    def stretches(self) -> bool:
        """Whether it is a time in which, rather than a day by which."""
        plain = self.how in ("", "in") and self.last is not None and not self.last.point and not self.last.vague
        return plain or self.how in ("between", "since")


@dataclass(frozen=True)
class Every:
    """`bare`: only the unit's name, as in "quý, 6 tháng, năm"; `month`: of the day `on`, for a year."""

    every: Frequency
    on: str | None = None
    bare: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnDay:
    """A day without its month ("trước ngày 20"); `every` where the same words tell the period."""

    day: int
    before: bool
    every: Frequency | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Always:
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    pass


@dataclass(frozen=True)
class Regularly:
    """ "Định kỳ", of which other words may tell the period."""


@dataclass(frozen=True)
class Reference:
    pass


@dataclass(frozen=True)
class After:
    """`event` holds the places of its words; `days` None where no number of days is given."""

    event: tuple[int, int]
    days: int | None = None
    working: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unheld:
    """Understood as a time, of a kind that no milestone can hold."""

    note: str


@dataclass(frozen=True)
class Blank:
    """The words with which an unknown schedule is written out."""


Time = When | Every | OnDay | Always | Asked | Regularly | Reference | After | Unheld | Blank


@dataclass(frozen=True)
class Found:
    """A time, and the places of its words."""

    time: Time
    start: int
    end: int


def with_years(moments: list[Moment]) -> list[Moment]:
    """A moment without a year takes the one that is named after it."""
    named: int | None = None
    done: list[Moment] = []
    for moment in reversed(moments):
        named = moment.year if moment.year is not None else named
        done.append(replace(moment, year=named))
    return done[::-1]


def _day(year: int, month: int, day: int) -> date | None:
    if year not in YEARS or not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if 0 <= day <= last else None
