"""Times without a day of their own: days after an event, on request, by another rule, all the time."""

from collections.abc import Callable

from services.planning.phrases.schedules.grammar.kinds_of_time import (
    After,
    Always,
    Blank,
    Found,
    OnRequest,
    Reference,
    Regularly,
    Time,
    Unsupported,
)
from services.planning.phrases.schedules.text.numbers import count
from services.planning.phrases.schedules.text.words import STOP, Phrases, Words
from services.planning.phrases.tokens import listed

_Ending = Callable[[int], bool]  # whether an event or a reference ends before a place
_EVENTS = Phrases(
    listed(
        "sau khi|ngay sau khi|khi|ngay khi|sau ngày|ngay sau ngày|ngay sau|kể từ khi|kể từ ngày|kể từ thời điểm|kể từ|"
        "tính từ khi|tính từ ngày|tính từ thời điểm|từ khi|từ thời điểm|sau thời điểm"
    )
)
_AFTER_DAYS = Phrases(("sau", "từ ngày", "từ", "của ngày"))
_WITHIN = Phrases(
    listed(
        "trong|vòng|trong vòng|thời hạn|thời gian|trong thời hạn|trong thời gian|chậm nhất|muộn nhất|không quá|tối đa|"
        "sau|là|khoảng|trong khoảng|hạn|không chậm quá|ngay"
    )
)
_TERMS = ("sau", "vòng", "hạn", "quá", "đa", "nhất")
_NO_EVENT_AFTER = ("trước", "trong", "đến", "tới", "mỗi")
_BEFORE_AN_EVENT = "Thời hạn tính lùi từ một sự kiện chưa có ngày."
_UNITS = {"ngày": 1, "tuần": 7}
_FIXED: dict[str, Time] = {
    "thường xuyên": Always(),
    "liên tục": Always(),
    "quanh năm": Always(),
    "xuyên suốt": Always(),
    **dict.fromkeys(("24 / 24", "24 / 24 giờ", "24 / 24 h"), Always()),
    "24 / 7": Always(notes=('"24/7" được đọc là thường xuyên, không phải ngày 24 tháng 7; cần người xác nhận.',)),
    "các ngày làm việc trong tuần": Always(),
    "trong giờ hành chính": Always(),
    "giờ hành chính": Always(),
    "định kỳ": Regularly(),
    "theo định kỳ": Regularly(),
    "thường kỳ": Regularly(),
    "chưa ghi thời hạn": Blank(),
}
_ALWAYS_OR_REGULARLY = Phrases(_FIXED)
_REQUESTS = Phrases(
    listed(
        "đột xuất|bất thường|theo yêu cầu|theo thời điểm yêu cầu|theo thời gian yêu cầu|theo đề nghị|theo nhu cầu|"
        "theo vụ việc|theo phát sinh|theo thực tế phát sinh|khi có yêu cầu|khi được yêu cầu|khi có đề nghị|"
        "khi có nhu cầu|khi có phát sinh|khi phát sinh|khi cần|khi cần thiết|khi có vụ việc|ngay khi có yêu cầu|"
        "ngay khi phát sinh|ngay khi có phát sinh|khi có chỉ đạo đột xuất"
    )
)
_REFERENCES = Phrases(listed("theo|đúng quy định|đúng thời gian quy định|đúng thời hạn quy định|căn cứ|như"))
_TABLES = (_ALWAYS_OR_REGULARLY, _REQUESTS, _REFERENCES, _EVENTS, _WITHIN)
OPENS_AN_OCCASION = frozenset({"sau", "trước"}).union(*(table.first_words for table in _TABLES))


def occasion_at(words: Words, place: int, ends: _Ending) -> Found | None:
    """A time that is counted from an event, continuous, regular or on request."""
    return (
        _days_after(words, place, ends)
        or _fixed(words, place)
        or _on_request(words, place, ends)
        or _event_at(words, place, ends)
    )


def reference_at(words: Words, place: int, ends: _Ending) -> Found | None:
    """ "Theo Kế hoạch của tỉnh", "đúng thời gian quy định"."""
    start = _REFERENCES.past(words, place)
    if start == place or (words[place] in ("căn", "như") and place != _begins_at(words, place)):
        return None
    end = _end_at(words, start, ends)
    if end == start and words[place] == "theo":
        return None
    return Found(Reference(), place, end)


