"""Days and months of the lunar calendar: "10/3 âm lịch", "rằm tháng 7", "23 tháng Chạp": none is a solar day."""

from services.planning.phrases.schedules.grammar.lunar_calendar import solar_day
from services.planning.phrases.schedules.grammar.ranges import Bound
from services.planning.phrases.schedules.grammar.times import Found, Lunar
from services.planning.phrases.schedules.text.numbers import month_number
from services.planning.phrases.schedules.text.words import Phrases, Words
from services.planning.phrases.tokens import listed
from shared.vietnamese import date_text

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
