"""Moments with the words that bound them: "trước ngày", "từ … đến …", "trước ngày 20 hàng tháng"."""

from datetime import timedelta

from services.planning.phrases.schedules.grammar.calendar_days import day_at, day_numbers
from services.planning.phrases.schedules.grammar.kinds_of_time import (
    Every,
    Found,
    How,
    Moment,
    OnDay,
    Time,
    Unsupported,
    When,
)
from services.planning.phrases.schedules.grammar.lunar_days import lunar_day_at
from services.planning.phrases.schedules.grammar.quarters_and_months import OPENS_A_MOMENT, moments_at
from services.planning.phrases.schedules.grammar.ranges import (
    BOUND,
    Bound,
    beginning_and_end_at,
    beginning_at,
    bound_at,
    day_or_moment_at,
    day_range_at,
    months_of_year_at,
    range_at,
)
from services.planning.phrases.schedules.text.numbers import period_at
from services.planning.phrases.schedules.text.words import Phrases, Words
from services.planning.phrases.tokens import listed
from shared.calendar.recurring_periods import Every as Frequency

_FROM = Phrases(("từ", "kể từ", "bắt đầu từ", "tính từ", "từ khoảng", "bắt đầu", "khởi động từ"))
_OF_EVERY_YEAR = Phrases(
    listed(
        "hàng năm|mỗi năm|của mỗi năm|của hàng năm|các năm|của các năm|của năm báo cáo|năm báo cáo|của kỳ báo cáo năm"
    )
)
AND_ON = Phrases(
    listed(
        "và các năm tiếp theo|và những năm tiếp theo|và các năm sau|và những năm sau|trở đi|và tiếp tục|"
        "và năm tiếp theo|và các năm kế tiếp|và những năm kế tiếp|, các năm tiếp theo|, những năm tiếp theo|về sau"
    )
)
_BY_A_NAMED_DAY: tuple[How, ...] = ("before", "by", "until")
_LONGEST_NAME = 8  # words of the name of a day: "Chuyển đổi số quốc gia"
_NO_NAME_BEGINS = frozenset(("khi", "thời", "đó", "đây", "lúc", "và", "hoặc", "mùa"))
_NO_NAME = BOUND.first_words | _FROM.first_words | OPENS_A_MOMENT | {"và", "hoặc", "sau", "khi", "theo", "hàng"}
OPENS_A_BOUNDED_TIME = BOUND.first_words | _FROM.first_words | OPENS_A_MOMENT
OPENS_A_BOUNDED_TIME |= {"sau", "thứ", "chủ", "cn", "mùng", "mồng", "rằm"}
_NEXT = Phrases(("sau", "kế tiếp", "tiếp theo", "liền kề", "liền sau", "của quý sau"))
_LAST_MONTH = Phrases(listed("của tháng cuối|tháng cuối|của tháng cuối cùng|tháng cuối cùng|vào tháng cuối"))
_FIRST_MONTH = Phrases(("của tháng đầu", "tháng đầu", "của tháng đầu tiên", "tháng đầu tiên", "tháng thứ hai"))
_OF_FIRST_MONTH = "Ngày này không thuộc tháng cuối của kỳ, không ghi được thành định kỳ."
_DAY_OF_NEXT = "Ngày này thuộc kỳ sau kỳ báo cáo; cần người xác nhận."


def bounded_times_at(words: Words, place: int, plan_year: int) -> tuple[list[Found], int] | None:
    """The times that begin at a place, each with its words, and the place after them."""
    bound = bound_at(words, place)
    if lunar := lunar_day_at(words, place, bound, plan_year):
        return [lunar], lunar.end
    if begun := _with_named_beginning(words, place, plan_year):
        return begun
    first = _FROM.past(words, place)
    if first > place and not words.follows(place, "từ", "nay"):
        return _from(words, place, first, plan_year)
    if words[place] == "sau":
        return _after(words, place, plan_year)
    return _bounded(words, place, bound, plan_year)


def _bounded(words: Words, place: int, bound: Bound, plan_year: int) -> tuple[list[Found], int] | None:
    dash = bound.end + 1 + (words[bound.end] == "ngày")
    if words[dash] == "-" and (dashed := _dashed(words, bound.end, plan_year)):
        return [Found(dashed[0], place, dashed[1])], dashed[1]
    read = moments_at(words, bound.end, plan_year, bound=bound.end > place)
    if read is None and bound.how in _BY_A_NAMED_DAY:
        read = _named_day_at(words, bound.end, plan_year)
    days = _on_days_at(words, place, bound)
    if days is not None and (read is None or days[1] > read[1]):
        return days
    return _plain(words, place, bound, read, plan_year) if read else None


def _named_day_at(words: Words, place: int, plan_year: int) -> tuple[list[Moment], int] | None:
    """ "(trước) ngày Quốc khánh 02/9/2025", "(trước) dịp lễ 30/4", "(trước) Quốc khánh (02/9)": a day with its name."""
    end = place
    while end - place <= _LONGEST_NAME and words[end].isalpha() and (end == place or words[end] not in _NO_NAME):
        end += 1
    if end == place or words[place] in _NO_NAME_BEGINS:
        return None
    opened = words[end] == "("
    read = day_at(words, end + opened, plan_year, bound=False)
    if read is None or (opened and words[read[1]] != ")"):
        return None
    return [read[0]], read[1] + opened


