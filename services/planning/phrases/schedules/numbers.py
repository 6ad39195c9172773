"""Numbers inside schedule phrases: quarters in Roman numerals, small numbers in words, and years."""

from dataclasses import dataclass

from services.planning.phrases.schedules.words import Phrases, Words

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "iiii": 4}
NUMBERS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
_OTHER_YEARS = {"nay": 0, "này": 0, "sau": 1, "tới": 1, "trước": -1, "kế tiếp": 1, "tiếp theo": 1, "liền kề": 1}
_RELATIVE = Phrases(_OTHER_YEARS)


@dataclass(frozen=True)
class Year:
    """`number` None where no year was found; `end` the place after it."""

    number: int | None
    end: int
    notes: tuple[str, ...] = ()


def quarter_number(words: Words, place: int) -> int:
    """-1 where there is none; "quý năm" is no fifth quarter but the quarter of a year."""
    word = words[place]
    if words.digits(place) in (1, 2):
        return words.number(place)
    roman = _ROMAN.get(word.replace("l", "i").replace("1", "i"))
    return roman or (NUMBERS.get(word, -1) if word != "năm" else -1)


def month_number(words: Words, place: int) -> int:
    """-1 where there is none; only digits, since "tháng ba" may go on as something else."""
    return words.number(place) if words.digits(place) in (1, 2) else -1


def count(words: Words, place: int) -> int:
    """A number of months, days or times, in digits or in words; -1 where there is none."""
    if words.digits(place):
        return words.number(place) if words.digits(place) <= 4 else -1
    return NUMBERS.get(words[place], -1) if words[place] != "năm" else -1


def year_at(words: Words, place: int, plan_year: int, *, two_digits: bool = True) -> Year:
    """The year that goes with what was just read: "/2025", "năm 2025", "(năm 2025)", "-2025", "năm sau", "/25"."""
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
