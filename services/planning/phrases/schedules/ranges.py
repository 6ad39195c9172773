"""From one moment to another: "từ tháng 8 đến tháng 12", "01-15/9", "Quý III-IV"."""

from dataclasses import dataclass, replace

from services.planning.phrases.schedules.days import day_at
from services.planning.phrases.schedules.moments import moment_at, same_unit_at
from services.planning.phrases.schedules.named import month_of_year_at
from services.planning.phrases.schedules.times import How, Moment, When, with_years
from services.planning.phrases.schedules.weekdays import past_clock, weekday_at
from services.planning.phrases.schedules.words import Phrases, Words

_BOUNDS: dict[str, How] = {
    "trước": "before",
    "trước thời điểm": "before",
    **dict.fromkeys(("chậm nhất", "muộn nhất", "trễ nhất", "không quá", "không muộn hơn", "không chậm hơn"), "by"),
    **dict.fromkeys(("không trễ hơn", "hạn cuối", "hạn chót", "thời hạn", "hạn", "không được quá", "lâu nhất"), "by"),
    **dict.fromkeys(("đến", "tới", "đến hết", "cho đến", "cho tới", "hết", "tính đến", "từ nay đến"), "until"),
    **dict.fromkeys(("từ nay đến hết", "từ nay cho đến"), "until"),
    **dict.fromkeys(("trong", "vào", "trong khoảng", "khoảng", "trong suốt", "suốt", "cả", "toàn", "vào dịp"), "in"),
    **dict.fromkeys(("ngay trong", "trong thời gian", "trong cả", "nội trong", "vào khoảng"), "in"),
    **dict.fromkeys(("giai đoạn", "nhiệm kỳ", "là", "thời điểm", "thời gian", "mốc", "kết thúc", "tại"), ""),
}
BOUND = Phrases(_BOUNDS)
_STRONGER: tuple[How, ...] = ("", "in", "until", "by", "before")
_TO = Phrases(("-", "đến", "tới", "cho đến", "đến hết", "cho đến hết", "- đến", "đến cuối"))


@dataclass(frozen=True)
class Bound:
    how: How
    end: int


def bound_at(words: Words, place: int) -> Bound:
    """The strongest of a few prepositions ("chậm nhất là vào ngày"), past weekdays and times of day."""
    how: How = ""
    end = place
    for _ in range(5):
        found = BOUND.at(words, end)
        if found is None:
            break
        how = max(how, _BOUNDS[found], key=_STRONGER.index)
        end += len(found.split())
    if weekday := weekday_at(words, end):
        end = weekday[1] + (words[weekday[1]] == ",")
    clock = past_clock(words, end)
    # "Before 17:00 of the 15th" is due on the 15th.
    return Bound("by" if clock > end and how == "before" else how, clock)


def range_at(words: Words, place: int, plan_year: int, *, bound: bool) -> tuple[When, int] | None:
    """ "01/8 - 30/9/2025", "tháng 8 đến tháng 12/2025", "Quý III-IV", "2025-2030"."""
    begun = one_at(words, place, plan_year, bound=bound)
    if begun is None:
        return None
    to = _TO.past(words, begun[1])
    if to == begun[1]:
        return None
    limit = bound_at(words, to)
    ended = same_unit_at(words, limit.end, plan_year, begun[0]) or one_at(words, limit.end, plan_year, bound=True)
    if ended is None:
        return None
    if limit.how == "before":
        return None
    first, last = in_order(begun[0], ended[0], plan_year)
    return When("between", last, first), ended[1]


def in_order(begun: Moment, ended: Moment, plan_year: int) -> tuple[Moment, Moment]:
    """ "Từ tháng 11 đến tháng 2": what ends before it begins began in the year before."""
    first, last = with_years([begun, ended])
    if begun.year is not None or begun.first <= ended.last or "year" in (begun.unit, ended.unit):
        return first, last
    year = plan_year + 1 if ended.year is None else ended.year
    note = f"Khoảng thời gian này qua hai năm; đọc là từ năm {year - 1} đến năm {year}, cần người xác nhận."
    return replace(begun, year=year - 1, notes=(*begun.notes, note)), replace(ended, year=year)


def months_of_year_at(words: Words, place: int, plan_year: int) -> tuple[When, int] | None:
    """ "8-12/2025": months of a year that stands at the end only."""
    to = _TO.past(words, place + 1)
    if not 1 <= words.digits(place) <= 2 or not 1 <= words.number(place) <= 12 or to == place + 1:
        return None
    ended = month_of_year_at(words, to, plan_year) if words[to + 1] != "-" else None  # "8-10-2025" is a day
    if ended is None:
        return None
    first, last = in_order(replace(ended[0], first=(words.number(place), 1), year=None), ended[0], plan_year)
    return When("between", last, first), ended[1]


def one_at(words: Words, place: int, plan_year: int, *, bound: bool) -> tuple[Moment, int] | None:
    return day_at(words, place, plan_year, bound=bound) or moment_at(words, place, plan_year, bound=bound)


def day_range_at(words: Words, place: int, plan_year: int) -> tuple[When, int] | None:
    """ "từ ngày 01 đến ngày 15/9/2025", "01-15/9": the month stands at the end only."""
    number = place + (words[place] == "ngày")
    to = _TO.past(words, number + 1)
    if not 1 <= words.digits(number) <= 2 or to == number + 1:
        return None
    ended = one_at(words, to, plan_year, bound=True)
    if ended is None or ended[0].unit != "day":
        return None
    last = ended[0]
    day = last.last[0], words.number(number) or 99
    return When("between", last, Moment("day", day, day, year=last.year, point=True)), ended[1]
