"""Days of the calendar: "31/9/2025", "ngày 15 tháng 12 năm 2025", "ngày 15 và 30/9", "2025-09-30"."""

from dataclasses import replace

from services.planning.phrases.schedules.grammar.kinds_of_time import Moment, MomentAndEnd, with_years
from services.planning.phrases.schedules.text.numbers import Year, month_number, year_at
from services.planning.phrases.schedules.text.words import Phrases, Words

_AND = Phrases((",", "và", "&", "+", "hoặc", ", và", "và vào"))
_OF = Phrases(("của", "của các", "các", ","))
_NOT_A_DAY = ("lần", "ngày", "tháng", "giờ", "năm", "%", "quý", "tuần", "-", ".")


def days_at(words: Words, place: int, plan_year: int, *, bound: bool) -> tuple[list[Moment], int] | None:
    """One or several days with a month, and the place after them."""
    first = day_at(words, place, plan_year, bound=bound)
    if first is not None:
        return _list(words, first, plan_year)
    numbers, end = day_numbers(words, place)
    if not numbers or (words[place] != "ngày" and not bound and len(numbers) == 1):
        return None
    return _of_months(words, numbers, end, plan_year)


def day_at(words: Words, place: int, plan_year: int, *, bound: bool) -> MomentAndEnd | None:
    """One day with its month, and the place after it."""
    written = words[place] == "ngày"
    place += written
    place += words[place] in ("mùng", "mồng")
    if words.digits(place) == 4:
        return _iso(words, place)
    if not 1 <= words.digits(place) <= 3:
        return None
    if words[place + 1] in ("/", "-", "."):
        return _marked(words, place, plan_year, bound=bound or written)
    named = place + 2 if words[place + 1] == "tháng" else place + 3
    if words[named - 1] != "tháng" or (named == place + 3 and words[place + 1] not in ("của", ",")):
        return None
    month = month_number(words, named)
    if month < 0 or words[named + 1] == "lần":
        return None
    return _day(words, place, month, named + 1, plan_year)


def day_numbers(words: Words, place: int) -> tuple[list[int], int]:
    """ "ngày 10 và ngày 20": days of a month that follows, or of every month; and the place after them."""
    numbers: list[int] = []
    end = place
    while True:
        item = end if not numbers else _AND.past(words, end)
        if numbers and item == end:
            return numbers, end
        number = item + (words[item] == "ngày")
        number += words[number] in ("mùng", "mồng")
        if not 1 <= words.digits(number) <= 2 or (numbers and not _is_a_day(words, number)):
            return numbers, end
        numbers.append(words.number(number))
        end = number + 1
        if words[end] == "/":
            return numbers, end


def _is_a_day(words: Words, place: int) -> bool:
    if words[place + 1] == "tháng":
        return words.digits(place + 2) > 0
    return words[place + 1] not in _NOT_A_DAY


def _iso(words: Words, place: int) -> MomentAndEnd | None:
    marked = words[place + 1] in ("-", "/") and words[place + 1] == words[place + 3] and words.tight(place + 1)
    if not marked or not 1 <= words.digits(place + 2) <= 2 or not 1 <= words.digits(place + 4) <= 2:
        return None
    day = words.number(place + 2), words.number(place + 4)
    return Moment("day", day, day, year=words.number(place), point=True), place + 5


def _is_around_the_clock(words: Words, place: int) -> bool:
    """ "24/24" anywhere; "24/7" only where no words beside it make it the 24th of July."""
    if words.number(place) != 24 or words.number(place + 2) not in (24, 7):
        return False
    if words.number(place + 2) == 24:
        return True
    before, last = words[place - 1], words[place + 3] in ("", ".", "!") and place + 4 >= words.count
    goes_on = before in ("xuyên", "tục") or (before in ("", "-", "+", "•") and place <= 1)
    return words.digits(place + 2) == 1 and goes_on and last


def _marked(words: Words, place: int, plan_year: int, *, bound: bool) -> MomentAndEnd | None:
    """ "31/9/2025", "31-9-2025", "31.9.2025", "15/12". With a dash and no year it is a range, unless `bound`."""
    mark, month = words[place + 1], words.number(place + 2)
    if not 1 <= words.digits(place + 2) <= 2 or (mark == "/" and _is_around_the_clock(words, place)):
        return None
    year = year_at(words, place + 3, plan_year)
    if mark == "/":
        act = words[place + 3] == "/" and words.digits(place + 4) == 0
        return None if act else _day(words, place, month, place + 3, plan_year)
    bound = bound or (mark == "-" and words.count == 3 and words.number(place) > 12)  # "31-12" and nothing else
    alike = words[place + 3] == mark and words.digits(place + 4) in (2, 4)
    dotted = Year(2000 + words.number(place + 4), place + 5) if alike and words.digits(place + 4) == 2 else year
    if not words.tight(place + 1) or not words.tight(place + 2) or words[place + 3] == "/":
        return None
    if not alike and not (bound and month <= 12 and words.number(place) > month):
        return None
    day = month, words.number(place)
    notes = dotted.notes or ((f"Năm chỉ ghi hai chữ số, đọc là {dotted.number}.",) if dotted is not year else ())
    return Moment("day", day, day, year=dotted.number, point=True, notes=notes), dotted.end


def _day(words: Words, place: int, month: int, end: int, plan_year: int) -> MomentAndEnd:
    day = month, words.number(place) or 99  # no such day; 0 would mean the last day of the month
    year = year_at(words, end, plan_year)
    return Moment("day", day, day, year=year.number, point=True, notes=year.notes), year.end


def _list(words: Words, first: MomentAndEnd, plan_year: int) -> tuple[list[Moment], int]:
    """ "15/3, 15/6 và 15/9/2025", "ngày 15 tháng 3, 6, 9 và 12": a day without a year has that of the next."""
    moments, end = [replace(first[0], places=(-1, first[1]))], first[1]
    in_words = words[end - 2] == "tháng"
    while (item := _AND.past(words, end)) != end:
        following = day_at(words, item, plan_year, bound=True)
        if following is None and in_words:
            following = _same_day(words, item, moments[0], plan_year)
        if following is None:
            break
        moments.append(replace(following[0], places=(item, following[1])))
        end = following[1]
    return with_years(moments), end


def _same_day(words: Words, place: int, before: Moment, plan_year: int) -> MomentAndEnd | None:
    number = place + (words[place] == "tháng")
    month = month_number(words, number)
    if month < 0 or words[number + 1] in ("tháng", "ngày", "lần", "/", "quý"):
        return None
    year = year_at(words, number + 1, plan_year)
    day = month, before.last[1]
    return Moment("day", day, day, year=year.number, point=True, notes=year.notes), year.end


def _of_months(words: Words, numbers: list[int], end: int, plan_year: int) -> tuple[list[Moment], int] | None:
    """ "ngày 15 và 30/9", "ngày 15 của các tháng 3, 6, 9"."""
    place = end + 1 if words[end] == "/" else _OF.past(words, end)
    place += words[place] == "tháng"
    if words[place - 1] not in ("/", "tháng") or month_number(words, place) < 0:
        return None
    month = month_number(words, place)
    year = year_at(words, place + 1, plan_year)
    days = [(month, number or 99) for number in numbers]
    moments = [Moment("day", day, day, year=year.number, point=True, notes=year.notes) for day in days]
    if len(moments) > 1 or words[place - 1] == "/":
        return moments, year.end
    return _list(words, (moments[0], year.end), plan_year)
