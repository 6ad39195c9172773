"""Quarters, months and years by their names: "Quý III/2025", "T9", "9/2025", "năm 2025"."""

from services.planning.phrases.schedules.numbers import Year, month_number, quarter_number, year_at
from services.planning.phrases.schedules.times import LAST, Moment, Unit
from services.planning.phrases.schedules.words import Words

Read = tuple[Moment, int]


def stretch(unit: Unit, first: int, months: int, year: Year) -> Moment:
    return Moment(unit, (first, 1), (first + months - 1, LAST), year=year.number, notes=year.notes)


def quarter_at(words: Words, place: int, plan_year: int) -> Read | None:
    number = place + 1 + (words[place + 1] in ("thứ", "."))
    quarter = quarter_number(words, number)
    if quarter < 0:
        return None
    year = year_at(words, number + 1, plan_year)
    return stretch("quarter", quarter * 3 - 2, 3, year), year.end


def month_at(words: Words, place: int, plan_year: int) -> Read | None:
    month = month_number(words, place + 1)
    if month < 0:
        return None
    year = year_at(words, place + 2, plan_year)
    return stretch("month", month, 1, year), year.end


def short_at(words: Words, place: int, plan_year: int) -> Read | None:
    """ "T9/2025", "Q3", "Q.III"."""
    if not words.tight(place + 1):
        return None
    return month_at(words, place, plan_year) if words[place] == "t" else quarter_at(words, place, plan_year)


def month_of_year_at(words: Words, place: int, plan_year: int) -> Read | None:
    """ "9/2025", "09.2025"."""
    mark = words[place + 1]
    marked = mark == "/" or (mark in (".", "-") and words.tight(place + 1) and words.tight(place + 2))
    if marked and words.digits(place) <= 2 and words.digits(place + 2) == 4 and words[place + 3] != mark:
        return month_at(words, place - 1, plan_year)
    return None


def of_year(year: int | None, *, whole: bool = False) -> Moment:
    return Moment("year", (1, 1), (12, LAST), year=year, whole=whole)


def year_named_at(words: Words, place: int, plan_year: int, *, bound: bool) -> Read | None:
    year = year_at(words, place, plan_year)
    if year.number is not None:
        return of_year(year.number), year.end
    return (of_year(None, whole=True), place + 1) if bound and words[place + 1] != "học" else None


def bare_year_at(words: Words, place: int, *, bound: bool) -> Read | None:
    ranged = words[place + 1] == "-" and words.digits(place + 2) == 4
    alone = place == 0 and words.count <= 2
    if words[place - 1] == "học" or words[place + 1] == "/" or not (bound or ranged or alone):
        return None
    return of_year(words.number(place)), place + 1
