"""Times that are counted from an event: "20 ngày sau khi …", "trong 05 ngày làm việc kể từ ngày …"."""

from collections.abc import Callable

from services.planning.phrases.schedules.numbers import count
from services.planning.phrases.schedules.times import (
    After,
    Found,
    Unheld,
)
from services.planning.phrases.schedules.tokens import STOP
from services.planning.phrases.schedules.words import Phrases, Words

Ending = Callable[[int], bool]  # whether an event stops before a place

EVENTS = Phrases(
    (
        "sau khi",
        "ngay sau khi",
        "khi",
        "ngay khi",
        "sau ngày",
        "ngay sau ngày",
        "ngay sau",
        "kể từ khi",
        "kể từ ngày",
        "kể từ thời điểm",
        "kể từ",
        "tính từ khi",
        "tính từ ngày",
        "tính từ thời điểm",
        "từ khi",
        "từ thời điểm",
        "sau thời điểm",
    )
)
_AFTER_DAYS = Phrases(("sau", "từ ngày", "từ", "của ngày"))
WITHIN = Phrases(
    (
        *("trong", "vòng", "trong vòng", "thời hạn", "thời gian", "trong thời hạn", "trong thời gian", "chậm nhất"),
        *("muộn nhất", "không quá", "tối đa", "sau", "là", "khoảng", "trong khoảng", "hạn", "không chậm quá", "ngay"),
    )
)
_TERMS = ("sau", "vòng", "hạn", "quá", "đa", "nhất")
_NO_EVENT_AFTER = ("trước", "trong", "đến", "tới", "mỗi")
_BEFORE_AN_EVENT = "Thời hạn tính lùi từ một sự kiện chưa có ngày."
_UNITS = {"ngày": 1, "tuần": 7}


def event_at(words: Words, place: int, ends: Ending) -> Found | None:
    event = EVENTS.past(words, place)
    if event > place and words[place - 1] not in _NO_EVENT_AFTER:
        return _after_event(words, place, event, ends)
    if words[place] == "sau" and place == begins_at(words, place) and words[place + 1] not in ("đó", "này"):
        return _after_event(words, place, place + 1, ends)
    if words.follows(place, "trước", "khi"):
        return Found(Unheld(_BEFORE_AN_EVENT), place, end_at(words, place + 2, ends))
    return None


def begins_at(words: Words, place: int) -> int:
    """The same place where it begins a sentence."""
    return place if words[place - 1] in ("", STOP, ";", ".", ",", "(", ":", "-", "+") else -1


def end_at(words: Words, place: int, ends: Ending) -> int:
    while place < words.count and not ends(place):
        place = words.closing.get(place, place) + 1
    return min(place, words.count)


def days_after(words: Words, place: int, ends: Ending) -> Found | None:
    """ "20 ngày sau khi …", "trong thời hạn 15 (mười lăm) ngày làm việc, kể từ ngày …"."""
    number, steps = place, 0
    while (past := WITHIN.past(words, number)) != number and steps < 4:
        number, steps = past, steps + 1
    if count(words, number) < 0:
        return None
    unit = words.closing.get(number + 1, number) + 1
    if unit - number > 8 or words[unit] not in ("ngày", "tuần", "tháng", "giờ"):
        return None
    working = words.follows(unit + 1, "làm", "việc")
    link = unit + 1 + 2 * working
    link += words[link] == ","
    event = EVENTS.past(words, link)
    event = _AFTER_DAYS.past(words, link) if event == link and words[link] != "trước" else event
    length = _length(words, number, unit)
    if event > link:
        return _after_event(words, place, event, ends, length, working=working)
    if words[link] == "trước" and words.digits(link + 1) == 0 and words[link + 1] not in ("ngày", "tháng", "quý"):
        return Found(Unheld(_BEFORE_AN_EVENT), place, end_at(words, link, ends))
    recurs = words[unit + 1] in ("đầu", "cuối", "/", "một", "lần") or words[unit + 2] == "lần"
    if number == place or recurs or (words[unit] == "tháng" and words[number - 1] not in _TERMS):
        return None
    return Found(Unheld("Chỉ ghi khoảng thời gian, không ghi tính từ khi nào."), place, unit + 1 + 2 * working)


def _length(words: Words, number: int, unit: int) -> int | None:
    days = count(words, number) * _UNITS.get(words[unit], 0)
    if words[unit] == "giờ" and count(words, number) % 24 == 0:
        days = count(words, number) // 24
    return days if 0 < days <= 3650 else None


def _after_event(
    words: Words, place: int, event: int, ends: Ending, days: int | None = None, *, working: bool = False
) -> Found | None:
    """With the days that stand behind the event: "sau khi kết thúc quý 05 ngày"."""
    end = end_at(words, event, ends)
    if end == event:
        return None
    of_it = end
    if days is None and not working:
        behind = words.follows(end - 2, "làm", "việc")
        unit = end - 1 - 2 * behind
        if unit - 2 >= event and words[unit] in _UNITS and words.digits(unit - 1):
            days, working, of_it = _length(words, unit - 1, unit), behind, unit - 1
            while of_it - 1 > event and words[of_it - 1] in ("trong", "vòng", "nhất", "chậm", "quá", "không", ","):
                of_it -= 1
    notes = () if days is not None or event - place < 3 else _without_days(words, place, event)
    return Found(After((event, of_it), days, working, notes), place, end)


def _without_days(words: Words, place: int, event: int) -> tuple[str, ...]:
    counted = any(words.digits(each) for each in range(place, event))
    return (f'Không đổi được "{words.text(place, event)}" ra số ngày.',) if counted else ()
