"""Frequencies and days of the week: "hàng quý", "3tháng /lần", "2 lần/năm", "thứ Sáu hàng tuần", "17h30 ngày"."""

from collections.abc import Iterable

from services.planning.phrases.schedules.grammar.kinds_of_time import Always, Every, Found, Time, Unsupported
from services.planning.phrases.schedules.text.numbers import (
    AND,
    BY_LENGTH,
    OF_EACH,
    UNITS,
    count,
    how_many,
    period_at,
    quarter_number,
    stands_alone,
)
from services.planning.phrases.schedules.text.words import NUMBERS, STOP, Phrases, Words
from services.planning.phrases.tokens import listed
from shared.calendar.recurring_periods import Every as Frequency

_DAYS = {"hai": 1, "ba": 2, "tư": 3, "năm": 4, "sáu": 5, "bảy": 6, "bẩy": 6}
_BY_TIMES: dict[tuple[int, str], Frequency] = {
    (1, "tuần"): "week",
    (1, "tháng"): "month",
    (1, "quý"): "quarter",
    (3, "quý"): "month",
    (1, "năm"): "year",
    (2, "năm"): "half-year",
    (4, "năm"): "quarter",
    (12, "năm"): "month",
}
_OCCASIONS = ("lần", "đợt", "kỳ")
_EACH = Phrases(listed("hàng|mỗi|từng|cứ|cứ mỗi|theo|theo từng|theo hàng|định kỳ mỗi|vào mỗi|các|trong các"))
_PER = Phrases(listed("/|mỗi|hàng|trong|một|/ mỗi|/ một|trong một|trên|trong mỗi|trong 1|/ 1"))
_ONCE = Phrases(listed("/|một|/ một|1|/ 1|là|là một|ít nhất một|ít nhất 1|tối thiểu 1"))
_ALONE_ONLY = ("theo", "các", "trong")  # "theo quý III", "các tháng 6, 9" name a time of the year
OPENS_A_FREQUENCY = _EACH.first_words | {*UNITS, *NUMBERS, "thứ", "chủ", "cn", "vào", "trước", "trong", "cuối"}
OPENS_A_FREQUENCY |= {"đầu", "nửa", "ngày", "chậm", "sáng", "chiều"}
_BEFORE_A_UNIT = ("", ",", ";", "và", "hoặc", "(", "-", ":", "/", "+", "&", "kỳ", "cáo", "theo", STOP, ".", "kết")
_DURATION = '"{text}" là một khoảng thời gian, chưa rõ tính từ khi nào.'
_BY = Phrases(listed("vào|trước|trong|chậm nhất|chậm nhất là|chậm nhất vào|muộn nhất|đến"))


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


def frequency_at(words: Words, place: int, *, in_list: bool) -> Found | None:
    """`in_list`: another frequency comes just before, so that a unit alone continues the list."""
    for read in (weekly_at, _times, _each, _length):
        if found := read(words, place):
            return found
    return _end_of_each(words, place) or _bare_unit_at(words, place, in_list=in_list)


def _times(words: Words, place: int) -> Found | None:
    """ "2 lần/năm", "01 lần mỗi quý", "ít nhất 1 lần/tháng"."""
    times = count(words, place)
    per = _PER.past(words, place + 2)
    if times < 0 or words[place + 1] not in _OCCASIONS or per == place + 2 or words[per] not in UNITS:
        return None
    if words[per] == "tuần" and (named := weekdays_behind(words, per + 1)):
        return Found(named[0], place, named[1])
    return Found(_frequency(_BY_TIMES.get((times, words[per]))), place, per + 1)


def _each(words: Words, place: int) -> Found | None:
    """ "hàng tháng", "mỗi quý một lần", "mỗi năm 2 lần", "theo quý", "định kỳ hàng 6 tháng"."""
    unit = _EACH.past(words, place)
    if unit == place:
        return None
    number = how_many(words, unit)
    unit += number >= 0
    once = _past_once(words, unit + 1)
    alone = words[place] in _ALONE_ONLY and words[place + 1] not in ("từng", "mỗi", "hàng")
    if words[unit] not in UNITS or (alone and once == unit + 1 and not stands_alone(words, unit)):
        return None
    if "các" in (words[place], words[place + 1]) and words[unit] not in ("tháng", "quý", "tuần"):
        return None
    if often := _so_often(words, place, number, unit):
        return often
    if words[unit] == "tuần" and number in (-1, 1) and (named := weekdays_behind(words, once)):
        return Found(named[0], place, named[1])
    return Found(_by_length(abs(number), words[unit]), place, _past_year(words, once))


