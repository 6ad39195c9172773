"""One moment or a list of moments: days, quarters, months, years: "Quý III, IV năm 2025"."""

from collections.abc import Callable
from dataclasses import replace

from services.planning.phrases.schedules.grammar.calendar_days import days_at
from services.planning.phrases.schedules.grammar.quarters_months_years import (
    TENS,
    bare_year_at,
    half_at,
    last_day_at,
    month_at,
    month_of_year_at,
    months_at,
    of_year,
    part_at,
    quarter_at,
    short_at,
    ten_days_at,
    year_named_at,
)
from services.planning.phrases.schedules.grammar.times import Moment, MomentAndEnd, with_years
from services.planning.phrases.schedules.text.words import Phrases, Words

_AND = Phrases((",", "và", "&", "+", "hoặc", ", và", "và trong", ", trong", "và vào"))
_ENDS_A_NUMBER = ("tháng", "ngày", "lần", "quý", "%", "giờ", "tuần")
_READERS: dict[str, Callable[[Words, int, int], MomentAndEnd | None]] = {
    "quý": quarter_at,
    "tháng": month_at,
    "t": short_at,
    "q": short_at,
    "nửa": half_at,
    "ngày": last_day_at,
    **dict.fromkeys(("đầu", "giữa", "cuối"), part_at),
    **dict.fromkeys(TENS, ten_days_at),
}
OPENS_A_MOMENT = frozenset(_READERS) | {"các", "những", "năm"}


def moments_at(words: Words, place: int, plan_year: int, *, bound: bool) -> tuple[list[Moment], int] | None:
    """A moment or a list of moments of one unit, and the place after it; one without a year has that of the next.

    `bound`: words before it say that a time follows ("trong", "đến"), so that "năm" or "2030" alone is one.
    """
    if words[place] in ("các", "những") and words.number(place + 2) > 0:
        place += 1
    if days := days_at(words, place, plan_year, bound=bound):
        return days
    found = moment_at(words, place, plan_year, bound=bound)
    if found is None:
        return None
    moments, end = [replace(found[0], places=(-1, found[1]))], found[1]
    while (item := _AND.past(words, end)) != end:
        following = same_unit_at(words, item, plan_year, moments[-1])
        if following is None:
            break
        moments.append(replace(following[0], places=(item, following[1])))
        end = following[1]
    return with_years(moments), end


def moment_at(words: Words, place: int, plan_year: int, *, bound: bool) -> MomentAndEnd | None:
    reader = _READERS.get(words[place])
    if reader is not None and (found := reader(words, place, plan_year)):
        return found
    if words[place] == "năm":
        return year_named_at(words, place, plan_year, bound=bound)
    if words.digits(place) == 4:
        return bare_year_at(words, place, bound=bound)
    return month_of_year_at(words, place, plan_year) or months_at(words, place, plan_year)


def same_unit_at(words: Words, place: int, plan_year: int, before: Moment) -> MomentAndEnd | None:
    """The next moment of a list or a range, with or without its unit: "Quý III, IV", "tháng 8-10"."""
    written = words[place] in ("quý", "tháng", "năm")
    number = place + written
    if before.unit == "quarter" and words[place] in ("quý", words[number]) and _ends(words, number):
        return quarter_at(words, number - 1, plan_year)
    if before.unit == "month" and not before.point and words[place] in ("tháng", words[number]):
        return month_at(words, number - 1, plan_year) if _ends(words, number) else None
    if before.unit == "year" and words.digits(number) == 4 and words[place] in ("năm", words[number]):
        return of_year(words.number(number)), number + 1
    return None


def _ends(words: Words, place: int) -> bool:
    """Whether a number is complete, and does not begin "6 tháng" or "15/12"."""
    if not words.digits(place):
        return True
    if words[place + 1] == "/":
        return words.digits(place + 2) == 4
    return words[place + 1] not in _ENDS_A_NUMBER
