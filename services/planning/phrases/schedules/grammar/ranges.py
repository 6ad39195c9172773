"""From one moment to another: "từ tháng 8 đến tháng 12", "01-15/9", "bắt đầu: 01/7; kết thúc: 30/9"."""

from dataclasses import dataclass, replace

from services.planning.phrases.schedules.grammar.calendar_days import day_at
from services.planning.phrases.schedules.grammar.frequencies import past_clock, weekday_at
from services.planning.phrases.schedules.grammar.kinds_of_time import How, Moment, When, with_years
from services.planning.phrases.schedules.grammar.quarters_and_months import moment_at, month_of_year_at, same_unit_at
from services.planning.phrases.schedules.text.words import STOP, Phrases, Words

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
_NOUNS = ("", "thời gian ", "ngày ", "thời điểm ", "mốc ")
_BEGINNING = Phrases(
    tuple(f"{noun}{verb}{doing}" for noun in _NOUNS for verb in ("bắt đầu", "khởi đầu") for doing in ("", " thực hiện"))
)
_ENDING = Phrases(tuple(f"{noun}{verb}" for noun in _NOUNS for verb in ("kết thúc", "hoàn thành", "hoàn tất")))
_BETWEEN = (";", ",", ".", "-", "và", "+", "•", STOP)


@dataclass(frozen=True)
class Bound:
    how: How
    end: int


def bound_at(words: Words, place: int) -> Bound:
    """The strongest of several prepositions ("chậm nhất là vào ngày"), and the place after them and a time of day."""
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
    # "Before 17:00 on the 15th" is due on the 15th.
    return Bound("by" if clock > end and how == "before" else how, clock)


def range_at(words: Words, place: int, plan_year: int, *, bound: bool) -> tuple[When, int] | None:
    """ "01/8 - 30/9/2025", "tháng 8 đến tháng 12/2025", "Quý III-IV", "2025-2030"."""
    begun = day_or_moment_at(words, place, plan_year, bound=bound)
    if begun is None:
        return None
    to = _TO.past(words, begun[1])
    if to == begun[1]:
        return None
    limit = bound_at(words, to)
    ended = same_unit_at(words, limit.end, plan_year, begun[0])
    ended = ended or day_or_moment_at(words, limit.end, plan_year, bound=True)
    if ended is None:
        return None
    first, last = _in_order(begun[0], ended[0], plan_year)
    return When("before" if limit.how == "before" else "between", last, first), ended[1]


def _in_order(begun: Moment, ended: Moment, plan_year: int) -> tuple[Moment, Moment]:
    """ "Từ tháng 11 đến tháng 2": a range that would end before it begins starts in the year before."""
    first, last = with_years([begun, ended])
    if begun.year is not None or begun.first <= ended.last or "year" in (begun.unit, ended.unit):
        return first, last
    year = plan_year + 1 if ended.year is None else ended.year
    note = f"Khoảng thời gian này qua hai năm; đọc là từ năm {year - 1} đến năm {year}, cần người xác nhận."
    return replace(begun, year=year - 1, notes=(*begun.notes, note)), replace(ended, year=year)


def months_of_year_at(words: Words, place: int, plan_year: int) -> tuple[When, int] | None:
    """ "8-12/2025": only the last month has the year."""
    to = _TO.past(words, place + 1)
    if not 1 <= words.digits(place) <= 2 or not 1 <= words.number(place) <= 12 or to == place + 1:
        return None
    ended = month_of_year_at(words, to, plan_year) if words[to + 1] != "-" else None  # "8-10-2025" is a day
    if ended is None:
        return None
    first, last = _in_order(replace(ended[0], first=(words.number(place), 1), year=None), ended[0], plan_year)
    return When("between", last, first), ended[1]


def day_or_moment_at(words: Words, place: int, plan_year: int, *, bound: bool) -> tuple[Moment, int] | None:
    return day_at(words, place, plan_year, bound=bound) or moment_at(words, place, plan_year, bound=bound)


def day_range_at(words: Words, place: int, plan_year: int) -> tuple[When, int] | None:
    """ "từ ngày 01 đến ngày 15/9/2025", "01-15/9": only the last day has the month."""
    number = place + (words[place] == "ngày")
    to = _TO.past(words, number + 1)
    if not 1 <= words.digits(number) <= 2 or to == number + 1:
        return None
    ended = day_or_moment_at(words, to, plan_year, bound=True)
    if ended is None or ended[0].unit != "day":
        return None
    last = ended[0]
    day = last.last[0], words.number(number) or 99
    return When("between", last, Moment("day", day, day, year=last.year, point=True)), ended[1]


def beginning_at(words: Words, place: int) -> int:
    """The place after "Thời gian bắt đầu:", or -1 where the colon is missing."""
    end = _BEGINNING.past(words, place)
    return end + 1 if end > place and words[end] == ":" else -1


def beginning_and_end_at(words: Words, place: int, plan_year: int) -> tuple[When, int] | None:
    begun = _moment_behind(words, _BEGINNING, place, plan_year)
    if begun is None:
        return None
    end = begun[2]
    while words[end] in _BETWEEN:
        end += 1
    ended = _moment_behind(words, _ENDING, end, plan_year)
    if ended is None:
        return None
    first, last = _in_order(begun[0], ended[0], plan_year)
    return When("before" if ended[1] else "between", last, first), ended[2]


def _moment_behind(words: Words, phrases: Phrases, place: int, plan_year: int) -> tuple[Moment, bool, int] | None:
    """The moment, whether the range ends before it ("kết thúc trước ngày …"), and the place after it."""
    end = phrases.past(words, place)
    if end == place:
        return None
    end += words[end] == ":"
    end += words[end] == "từ"
    bound = bound_at(words, end)
    read = day_or_moment_at(words, bound.end, plan_year, bound=True)
    return (read[0], bound.how == "before", read[1]) if read else None