def _days_after(words: Words, place: int, ends: _Ending) -> Found | None:
    """ "20 ngày sau khi …", "trong thời hạn 15 (mười lăm) ngày làm việc, kể từ ngày …"."""
    number, steps = place, 0
    while (past := _WITHIN.past(words, number)) != number and steps < 4:
        number, steps = past, steps + 1
    if count(words, number) < 0:
        return None
    unit = words.closing.get(number + 1, number) + 1
    if unit - number > 8 or words[unit] not in ("ngày", "tuần", "tháng", "giờ"):
        return None
    working = words.follows(unit + 1, "làm", "việc")
    link = unit + 1 + 2 * working
    link += words[link] == ","
    event = _EVENTS.past(words, link)
    event = _AFTER_DAYS.past(words, link) if event == link and words[link] != "trước" else event
    length = _length(words, number, unit)
    if event > link:
        return _after_event(words, place, event, ends, length, working=working)
    if words[link] == "trước" and words.digits(link + 1) == 0 and words[link + 1] not in ("ngày", "tháng", "quý"):
        return Found(Unsupported(_BEFORE_AN_EVENT), place, _end_at(words, link, ends))
    recurs = words[unit + 1] in ("đầu", "cuối", "/", "một", "lần") or words[unit + 2] == "lần"
    if number == place or recurs or (words[unit] == "tháng" and words[number - 1] not in _TERMS):
        return None
    return Found(Unsupported("Chỉ ghi khoảng thời gian, không ghi tính từ khi nào."), place, unit + 1 + 2 * working)


def _fixed(words: Words, place: int) -> Found | None:
    """ "Chi thường xuyên" is a budget, and "không thường xuyên" is no time."""
    fixed = _ALWAYS_OR_REGULARLY.at(words, place)
    if fixed is None or words[place - 1] in ("chi", "không"):
        return None
    return Found(_FIXED[fixed], place, place + len(fixed.split()))


def _on_request(words: Words, place: int, ends: _Ending) -> Found | None:
    request = _REQUESTS.past(words, place)
    return Found(OnRequest(), place, _end_at(words, request, ends)) if request > place else None


def _event_at(words: Words, place: int, ends: _Ending) -> Found | None:
    event = _EVENTS.past(words, place)
    if event > place and words[place - 1] not in _NO_EVENT_AFTER:
        return _after_event(words, place, event, ends)
    if words[place] == "sau" and place == _begins_at(words, place) and words[place + 1] not in ("đó", "này"):
        return _after_event(words, place, place + 1, ends)
    if words.follows(place, "trước", "khi"):
        return Found(Unsupported(_BEFORE_AN_EVENT), place, _end_at(words, place + 2, ends))
    return None


def _after_event(
    words: Words, place: int, event: int, ends: _Ending, days: int | None = None, *, working: bool = False
) -> Found | None:
    """Takes the days from behind the event if need be: "sau khi kết thúc quý 05 ngày"."""
    end = _end_at(words, event, ends)
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
    notes = () if days is not None or event - place < 3 else _warning_without_days(words, place, event)
    return Found(After((event, of_it), days, working, notes), place, end)


def _length(words: Words, number: int, unit: int) -> int | None:
    days = count(words, number) * _UNITS.get(words[unit], 0)
    if words[unit] == "giờ" and count(words, number) % 24 == 0:
        days = count(words, number) // 24
    return days if 0 < days <= 3650 else None


def _warning_without_days(words: Words, place: int, event: int) -> tuple[str, ...]:
    counted = any(words.digits(each) for each in range(place, event))
    return (f'Không đổi được "{words.text(place, event)}" ra số ngày.',) if counted else ()


def _begins_at(words: Words, place: int) -> int:
    """The place itself if it begins a sentence, else -1."""
    return place if words[place - 1] in ("", STOP, ";", ".", ",", "(", ":", "-", "+") else -1


def _end_at(words: Words, place: int, ends: _Ending) -> int:
    while place < words.count and not ends(place):
        place = words.closing.get(place, place) + 1
    return min(place, words.count)
