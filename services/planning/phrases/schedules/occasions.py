"""Times that hang on something else: after an event, on demand, by a rule or another plan, or all the time."""

from services.planning.phrases.schedules.events import EVENTS, WITHIN, Ending, begins_at, days_after, end_at, event_at
from services.planning.phrases.schedules.times import (
    Always,
    Asked,
    Blank,
    Found,
    Reference,
    Regularly,
    Time,
)
from services.planning.phrases.schedules.words import Phrases, Words

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
_DEMANDS = Phrases(
    (
        "đột xuất",
        "bất thường",
        "theo yêu cầu",
        "theo thời điểm yêu cầu",
        "theo thời gian yêu cầu",
        "theo đề nghị",
        "theo nhu cầu",
        "theo vụ việc",
        "theo phát sinh",
        "theo thực tế phát sinh",
        "khi có yêu cầu",
        "khi được yêu cầu",
        "khi có đề nghị",
        "khi có nhu cầu",
        "khi có phát sinh",
        "khi phát sinh",
        "khi cần",
        "khi cần thiết",
        "khi có vụ việc",
        "ngay khi có yêu cầu",
        "ngay khi phát sinh",
        "ngay khi có phát sinh",
        "khi có chỉ đạo đột xuất",
    )
)
_REFERENCES = Phrases(("theo", "đúng quy định", "đúng thời gian quy định", "đúng thời hạn quy định", "căn cứ", "như"))
_TABLES = (_ALWAYS_OR_REGULARLY, _DEMANDS, _REFERENCES, EVENTS, WITHIN)
BEGINNINGS = frozenset({"sau", "trước"}).union(*(table.first_words for table in _TABLES))


def occasion_at(words: Words, place: int, ends: Ending) -> Found | None:
    """`ends` tells whether an event or a reference stops before a place."""
    return (
        days_after(words, place, ends)
        or _fixed(words, place)
        or _asked(words, place, ends)
        or event_at(words, place, ends)
    )


def _fixed(words: Words, place: int) -> Found | None:
    """ "Chi thường xuyên" is a budget, and "không thường xuyên" no time."""
    fixed = _ALWAYS_OR_REGULARLY.at(words, place)
    if fixed is None or words[place - 1] in ("chi", "không"):
        return None
    return Found(_FIXED[fixed], place, place + len(fixed.split()))


def _asked(words: Words, place: int, ends: Ending) -> Found | None:
    demand = _DEMANDS.past(words, place)
    return Found(Asked(), place, end_at(words, demand, ends)) if demand > place else None


def reference_at(words: Words, place: int, ends: Ending) -> Found | None:
    start = _REFERENCES.past(words, place)
    if start == place or (words[place] in ("căn", "như") and place != begins_at(words, place)):
        return None
    end = end_at(words, start, ends)
    if end == start and words[place] == "theo":
        return None
    return Found(Reference(), place, end)
