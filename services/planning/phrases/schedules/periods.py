"""Lengths of periods and their units: "3 tháng", "nửa năm", "kỳ báo cáo 6 tháng"."""

from services.planning.domain.occurrences import Every as Frequency
from services.planning.phrases.schedules.numbers import count
from services.planning.phrases.schedules.tokens import STOP
from services.planning.phrases.schedules.words import Phrases, Words

BY_LENGTH: dict[tuple[int, str], Frequency | None] = {
    (0, "năm"): "half-year",  # "nửa năm/lần"
    (0, "tháng"): None,
    (1, "ngày"): None,  # every day is continuous
    (7, "ngày"): "week",
    (1, "tuần"): "week",
    (1, "tháng"): "month",
    (3, "tháng"): "quarter",
    (6, "tháng"): "half-year",
    (12, "tháng"): "year",
    (1, "quý"): "quarter",
    (2, "quý"): "half-year",
    (4, "quý"): "year",
    (1, "năm"): "year",
}
UNITS = ("ngày", "tuần", "tháng", "quý", "năm")
OF_EACH = Phrases(("của mỗi", "của hàng", "mỗi", "hàng", "của từng", "của các", "các"))
_OF_THE_REPORT = Phrases(("thuộc kỳ báo cáo", "của kỳ báo cáo", "trong kỳ báo cáo", "báo cáo"))
_BOUNDARIES = ("", ",", ";", ".", ")", "(", "/", "-", ":", "+", "&", STOP, "và", "hoặc", "định", "đột", "gửi")
_THEN_A_DAY = ("trước", "chậm", "muộn", "không", "vào", "ngày", "trong", "năm", "theo", "từ", "đến", "của")
AND = Phrases((",", "và", "&", ", và", "hoặc"))


def period_at(words: Words, place: int) -> tuple[Frequency | None, int]:
    """The period of which something is the last month: "quý", "mỗi quý", "kỳ báo cáo 6 tháng"; None for "kỳ"."""
    place = OF_EACH.past(words, place)
    place += words[place] == "của"
    in_general = words[place] == "kỳ"
    if in_general:
        place += 1 + 2 * words.follows(place + 1, "báo", "cáo")
        place = OF_EACH.past(words, place)
    number = how_many(words, place)
    unit = words[place] if number < 0 else words[place + 1]
    every = BY_LENGTH.get((abs(number), unit))
    if every is None:
        return None, place if in_general else -1
    return every, _OF_THE_REPORT.past(words, place + 1 + (number >= 0))


def how_many(words: Words, place: int) -> int:
    """A number of units: -1 where none is written, and 0 for half of one."""
    return 0 if words[place] == "nửa" else count(words, place)


def stands_alone(words: Words, place: int) -> bool:
    following = words[place + 1]
    return following in _BOUNDARIES or following in _THEN_A_DAY
