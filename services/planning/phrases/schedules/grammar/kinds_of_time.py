"""The kinds of time that a schedule phrase can name, before they become milestones."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.planning.plan_file.values import YEARS
from shared.calendar.recurring_periods import Every as Frequency

How = Literal["", "in", "until", "by", "before", "between", "since", "after"]
Unit = Literal["day", "month", "quarter", "half-year", "months", "year"]
LAST = 0  # as the day of a month: its last one


@dataclass(frozen=True)
class Moment:
    """A day or a part of one year: from `first` to `last`, each a month and a day. `year` is None where none is named.

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


MomentAndEnd = tuple[Moment, int]  # with the place after its words


@dataclass(frozen=True)
class When:
    """One or two moments, and `how` they bound the time; it begins at `first` if `how` is "between" or "since"."""

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
        """Whether the task can be done at any time in it, as opposed to by its last day."""
        plain = self.how in ("", "in") and self.last is not None and not self.last.point and not self.last.vague
        return plain or self.how in ("between", "since")


@dataclass(frozen=True)
class Every:
    """A frequency. `on` is its day, as in a plan file, and `further` are others behind it: "(thứ Hai, thứ Năm)".

    `before`: the text names the day after `on`. `bare`: only a unit was named, as in "quý, 6 tháng, năm".
    """

    every: Frequency
    on: str | None = None
    bare: bool = False
    notes: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    before: bool = False

    def days(self) -> "list[Every]":
        """One frequency for each of its days."""
        return [self, *(replace(self, on=day) for day in self.further)]


@dataclass(frozen=True)
class OnDay:
    """A day without its month ("trước ngày 20"); `every` where the same words name the period."""

    day: int
    before: bool
    every: Frequency | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Always:
    """All the time: "thường xuyên"."""

    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnRequest:
    """ "Đột xuất", "khi có yêu cầu"."""


@dataclass(frozen=True)
class Regularly:
    """ "Định kỳ", with a period that other words can name."""


@dataclass(frozen=True)
class Reference:
    """A rule or a plan that sets the time: "theo quy định"."""


@dataclass(frozen=True)
class After:
    """After an event. `event` holds the places of its words; `days` is None where no number of days is given."""

    event: tuple[int, int]
    days: int | None = None
    working: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unsupported:
    """A time that no kind of milestone can hold; `note` explains it to a person."""

    note: str


@dataclass(frozen=True)
class Lunar:
    """A day or month of the lunar calendar; `note` tells its solar day. `is_before`: "trước" stands before it."""

    note: str
    is_before: bool = False


@dataclass(frozen=True)
class Blank:
    """The words that `schedule_in_words` writes for an unknown schedule: "chưa ghi thời hạn"."""


Time = When | Every | OnDay | Always | OnRequest | Regularly | Reference | After | Unsupported | Lunar | Blank


@dataclass(frozen=True)
class Found:
    """A time, and the places of its words."""

    time: Time
    start: int
    end: int


def with_years(moments: list[Moment]) -> list[Moment]:
    """Gives a moment without a year the next year that is named after it."""
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