def _length(words: Words, place: int) -> Found | None:
    """ "3tháng /lần", "quý/lần", "6 tháng một lần", "một năm hai lần", "tháng 1 lần"."""
    number = how_many(words, place)
    unit = place + (number >= 0)
    if words[unit] not in UNITS:
        return None
    if often := _so_often(words, place, number, unit):
        return often
    end = _past_once(words, unit + 1)
    return Found(_by_length(abs(number), words[unit]), place, end) if end > unit + 1 else None


def _so_often(words: Words, place: int, number: int, unit: int) -> Found | None:
    """ "Một năm hai lần", "mỗi quý 3 lần"."""
    often = count(words, unit + 1) if words[unit + 2] in _OCCASIONS else -1
    if often <= 1 or number not in (-1, 1):
        return None
    return Found(_frequency(_BY_TIMES.get((often, words[unit]))), place, unit + 3)


def _past_year(words: Words, place: int) -> int:
    """ "Các quý trong năm" means the same as "các quý": the year of the plan limits nothing."""
    return place + 2 if words.follows(place, "trong", "năm") and not words.digits(place + 2) else place


def _past_once(words: Words, place: int) -> int:
    end = _ONCE.past(words, place)
    return end + 1 if words[end] == "lần" else place


def _by_length(number: int, unit: str) -> Time:
    return Always() if (number, unit) == (1, "ngày") else _frequency(BY_LENGTH.get((number, unit)))


def _frequency(every: Frequency | None) -> Time:
    return Every(every) if every else Unsupported("Định kỳ này không thuộc tuần, tháng, quý, 6 tháng hay năm.")


def _end_of_each(words: Words, place: int) -> Found | None:
    """ "cuối quý", "ngày cuối cùng của tháng", "đầu tháng", "trong quý", of no particular one."""
    start = _BY.past(words, place)
    start += words[start] == "ngày"
    start += 2 * words.follows(start, "làm", "việc")
    end = start + 1 + (words[start + 1] == "cùng")
    if words[start] in ("cuối", "đầu"):
        every, end = period_at(words, end)
    elif words[place] == "trong" and start == place + 1:
        every, end = BY_LENGTH.get((1, words[start])), start + 1
    else:
        return None
    if every is None or every == "year" or not stands_alone(words, end - 1):
        return None
    text = words.text(place, end)
    is_clear = any(words[each] in ("mỗi", "hàng", "từng", "các") for each in range(place, end))
    note = f'"{text}" không nêu kỳ nào; đọc là định kỳ, cần người xác nhận.'
    first_day = words[start] == "đầu" and every == "month"
    return Found(Every(every, on="1" if first_day else None, notes=() if is_clear else (note,)), place, end)


def _bare_unit_at(words: Words, place: int, *, in_list: bool) -> Found | None:
    """A unit alone: "quý, 6 tháng, năm", "báo cáo tháng", "6 tháng và cuối năm"."""
    number = count(words, place)
    unit = place + (number >= 0)
    every = BY_LENGTH.get((max(number, 1), words[unit]))
    if words[unit] not in UNITS or words[unit] == "ngày" or (number == 9 and words[unit] == "tháng"):
        return None  # nine months are the period of a report, not a frequency
    if number < 0 and not (in_list or words[place - 1] in _BEFORE_A_UNIT or _begins_a_list(words, place)):
        return None
    part = words[unit + 1] in ("đầu", "cuối")
    half_a_year = every == "half-year" and not part
    goes_on = in_list and quarter_number(words, unit + 1) < 0 and not (part or words.digits(unit + 1))
    if not (stands_alone(words, unit) or half_a_year or goes_on):
        return None
    if every is None:
        return Found(Unsupported(_DURATION.format(text=words.text(place, unit + 1))), place, unit + 1)
    if number > 0 and _is_a_duration(words, place):
        return Found(Unsupported(_DURATION.format(text=words.text(place, unit + 1))), place, unit + 1)
    if number == 4 and words[unit] == "quý":  # four quarters are every quarter
        every = "quarter"
    return Found(Every(every, bare=True), place, unit + 1)


def _is_a_duration(words: Words, place: int) -> bool:
    """ "Trong 03 tháng", "thời gian 3 tháng", and "3 tháng" alone; "6 tháng" alone is a report."""
    if words[place - 1] in ("trong", "vòng", "gian", "hạn", "khoảng", "đa", "quá"):
        return True
    return count(words, place) != 6 and words[place + 1] == "tháng" and words.count - place <= 2 and place < 4


def _begins_a_list(words: Words, place: int) -> bool:
    """ "Báo cáo cải cách hành chính quý, 6 tháng, năm": a unit behind any word, if another unit follows."""
    following = AND.past(words, place + 1)
    number = count(words, following)
    unit = following + (number >= 0)
    return following > place + 1 and words[unit] in UNITS[1:] and stands_alone(words, unit)
