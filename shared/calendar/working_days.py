"""Working days in Viet Nam: weekends, holidays, and the exchanges that were decided until a given day."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Literal, get_args

from shared.calendar.known_year import SATURDAY, known_year
from shared.calendar.overrides import YEARS, Override

Roll = Literal["forward", "back", "none"]
ROLLS: tuple[Roll, ...] = get_args(Roll)
_STEPS: dict[Roll, timedelta] = {"forward": timedelta(days=1), "back": timedelta(days=-1), "none": timedelta()}


@dataclass(frozen=True)
class Calendar:
    """What was known on `known_on`; without it, all that was ever decided.

    A day that an override names follows the law alone until its first decision, also where the `holidays` package has
    the decision: otherwise a later version of the package would change what was known in the past.
    """

    overrides: tuple[Override, ...] = ()
    known_on: date = date.max
    _years: dict[int, frozenset[date]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def as_of(self, day: date) -> "Calendar":
        """The calendar as it was known on a day: only with what had been decided on that day or before."""
        return Calendar(self.overrides, day)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work: Labour Code, articles 111 and 112, and what is decided each year."""
        return (day.weekday() < SATURDAY) != (day in self._exceptions(day.year))

    def effective(self, nominal: date, rule: Roll) -> date:
        """The day that counts: `nominal` when it is a working day, else the next one, the one before, or `nominal`.

        Forward is article 148 of the Civil Code; whether that governs an internal report no text says.
        """
        day = nominal
        while rule != "none" and not self.is_working_day(day):
            day += _STEPS[rule]
        return day

    def add_days(self, start: date, n: int) -> date:
        """The nominal last day of `n` days: `start` is not counted (Civil Code, article 147), days off are."""
        return start + timedelta(days=_counted(n))

    def add_working_days(self, start: date, n: int) -> date:
        """The last of `n` working days after `start`, which is not counted; `start` itself when `n` is 0."""
        day = start
        for _ in range(_counted(n)):
            day = self.effective(day + timedelta(days=1), "forward")
        return day

    @cached_property
    def version(self) -> str:
        """Names the days off of 1990 to 2199, such as `vn-0123456789ab`: the same days, the same version.

        So another version of the package, or an override that changes no day, keeps the version.
        """
        exceptions = sorted(day.isoformat() for year in YEARS for day in self._exceptions(year))
        return f"vn-{sha256(' '.join(exceptions).encode()).hexdigest()[:12]}"

    def _exceptions(self, year: int) -> frozenset[date]:
        """The weekdays off and the weekends worked."""
        if year not in self._years:
            self._years[year] = self._worked_out(year)
        return self._years[year]

    def _worked_out(self, year: int) -> frozenset[date]:
        known, decisions = known_year(year), [o for o in self.overrides if o.day.year == year]
        days = known.by_law | (known.by_swap - {o.day for o in decisions})
        in_force = [o for o in decisions if o.decided_on <= self.known_on]
        last = {o.day: o for o in sorted(in_force, key=lambda override: override.decided_on)}
        return (days - last.keys()) | {o.day for o in last.values() if o.is_working != (o.day.weekday() < SATURDAY)}


def _counted(n: int) -> int:
    if n < 0:
        raise ValueError(f"{n} days cannot be counted; a period has no days or more")
    return n
