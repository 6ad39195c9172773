"""Moments with the words that bound them: "trước ngày", "chậm nhất", "từ … đến …", and days of every period."""

from datetime import timedelta

from services.planning.phrases.schedules import moments
from services.planning.phrases.schedules.beginnings import beginning_at, begun_and_ended_at
from services.planning.phrases.schedules.days_of_each import on_days_at
from services.planning.phrases.schedules.moments import moments_at
from services.planning.phrases.schedules.ranges import (
    BOUND,
    Bound,
    bound_at,
    day_range_at,
    months_of_year_at,
    one_at,
    range_at,
)
from services.planning.phrases.schedules.times import Every, Found, How, Moment, Time, When
from services.planning.phrases.schedules.words import Phrases, Words

_FROM = Phrases(("từ", "kể từ", "bắt đầu từ", "tính từ", "từ khoảng", "bắt đầu", "khởi động từ"))
_OF_EVERY_YEAR = Phrases(
    (
        *("hàng năm", "mỗi năm", "của mỗi năm", "của hàng năm", "các năm", "của các năm"),
        *("của năm báo cáo", "năm báo cáo", "của kỳ báo cáo năm"),
    )
)
_AND_ON = Phrases(
    ("và các năm tiếp theo", "và những năm tiếp theo", "và các năm sau", "và những năm sau", "trở đi", "và tiếp tục")
)
BEGINNINGS = BOUND.first_words | _FROM.first_words | moments.BEGINNINGS | {"sau", "thứ", "chủ", "cn", "mùng", "mồng"}


def whens_at(words: Words, place: int, plan_year: int) -> tuple[list[Found], int] | None:
    """The times that begin here, each with its words, and the place after them."""
    if begun := _begun(words, place, plan_year):
        return begun
    first = _FROM.past(words, place)
    if first > place and not words.follows(place, "từ", "nay"):
        return _from(words, place, first, plan_year)
    if words[place] == "sau":
        return _after(words, place, plan_year)
    bound = bound_at(words, place)
    dash = bound.end + 1 + (words[bound.end] == "ngày")
    if words[dash] == "-" and (dashed := _dashed(words, bound.end, plan_year)):
        return [Found(dashed[0], place, dashed[1])], dashed[1]
    read = moments_at(words, bound.end, plan_year, bound=bound.end > place)
    days = on_days_at(words, place, bound)
    if days is not None and (read is None or days[1] > read[1]):
        return days
    return _plain(words, place, bound, read, plan_year) if read else None


def _dashed(words: Words, place: int, plan_year: int) -> tuple[When, int] | None:
    return day_range_at(words, place, plan_year) or months_of_year_at(words, place, plan_year)


def _begun(words: Words, place: int, plan_year: int) -> tuple[list[Found], int] | None:
    """ "Bắt đầu: 01/7; kết thúc: 30/9", and with the beginning alone."""
    if both := begun_and_ended_at(words, place, plan_year):
        return [Found(both[0], place, both[1])], both[1]
    beginning = beginning_at(words, place)
    return _from(words, place, _FROM.past(words, beginning), plan_year) if beginning > 0 else None


def _after(words: Words, place: int, plan_year: int) -> tuple[list[Found], int] | None:
    """ "Sau ngày 15/9": from the day after."""
    later = one_at(words, place + 1, plan_year, bound=True)
    return ([Found(When("after", None, later[0]), place, later[1])], later[1]) if later else None


def _from(words: Words, place: int, first: int, plan_year: int) -> tuple[list[Found], int] | None:
    bound = bound_at(words, first)
    ranged = _dashed(words, bound.end, plan_year) or range_at(words, bound.end, plan_year, bound=True)
    if ranged:
        return [Found(ranged[0], place, ranged[1])], ranged[1]
    begun = moments_at(words, bound.end, plan_year, bound=True)
    if begun is None or len(begun[0]) > 1:
        return None
    end = _AND_ON.past(words, begun[1])
    return [Found(When("since", None, begun[0][0]), place, end)], end


def _plain(
    words: Words, place: int, bound: Bound, read: tuple[list[Moment], int], plan_year: int
) -> tuple[list[Found], int] | None:
    read_moments, end = read
    if bound.how in ("", "in", "until") and len(read_moments) == 1:
        ranged = range_at(words, bound.end, plan_year, bound=bound.end > place)
        if ranged:
            return [Found(ranged[0], place, ranged[1])], ranged[1]
    yearly = _OF_EVERY_YEAR.past(words, end)
    if yearly > end:
        return [Found(yearly_on(bound.how, moment, plan_year), place, yearly) for moment in read_moments], yearly
    on = _AND_ON.past(words, end)
    if on > end:
        return [Found(When("since", None, read_moments[0]), place, on)], on
    return [_one_of(When(bound.how, moment), place, end) for moment in read_moments], end


def _one_of(when: When, start: int, end: int) -> Found:
    """With its own words; the first of a list has those that bound the others too."""
    first, last = (when.last and when.last.places) or (start, end)
    return Found(when, max(first, start), last)


def yearly_on(how: How, moment: Moment, plan_year: int) -> Time:
    """A day of every year; an impossible one stays a moment, which has no day."""
    days = moment.days(plan_year) or moment.days(plan_year + -plan_year % 4)  # 29/2 is a day of some years
    if days is None:
        return When(how, moment)
    due = days[0] - timedelta(days=1) if how == "before" else days[1]
    return Every("year", on=f"{due:%m-%d}", notes=moment.notes)