def _dashed(words: Words, place: int, plan_year: int) -> tuple[When, int] | None:
    return day_range_at(words, place, plan_year) or months_of_year_at(words, place, plan_year)


def _with_named_beginning(words: Words, place: int, plan_year: int) -> tuple[list[Found], int] | None:
    """ "Bắt đầu: 01/7; kết thúc: 30/9", or only its beginning."""
    if both := beginning_and_end_at(words, place, plan_year):
        return [Found(both[0], place, both[1])], both[1]
    beginning = beginning_at(words, place)
    return _from(words, place, _FROM.past(words, beginning), plan_year) if beginning > 0 else None


def _after(words: Words, place: int, plan_year: int) -> tuple[list[Found], int] | None:
    """ "Sau ngày 15/9": from the day after."""
    later = day_or_moment_at(words, place + 1, plan_year, bound=True)
    return ([Found(When("after", None, later[0]), place, later[1])], later[1]) if later else None


def _from(words: Words, place: int, first: int, plan_year: int) -> tuple[list[Found], int] | None:
    bound = bound_at(words, first)
    ranged = _dashed(words, bound.end, plan_year) or range_at(words, bound.end, plan_year, bound=True)
    if ranged:
        return [_ranged(words, ranged, place)], max(ranged[1], AND_ON.past(words, ranged[1]))
    begun = moments_at(words, bound.end, plan_year, bound=True)
    if begun is None or len(begun[0]) > 1:
        return None
    end = AND_ON.past(words, begun[1])
    return [Found(When("since", None, begun[0][0]), place, end)], end


def _ranged(words: Words, ranged: tuple[When, int], place: int) -> Found:
    """ "2025-2026 và những năm tiếp theo" has no end."""
    when, end = ranged
    on = AND_ON.past(words, end)
    return Found(When("since", None, when.first) if on > end and when.first else when, place, on)


def _plain(
    words: Words, place: int, bound: Bound, read: tuple[list[Moment], int], plan_year: int
) -> tuple[list[Found], int] | None:
    read_moments, end = read
    if bound.how in ("", "in", "until") and len(read_moments) == 1:
        ranged = range_at(words, bound.end, plan_year, bound=bound.end > place)
        if ranged:
            return [_ranged(words, ranged, place)], max(ranged[1], AND_ON.past(words, ranged[1]))
    yearly = _OF_EVERY_YEAR.past(words, end)
    if yearly > end:
        return [Found(yearly_on(bound.how, moment, plan_year), place, yearly) for moment in read_moments], yearly
    on = AND_ON.past(words, end)
    if on > end:
        return [Found(When("since", None, read_moments[0]), place, on)], on
    return [_one_of(When(bound.how, moment), place, end) for moment in read_moments], end


def _one_of(when: When, start: int, end: int) -> Found:
    """One moment of a list with its own words; the first has the bounding words of the list too."""
    first, last = (when.last and when.last.places) or (start, end)
    return Found(when, max(first, start), last)


def yearly_on(how: How, moment: Moment, plan_year: int) -> Time:
    """A day of every year; an impossible day stays a moment, which is then reported as invalid."""
    days = moment.days(plan_year) or moment.days(plan_year + -plan_year % 4)  # 29/2 exists in some years
    if days is None:
        return When(how, moment)
    due = days[0] - timedelta(days=1) if how == "before" else days[1]
    return Every("year", on=f"{due:%m-%d}", notes=moment.notes, before=how == "before")


def _on_days_at(words: Words, place: int, bound: Bound) -> tuple[list[Found], int] | None:
    """ "trước ngày 20 hàng tháng", "ngày 15 của tháng cuối quý", "ngày 10 và 20 hàng tháng"."""
    numbers, end = day_numbers(words, bound.end)
    if not numbers or words[end] == "/":
        return None
    notes: tuple[str, ...] = ()
    if (first := _FIRST_MONTH.past(words, end)) > end:
        past = _NEXT.past(words, max(period_at(words, first)[1], first))
        return [Found(Unsupported(_OF_FIRST_MONTH), place, past)], past
    month = _LAST_MONTH.past(words, end)
    last_month = month > end
    if last_month:
        every, past = period_at(words, month)
        past = max(past, month)
    else:
        every, past, notes = _of_each(words, end)
    named = words[bound.end] == "ngày" or words[bound.end - 1] == "ngày"
    if every is None and not last_month and not named:
        return None
    before = bound.how == "before"
    days = [OnDay(number, before, every, notes) for number in numbers]
    return [Found(day, place, past) for day in days], past


def _of_each(words: Words, end: int) -> tuple[Frequency | None, int, tuple[str, ...]]:
    """The period behind a day, the place after it, and warnings: "hàng tháng", "của mỗi tháng", "tháng sau"."""
    following = end + (words[end] == "của")
    if words[following] == "tháng":
        past = _NEXT.past(words, following + 1)
        return ("month", past, (_DAY_OF_NEXT,)) if past > following + 1 else (None, end, ())
    if words[following] in ("hàng", "mỗi", "từng", "các") and words[following + 1] in ("tháng", "quý"):
        every: Frequency = "month" if words[following + 1] == "tháng" else "quarter"
        if not words.digits(following + 2):
            return every, following + 2, ()
    return None, end, ()
