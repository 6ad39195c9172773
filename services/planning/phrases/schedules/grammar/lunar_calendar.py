"""Converts a day of the Vietnamese lunar calendar to a solar day, after the algorithm of Hồ Ngọc Đức (UTC+7)."""

from datetime import date
from math import floor, pi, sin

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
