"""Parts of years, quarters and months: "6 tháng cuối năm", "đầu quý III", "trung tuần tháng 9"."""

from dataclasses import replace

from services.planning.phrases.schedules.named import Read, month_at, of_year, quarter_at, stretch
from services.planning.phrases.schedules.numbers import count, year_at
from services.planning.phrases.schedules.times import LAST, Moment, Unit
from services.planning.phrases.schedules.words import Words

TENS = {"thượng": (1, 10), "trung": (11, 20), "hạ": (21, LAST)}


def months_at(words: Words, place: int, plan_year: int) -> Read | None:
    """ "6 tháng đầu năm", "9 tháng năm 2025", "2 quý cuối năm"; "9 tháng" alone is the report of that name."""
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
    return stretch(name, 13 - months if part == "cuối" else 1, months, year), end


def part_at(words: Words, place: int, plan_year: int) -> Read | None:
    """The beginning, the middle or the end (Civil Code art. 148) of a year, of a quarter or of a month."""
    part = words[place]
    end = place + 1 + (words[place + 1] == "cùng")
    end += words[end] == "của"
    if words[end] == "năm":
        if words[end + 1] == "học":
            return None
        year = year_at(words, end, plan_year)
        return _beginning_middle_end(part, of_year(year.number)), year.end if year.number is not None else end + 1
    whole = {"quý": quarter_at, "tháng": month_at}.get(words[end], _nothing)(words, end, plan_year)
    return (_beginning_middle_end(part, whole[0]), whole[1]) if whole else None


def _beginning_middle_end(part: str, whole: Moment) -> Moment:
    """What "đầu" is due by is no law but a third or a quarter of the whole, as plan-format.md has it for a year."""
    first, last = whole.first[0], whole.last[0]
    if part == "đầu":
        ends = {"year": (3, LAST), "quarter": (first, LAST)}.get(whole.unit, (first, 10))
        return replace(whole, last=ends, vague=True)
    if part == "giữa":
        middle = {"year": (6, 30), "quarter": (first + 1, 15)}.get(whole.unit, (first, 15))
        return replace(whole, first=middle, last=middle, point=True)
    return replace(whole, first=(last, LAST), point=True)


def last_day_at(words: Words, place: int, plan_year: int) -> Read | None:
    """ "Ngày cuối (cùng) của quý III", "ngày làm việc cuối cùng của tháng 9"."""
    last = place + 1 + 2 * words.follows(place + 1, "làm", "việc")
    return part_at(words, last, plan_year) if words[last] == "cuối" else None


def half_at(words: Words, place: int, plan_year: int) -> Read | None:
    """ "nửa đầu năm", "nửa cuối tháng 9"."""
    part = words[place + 1]
    if part not in ("đầu", "cuối"):
        return None
    if words[place + 2] == "năm":
        year = year_at(words, place + 2, plan_year)
        return stretch("half-year", 1 if part == "đầu" else 7, 6, year), max(year.end, place + 3)
    month = month_at(words, place + 2, plan_year) if words[place + 2] == "tháng" else None
    if month is None:
        return None
    whole, number = month[0], month[0].first[0]
    half = replace(whole, last=(number, 15)) if part == "đầu" else replace(whole, first=(number, 16))
    return half, month[1]


def ten_days_at(words: Words, place: int, plan_year: int) -> Read | None:
    """ "Trung tuần tháng 9": the tens of days of a month."""
    month = month_at(words, place + 2, plan_year) if words.follows(place + 1, "tuần", "tháng") else None
    if month is None:
        return None
    number = month[0].first[0]
    first, last = TENS[words[place]]
    return replace(month[0], first=(number, first), last=(number, last)), month[1]


def _nothing(_words: Words, _place: int, _plan_year: int) -> Read | None:
    return None
