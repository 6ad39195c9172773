"""How often: "hàng quý", "3tháng /lần", "2 lần/năm", "quý, 6 tháng, năm", "thứ Sáu hàng tuần"."""

from services.planning.domain.occurrences import Every as Frequency
from services.planning.phrases.schedules.bare_units import bare_unit_at, end_of_each
from services.planning.phrases.schedules.numbers import NUMBERS, count
from services.planning.phrases.schedules.periods import BY_LENGTH, UNITS, how_many, stands_alone
from services.planning.phrases.schedules.times import Always, Every, Found, Time, Unheld
from services.planning.phrases.schedules.weekdays import weekly_at
from services.planning.phrases.schedules.words import Phrases, Words

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
_EACH = Phrases(
    (
        "hàng",
        "mỗi",
        "từng",
        "cứ",
        "cứ mỗi",
        "theo",
        "theo từng",
        "theo hàng",
        "định kỳ mỗi",
        "vào mỗi",
        "các",
        "trong các",
    )
)
_PER = Phrases(
    ("/", "mỗi", "hàng", "trong", "một", "/ mỗi", "/ một", "trong một", "trên", "trong mỗi", "trong 1", "/ 1")
)
_ONCE = Phrases(("/", "một", "/ một", "1", "/ 1", "là", "là một", "ít nhất một", "ít nhất 1", "tối thiểu 1"))
_ALONE_ONLY = ("theo", "các", "trong")  # "theo quý III", "các tháng 6, 9" name a time of the year
BEGINNINGS = _EACH.first_words | {*UNITS, *NUMBERS, "thứ", "chủ", "cn", "vào", "trước", "trong", "cuối"}
BEGINNINGS |= {"đầu", "nửa", "ngày", "chậm", "sáng", "chiều"}


def frequency_at(words: Words, place: int, *, in_list: bool) -> Found | None:
    """`in_list`: another frequency stands just before, so that a unit alone goes on with the list."""
    for read in (weekly_at, _times, _each, _length):
        if found := read(words, place):
            return found
    return end_of_each(words, place) or bare_unit_at(words, place, in_list=in_list)


def _times(words: Words, place: int) -> Found | None:
    """ "2 lần/năm", "01 lần mỗi quý", "ít nhất 1 lần/tháng"."""
    times = count(words, place)
    per = _PER.past(words, place + 2)
    if times < 0 or words[place + 1] not in _OCCASIONS or per == place + 2 or words[per] not in UNITS:
        return None
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
    """ "Các quý trong năm" says no more than "các quý"; the plan's year is no span of its own."""
    return place + 2 if words.follows(place, "trong", "năm") and not words.digits(place + 2) else place


def _past_once(words: Words, place: int) -> int:
    end = _ONCE.past(words, place)
    return end + 1 if words[end] == "lần" else place


def _by_length(number: int, unit: str) -> Time:
    return Always() if (number, unit) == (1, "ngày") else _frequency(BY_LENGTH.get((number, unit)))


def _frequency(every: Frequency | None) -> Time:
    return Every(every) if every else Unheld("Định kỳ này không thuộc tuần, tháng, quý, 6 tháng hay năm.")
