"""Days off and working weekends of a year in Viet Nam, from the `holidays` package."""

from dataclasses import dataclass
from datetime import MINYEAR, date
from functools import cache

SATURDAY = 5
FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))
# How holidays 0.108 names, in Vietnamese, a working day exchanged for one at a weekend.
SWAPPED = "Ngày nghỉ (thay cho "


@dataclass(frozen=True)
class KnownYear:
    """Weekdays off and weekends worked: those that follow from the law alone, and those of a decision in that year."""

    by_law: frozenset[date]
    by_swap: frozenset[date]


def known_year(year: int) -> KnownYear:
    """Outside the years of the package's lunar tables (1901 to 2100) only the four days with a fixed date are off."""
    return _known_years(year // 10)[year]


@cache
def _known_years(decade: int) -> dict[int, KnownYear]:
    """Ten years at once: to set the package up takes longer than to find the days of a year."""
    # Imported here, so that commands without a calendar start faster.
    from holidays import country_holidays

    years = range(max(decade * 10, MINYEAR), decade * 10 + 10)
    # In `weekend_workdays` the package (0.108) has of each year that it was not asked for only some.
    known = country_holidays("VN", years=years, language="vi")
    days: dict[int, dict[date, list[str]]] = {year: {} for year in years}
    for day in known:
        days[day.year][day] = known.get_list(day)
    worked = {day for day in known.weekend_workdays if day.weekday() >= SATURDAY}
    return {year: _known(year, days[year], {day for day in worked if day.year == year}) for year in years}


def _known(year: int, holidays: dict[date, list[str]], worked: set[date]) -> KnownYear:
    days = holidays or {date(year, *fixed): ["fixed"] for fixed in FIXED}
    weekdays_off = {day: names for day, names in days.items() if day.weekday() < SATURDAY}
    swapped = {day for day, names in weekdays_off.items() if all(name.startswith(SWAPPED) for name in names)}
    return KnownYear(by_law=frozenset(weekdays_off.keys() - swapped), by_swap=frozenset(swapped | worked))
