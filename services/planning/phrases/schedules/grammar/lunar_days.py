"""Days and months of the lunar calendar: "10/3 âm lịch", "rằm tháng 7", "23 tháng Chạp": none is a solar day.

Converts a day of the Vietnamese lunar calendar to a solar day, after the algorithm of Hồ Ngọc Đức (UTC+7).
"""

from datetime import date
from math import floor, pi, sin

from services.planning.phrases.schedules.grammar.kinds_of_time import Found, Lunar
from services.planning.phrases.schedules.grammar.ranges import Bound
from services.planning.phrases.schedules.text.numbers import month_number
from services.planning.phrases.schedules.text.words import Phrases, Words
from services.planning.phrases.tokens import listed
from shared.vietnamese import date_text

_MONTH = 29.530588853  # days between two new moons, on average
_FIRST = 2415021.076998695  # the Julian day of the first new moon of 1900
_JULIAN = 1721425  # the Julian day of the day before 1 January of the year 1
_HOURS = 7  # of Viet Nam, ahead of UTC


def solar_day(year: int, month: int, day: int) -> date | None:
    """None where the number is none of a lunar month (1-12) or day (1-30). A leap month is never meant."""
    if not (1 <= month <= 12 and 1 <= day <= 30 and 1900 < year < 2200):
        return None
    before = _eleventh_month(year if month >= 11 else year - 1)
    after = _eleventh_month(year + 1 if month >= 11 else year)
    months = (month - 11) % 12
    if after - before > 365 and months >= (leap := _leap_month(before)):
        months += leap > 0
    return date.fromordinal(_new_moon(_number_of(before) + months) + day - 1 - _JULIAN)


def _number_of(julian: int) -> int:
    return floor(0.5 + (julian - _FIRST) / _MONTH)


def _eleventh_month(year: int) -> int:
    """The first day of the month with the winter solstice."""
    number = floor((date(year, 12, 31).toordinal() + _JULIAN - 2415021) / _MONTH)
    first = _new_moon(number)
    return first if _twelfth_of_the_sun(first) < 9 else _new_moon(number - 1)


def _leap_month(eleventh: int) -> int:
    """How many months after the eleventh one the sun stays in its sign: that month is the leap month."""
    number, months = _number_of(eleventh), 1
    sign, before = _twelfth_of_the_sun(_new_moon(number + 1)), -1
    while sign != before and months < 14:
        months += 1
        before, sign = sign, _twelfth_of_the_sun(_new_moon(number + months))
    return months - 1


def _new_moon(number: int) -> int:
    """The Julian day, in Viet Nam, of a new moon counted from 1900."""
    t = number / 1236.85
    radian = pi / 180
    mean = 2415020.75933 + 29.53058868 * number + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * radian)
    sun = (359.2242 + 29.10535608 * number - 0.0000333 * t**2 - 0.00000347 * t**3) * radian
    moon = (306.0253 + 385.81691806 * number + 0.0107306 * t**2 + 0.00001236 * t**3) * radian
    node = (21.2964 + 390.67050646 * number - 0.0016528 * t**2 - 0.00000239 * t**3) * radian
    found = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun) - 0.4068 * sin(moon) + 0.0161 * sin(2 * moon)
    found += -0.0004 * sin(3 * moon) + 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    found += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    found += 0.001 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    ahead = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return floor(mean + found - ahead + 0.5 + _HOURS / 24)


def _twelfth_of_the_sun(julian: int) -> int:
    """The sign of the sun at midnight, from 0 (the spring equinox) to 11."""
    t = (julian - 2451545.5 - _HOURS / 24) / 36525
    radian = pi / 180
    mean = (357.5291 + 35999.0503 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * radian
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.9146 - 0.004817 * t - 0.000014 * t**2) * sin(mean)
    longitude += (0.019993 - 0.000101 * t) * sin(2 * mean) + 0.00029 * sin(3 * mean)
    return floor(longitude % 360 / 30)


_NAMED_MONTHS = {"giêng": 1, "chạp": 12}
_MARKED = Phrases(
    listed("âm lịch|theo âm lịch|lịch âm|theo lịch âm|âl|al|( âm lịch|( âl|( al|( lịch âm|( theo âm lịch")
)
_STEMS = listed("giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý")
_BRANCHES = listed("tý|sửu|dần|mão|thìn|tỵ|ngọ|mùi|thân|dậu|tuất|hợi")
_SPELLINGS = {"tí": "tý", "tị": "tỵ", "kỉ": "kỷ", "mẹo": "mão"}


def lunar_day_at(words: Words, place: int, bound: Bound, plan_year: int) -> Found | None:
    """A lunar day or month behind the words that bound it, with the solar day that a person may choose instead."""
    read = _day_and_month(words, bound.end)
    if read is None:
        return None
    day, month, end = read
    year, after, is_named = _year(words, end, plan_year)
    marked = _MARKED.past(words, after)
    if marked == after and not (is_named or words[bound.end] == "rằm" or words[end - 1] in _NAMED_MONTHS):
        return None
    marked += words[after] == "(" and words[marked] == ")"
    solar = solar_day(year, month, day or 1)
    suggested = f", tức {'từ ' if day is None else ''}ngày {date_text(solar)} dương lịch" if solar else ""
    note = f'"{words.text(place, marked)}" theo âm lịch{suggested}; chưa tính thành thời hạn, cần người xác nhận.'
    return Found(Lunar(note, bound.how == "before"), place, marked)


def _day_and_month(words: Words, place: int) -> tuple[int | None, int, int] | None:
    """The day (None for a whole month), the month and the place after them."""
    if words[place] == "rằm":
        return (15, *month) if (month := _month(words, place + 1)) else None
    number = place
    while words[number] in ("ngày", "mùng", "mồng"):
        number += 1
    if 1 <= words.digits(number) <= 2:
        if words[number + 1] == "/" and 1 <= words.digits(number + 2) <= 2:
            return words.number(number), words.number(number + 2), number + 3
        month = _month(words, number + 1)
        return (words.number(number), *month) if month else None
    month = _month(words, place) if number == place else None
    return (None, *month) if month else None


def _month(words: Words, place: int) -> tuple[int, int] | None:
    if words[place] != "tháng":
        return None
    month = _NAMED_MONTHS.get(words[place + 1]) or month_number(words, place + 1)
    return (month, place + 2) if month > 0 else None


def _year(words: Words, place: int, plan_year: int) -> tuple[int, int, bool]:
    """The year behind a month, the place after it, and whether it is named by its stem and branch ("năm Ất Tỵ")."""
    named = place + (words[place] == "năm")
    stem, branch = (_SPELLINGS.get(word, word) for word in (words[named], words[named + 1]))
    if stem in _STEMS and branch in _BRANCHES:
        of_cycle = _STEMS.index(stem), _BRANCHES.index(branch)
        years = range(plan_year - 2, plan_year + 58)
        found = [year for year in years if ((year - 4) % 10, (year - 4) % 12) == of_cycle]
        return (found or [plan_year])[0], named + 2, True
    marked = place + (words[place] in ("/", "năm", "-"))
    if marked > place and words.digits(marked) == 4:
        return words.number(marked), marked + 1, False
    return plan_year, place, False
