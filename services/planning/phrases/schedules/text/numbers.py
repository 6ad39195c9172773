"""Numbers in schedule phrases: Roman numerals, numbers in words, years, and lengths of periods ("3 tháng")."""

from dataclasses import dataclass

from services.planning.phrases.schedules.text.words import NUMBERS, STOP, Phrases, Words
from services.planning.phrases.tokens import listed
from shared.calendar.recurring_periods import Every as Frequency

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "iiii": 4}
_OTHER_YEARS = {"nay": 0, "này": 0, "sau": 1, "tới": 1, "trước": -1, "kế tiếp": 1, "tiếp theo": 1, "liền kề": 1}
_RELATIVE = Phrases(_OTHER_YEARS)
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
_THEN_A_DAY = listed("trước|chậm|muộn|không|vào|ngày|trong|năm|theo|từ|đến|của")
AND = Phrases((",", "và", "&", ", và", "hoặc"))


@dataclass(frozen=True)
class Year:
    """`number` is None where no year was found; `end` is the place after it."""

    number: int | None
    end: int
    notes: tuple[str, ...] = ()


def quarter_number(words: Words, place: int) -> int:
    """-1 where there is none; "quý năm" is not a fifth quarter but the quarter of a year."""
    word = words[place]
    if words.digits(place) in (1, 2):
        return words.number(place)
    roman = _ROMAN.get(word.replace("l", "i").replace("1", "i"))
    return roman or (NUMBERS.get(word, -1) if word != "năm" else -1)


def month_number(words: Words, place: int) -> int:
    """-1 where there is none; digits only, since "tháng ba" can begin another phrase."""
    return words.number(place) if words.digits(place) in (1, 2) else -1


def count(words: Words, place: int) -> int:
    """A number of months, days or times, in digits or in words; -1 where there is none."""
    if words.digits(place):
        return words.number(place) if words.digits(place) <= 4 else -1
    return NUMBERS.get(words[place], -1) if words[place] != "năm" else -1


def year_at(words: Words, place: int, plan_year: int, *, two_digits: bool = True) -> Year:
    """The year behind a day, month or quarter: "/2025", "năm 2025", "(năm 2025)", "-2025", "năm sau", "/25"."""
    mark = words[place]
    if mark == "của" and words[place + 1] == "năm":
        return year_at(words, place + 1, plan_year)
    marked = mark in (",", "/", "-") or (mark == "(" and words[place + 3] == ")")
    if marked and words[place + 1] == "năm" and words.digits(place + 2) == 4:
        return Year(words.number(place + 2), place + 3 + (mark == "("))
    if mark == "năm":
        return _named_year(words, place, plan_year)
    if words.digits(place) == 4 and words[place + 1] not in ("/", "-"):
        return Year(words.number(place), place + 1)
    if mark not in ("/", "-", ".") or (mark == "." and not words.tight(place + 1)):
        return Year(None, place)
    return _marked_year(words, place, two_digits=two_digits and mark != "-")


def _named_year(words: Words, place: int, plan_year: int) -> Year:
    if words.digits(place + 1) >= 4:
        return Year(words.number(place + 1), place + 2)
    relative = _RELATIVE.at(words, place + 1)
    if relative is None or (relative in ("trước", "sau") and words[place + 2] in ("ngày", "khi", "tháng", "quý")):
        return Year(None, place)
    if relative == "trước" and words.digits(place + 2):  # "báo cáo năm trước 15/12"
        return Year(None, place)
    return Year(plan_year + _OTHER_YEARS[relative], _RELATIVE.past(words, place + 1))


def _marked_year(words: Words, place: int, *, two_digits: bool) -> Year:
    digits, number = words.digits(place + 1), words.number(place + 1)
    if words[place + 2] == "/" and words.tight(place + 2):
        return Year(None, place)
    if digits == 2 and two_digits and words.tight(place + 1):
        return Year(2000 + number, place + 2, (f'Năm chỉ ghi hai chữ số "{number:02}", đọc là {2000 + number}.',))
    return Year(number, place + 2) if digits >= 3 else Year(None, place)


def period_at(words: Words, place: int) -> tuple[Frequency | None, int]:
    """A period and the place after it: "quý", "mỗi quý", "kỳ báo cáo 6 tháng"; None for "kỳ" alone."""
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
    """The number before a unit: -1 where there is none, and 0 for half a unit."""
    return 0 if words[place] == "nửa" else count(words, place)


def stands_alone(words: Words, place: int) -> bool:
    following = words[place + 1]
    return following in _BOUNDARIES or following in _THEN_A_DAY
