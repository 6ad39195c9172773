"""Periods that no word calls recurring: "cuối quý", "các đơn vị báo cáo quý, 6 tháng, năm"."""

from services.planning.phrases.schedules.numbers import count, quarter_number
from services.planning.phrases.schedules.periods import AND, BY_LENGTH, UNITS, period_at, stands_alone
from services.planning.phrases.schedules.times import Every, Found, Unheld
from services.planning.phrases.schedules.tokens import STOP
from services.planning.phrases.schedules.words import Phrases, Words

_BEFORE_A_UNIT = ("", ",", ";", "và", "hoặc", "(", "-", ":", "/", "+", "&", "kỳ", "cáo", "theo", STOP, ".", "kết")
_BY = Phrases(("vào", "trước", "trong", "chậm nhất", "chậm nhất là", "chậm nhất vào", "muộn nhất", "đến"))


def end_of_each(words: Words, place: int) -> Found | None:
    """ "cuối quý", "ngày cuối cùng của tháng", "đầu tháng", "trong quý", without saying which one."""
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
    told = any(words[each] in ("mỗi", "hàng", "từng", "các") for each in range(place, end))
    note = f'"{text}" không nêu kỳ nào; đọc là định kỳ, cần người xác nhận.'
    first_day = words[start] == "đầu" and every == "month"
    return Found(Every(every, on="1" if first_day else None, notes=() if told else (note,)), place, end)


def bare_unit_at(words: Words, place: int, *, in_list: bool) -> Found | None:
    """A unit alone: "quý, 6 tháng, năm", "báo cáo tháng", "6 tháng và cuối năm"."""
    number = count(words, place)
    unit = place + (number >= 0)
    every = BY_LENGTH.get((max(number, 1), words[unit]))
    if words[unit] not in UNITS or words[unit] == "ngày" or (number == 9 and words[unit] == "tháng"):
        return None  # nine months are a report's period, not a frequency
    if number < 0 and not (in_list or words[place - 1] in _BEFORE_A_UNIT or _begins_a_list(words, place)):
        return None
    part = words[unit + 1] in ("đầu", "cuối")
    half_a_year = every == "half-year" and not part
    goes_on = in_list and quarter_number(words, unit + 1) < 0 and not (part or words.digits(unit + 1))
    if not (stands_alone(words, unit) or half_a_year or goes_on):
        return None
    if every is None:
        text = words.text(place, unit + 1)
        return Found(Unheld(f'"{text}" là một khoảng thời gian, chưa rõ tính từ khi nào.'), place, unit + 1)
    if number == 4 and words[unit] == "quý":  # all four of them, not one in a year
        every = "quarter"
    return Found(Every(every, bare=True), place, unit + 1)


def _begins_a_list(words: Words, place: int) -> bool:
    """ "Báo cáo cải cách hành chính quý, 6 tháng, năm": a unit behind any word, with another one behind it."""
    following = AND.past(words, place + 1)
    number = count(words, following)
    unit = following + (number >= 0)
    return following > place + 1 and words[unit] in UNITS[1:] and stands_alone(words, unit)
