"""Quarters, months, years and their parts ("Quý III/2025", "T9", "6 tháng cuối năm"), and lists of moments."""

from collections.abc import Callable
from dataclasses import replace

from services.planning.phrases.schedules.grammar.calendar_days import days_at
from services.planning.phrases.schedules.grammar.kinds_of_time import LAST, Moment, MomentAndEnd, Unit, with_years
from services.planning.phrases.schedules.text.numbers import Year, count, month_number, quarter_number, year_at
from services.planning.phrases.schedules.text.words import Phrases, Words

TENS = {"thượng": (1, 10), "trung": (11, 20), "hạ": (21, LAST)}
_AND = Phrases((",", "và", "&", "+", "hoặc", ", và", "và trong", ", trong", "và vào"))
_ENDS_A_NUMBER = ("tháng", "ngày", "lần", "quý", "%", "giờ", "tuần")


def _stretch(unit: Unit, first: int, months: int, year: Year) -> Moment:
    return Moment(unit, (first, 1), (first + months - 1, LAST), year=year.number, notes=year.notes)


def quarter_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    number = place + 1 + (words[place + 1] in ("thứ", "."))
    quarter = quarter_number(words, number)
    if quarter < 0:
        return None
    year = year_at(words, number + 1, plan_year)
    return _stretch("quarter", quarter * 3 - 2, 3, year), year.end


def month_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    month = month_number(words, place + 1)
    if month < 0:
        return None
    year = year_at(words, place + 2, plan_year)
    return _stretch("month", month, 1, year), year.end


def short_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    """ "T9/2025", "Q3", "Q.III"."""
    if not words.tight(place + 1):
        return None
    return month_at(words, place, plan_year) if words[place] == "t" else quarter_at(words, place, plan_year)


def month_of_year_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    """ "9/2025", "09.2025"."""
    mark = words[place + 1]
    marked = mark == "/" or (mark in (".", "-") and words.tight(place + 1) and words.tight(place + 2))
    if marked and words.digits(place) <= 2 and words.digits(place + 2) == 4 and words[place + 3] != mark:
        return month_at(words, place - 1, plan_year)
    return None


def of_year(year: int | None, *, whole: bool = False) -> Moment:
    return Moment("year", (1, 1), (12, LAST), year=year, whole=whole)


def year_named_at(words: Words, place: int, plan_year: int, *, bound: bool) -> MomentAndEnd | None:
    year = year_at(words, place, plan_year)
    if year.number is not None:
        return of_year(year.number), year.end
    return (of_year(None, whole=True), place + 1) if bound and words[place + 1] != "học" else None


def bare_year_at(words: Words, place: int, *, bound: bool) -> MomentAndEnd | None:
    ranged = words[place + 1] == "-" and words.digits(place + 2) == 4
    alone = place == 0 and (words.count <= 2 or words.follows(1, "trở", "đi"))
    goes_on = words[place + 1] in ("và", ",") and "năm" in (words[place + 2], words[place + 3])
    if words[place - 1] == "học" or words[place + 1] == "/" or not (bound or ranged or alone or goes_on):
        return None
    return of_year(words.number(place)), place + 1


def months_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    """ "6 tháng đầu năm", "9 tháng năm 2025", "2 quý cuối năm"; "9 tháng" alone is the report for nine months."""
    number, unit = count(words, place), words[place + 1]
    months = number * {"tháng": 1, "quý": 3}.get(unit, 0)
    part = words[place + 2]
    if not 1 <= months <= 11 or (part not in ("đầu", "cuối") and months != 9):
        return None
    end = place + 2 + (part in ("đầu", "cuối"))
    end += words[end] == "của"
    year = year_at(words, end, plan_year)
    end = year.end if year.number is not None or words[end] != "năm" or part not in ("đầu", "cuối") else end + 1
    if words[end] == "/" and words[end + 1] == "lần":
        return None
    name: Unit = "half-year" if months == 6 else "months"
    return _stretch(name, 13 - months if part == "cuối" else 1, months, year), end


def part_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    """The beginning, the middle or the end (Civil Code art. 148) of a year, of a quarter or of a month."""
    part = words[place]
    end = place + 1 + (words[place + 1] == "cùng")
    end += words[end] == "của"
    if words[end] == "năm":
        if words[end + 1] == "học":
            return None
        year = year_at(words, end, plan_year)
        return _beginning_middle_end(part, of_year(year.number)), year.end if year.number is not None else end + 1
    whole = {"quý": quarter_at, "tháng": month_at}.get(words[end], _no_moment)(words, end, plan_year)
    return (_beginning_middle_end(part, whole[0]), whole[1]) if whole else None


def _beginning_middle_end(part: str, whole: Moment) -> Moment:
    """No law defines the end of "đầu": it is a third or a quarter of the whole, as docs/plan-documents.md says."""
    first, last = whole.first[0], whole.last[0]
    if part == "đầu":
        ends = {"year": (3, LAST), "quarter": (first, LAST)}.get(whole.unit, (first, 10))
        return replace(whole, last=ends, vague=True)
    if part == "giữa":
        middle = {"year": (6, 30), "quarter": (first + 1, 15)}.get(whole.unit, (first, 15))
        return replace(whole, first=middle, last=middle, point=True)
    return replace(whole, first=(last, LAST), point=True)


def last_day_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    """ "Ngày cuối (cùng) của quý III", "ngày làm việc cuối cùng của tháng 9"."""
    last = place + 1 + 2 * words.follows(place + 1, "làm", "việc")
    return part_at(words, last, plan_year) if words[last] == "cuối" else None


def half_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    """ "nửa đầu năm", "nửa cuối tháng 9"."""
    part = words[place + 1]
    if part not in ("đầu", "cuối"):
        return None
    if words[place + 2] == "năm":
        year = year_at(words, place + 2, plan_year)
        return _stretch("half-year", 1 if part == "đầu" else 7, 6, year), max(year.end, place + 3)
    month = month_at(words, place + 2, plan_year) if words[place + 2] == "tháng" else None
    if month is None:
        return None
    whole, number = month[0], month[0].first[0]
    half = replace(whole, last=(number, 15)) if part == "đầu" else replace(whole, first=(number, 16))
    return half, month[1]


def ten_days_at(words: Words, place: int, plan_year: int) -> MomentAndEnd | None:
    """ "Trung tuần tháng 9": ten days of a month."""
    month = month_at(words, place + 2, plan_year) if words.follows(place + 1, "tuần", "tháng") else None
    if month is None:
        return None
    number = month[0].first[0]
    first, last = TENS[words[place]]
    return replace(month[0], first=(number, first), last=(number, last)), month[1]


def _no_moment(_words: Words, _place: int, _plan_year: int) -> MomentAndEnd | None:
    return None


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
