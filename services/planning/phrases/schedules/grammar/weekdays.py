"""Days of the week and times of day: "thứ Sáu hàng tuần", "từ thứ 2 đến thứ 6 hàng tuần", "17h30 ngày"."""

from collections.abc import Iterable

from services.planning.phrases.schedules.grammar.times import Always, Every, Found
from services.planning.phrases.schedules.text.numbers import AND, OF_EACH
from services.planning.phrases.schedules.text.words import Words

_DAYS = {"hai": 1, "ba": 2, "tư": 3, "năm": 4, "sáu": 5, "bảy": 6, "bẩy": 6}


def weekday_at(words: Words, place: int) -> tuple[int, int] | None:
    """The day of the week (Monday is 1) and the place after it."""
    if words.follows(place, "chủ", "nhật") or words[place] == "cn":
        return 7, place + 1 + (words[place] == "chủ")
    if words[place] != "thứ":
        return None
    number = words.number(place + 1) - 1
    day = number if 1 <= number <= 6 else _DAYS.get(words[place + 1], 0)
    return (day, place + 2) if day else None


def weekly_at(words: Words, place: int) -> Found | None:
    """ "Thứ Sáu hàng tuần", "thứ Hai và thứ Năm hàng tuần", "từ thứ 2 đến thứ 6 hàng tuần"."""
    before = words[place] == "trước"
    named = place + before + (words[place] == "từ")
    clock = past_clock(words, named)
    found = weekday_at(words, clock + (words[clock] == "ngày"))
    if found is None:
        return None
    to = found[1] + (words[found[1]] in ("đến", "-"))
    if to > found[1] and (last := weekday_at(words, to)):
        weekly = _past_weekly(words, last[1])
        return Found(Always(), place, weekly) if weekly else None
    days, end = _with_further_days(words, found)
    weekly = _past_weekly(words, end)
    is_before = before and clock == named
    return Found(_weekly_on([days[0] - is_before, *days[1:]]), place, weekly) if weekly else None


def _past_weekly(words: Words, place: int) -> int | None:
    weekly = OF_EACH.past(words, place)
    return weekly + 1 if weekly > place and words[weekly] == "tuần" else None


def _weekly_on(days: Iterable[int]) -> Every:
    """On each of these days; the day before Monday is a Sunday."""
    first, *further = dict.fromkeys(str(day or 7) for day in days)
    return Every("week", on=first, further=tuple(further))


def _with_further_days(words: Words, found: tuple[int, int]) -> tuple[list[int], int]:
    """The first day and those listed behind it, and the place after them."""
    days, end = [found[0]], found[1]
    while following := _further_day(words, end):
        days.append(following[0])
        end = following[1]
    return days, end


def weekdays_behind(words: Words, place: int) -> tuple[Every | Always, int] | None:
    """The days of "hàng tuần (thứ Hai, thứ Năm)", "hàng tuần, vào chiều thứ Hai", "hàng tuần (thứ 2 đến thứ 6)"."""
    opened = words[place] == "("
    named = place + (words[place] in ("(", ",", ":", "-"))
    named += words[named] in ("vào", "trước", "từ")
    named += words[named] in ("các", "buổi", "cuối", "ngày")
    named += words[named] in ("sáng", "chiều", "ngày")
    found = weekday_at(words, named)
    if found is None:
        return None
    if words[found[1]] in ("đến", "-") and (last := weekday_at(words, found[1] + 1)):
        return Always(), last[1] + (opened and words[last[1]] == ")")
    days, end = _with_further_days(words, found)
    is_before = words[place + 1] == "trước" or words[place] == "trước"
    return _weekly_on(day - is_before for day in days), end + (opened and words[end] == ")")


def _further_day(words: Words, place: int) -> tuple[int, int] | None:
    """ "(thứ Hai), chiều thứ Năm", "(thứ 2), 4, 6"."""
    following = AND.past(words, place)
    if following == place:
        return None
    named = following + (words[following] == "vào")
    named += words[named] in ("buổi", "ngày", "sáng", "chiều")
    named += words[named] in ("sáng", "chiều")
    if day := weekday_at(words, named):
        return day
    is_alone = words.digits(following) == 1 and words[following + 1] in ("", ",", ";", ")", "và", ".", "hàng", "mỗi")
    return (words.number(following) - 1, following + 1) if is_alone and 2 <= words.number(following) <= 7 else None


def past_clock(words: Words, place: int) -> int:
    """ "17 giờ 00 phút", "17h30", "17:00": the place after it, or the same place if there is none."""
    if not 1 <= words.digits(place) <= 2:
        return place
    end = place + 1
    if words[end] not in ("giờ", "h", "g") and not (words[end] == ":" and words.digits(end + 1) == 2):
        return place
    end += 1
    end += 1 <= words.digits(end) <= 2
    end += words[end] in ("phút", "h", "p", "'", "’")
    end += words[end] in (",", "-")
    return end if words[end] == "ngày" or words.digits(end) or weekday_at(words, end) else place
