"""Divides the words of a phrase, from left to right, into times, other words and marks."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from services.planning.phrases.schedules.grammar.bounded_times import OPENS_A_BOUNDED_TIME, bounded_times_at
from services.planning.phrases.schedules.grammar.events_and_occasions import (
    OPENS_AN_OCCASION,
    occasion_at,
    reference_at,
)
from services.planning.phrases.schedules.grammar.frequencies import OPENS_A_FREQUENCY, frequency_at
from services.planning.phrases.schedules.grammar.kinds_of_time import Every, Found, When
from services.planning.phrases.schedules.text.numbers import count
from services.planning.phrases.schedules.text.words import STOP, Phrases, Words
from services.planning.phrases.tokens import listed

_MARKS = (",", "và", "&", "hoặc", "-", "/", ":", "+", "•", "●", "·", "▪", "…", '"')
_ABBREVIATIONS = ("tp", "tt", "tx", "ths", "ts", "gs")
_BEGINS_A_TIME = Phrases(
    listed(
        "thường xuyên|định kỳ|đột xuất|theo định kỳ|hoàn thành|liên tục|sau đó|đồng thời|báo cáo|gửi báo cáo|"
        "tổng hợp báo cáo|tổng hợp , báo cáo|tổng kết|sơ kết"
    )
)
_OPENS_A_TIME = OPENS_A_FREQUENCY | OPENS_AN_OCCASION | OPENS_A_BOUNDED_TIME  # most words do not: this saves time


@dataclass(frozen=True, slots=True)
class Element:
    """The words from `start` to before `end`. A mark separates clauses, a stop ends a sentence."""

    kind: Literal["time", "word", "mark", "stop"]
    start: int
    end: int
    found: Found | None = None  # of a time


def elements_of(words: Words, start: int, plan_year: int) -> list[Element]:
    elements: list[Element] = []
    place = _past_number(words, start)
    while place < words.count:
        read = _times_at(words, place, plan_year, in_list=_goes_on_with_a_list(elements))
        if read:
            elements += [Element("time", found.start, found.end, found) for found in read[0]]
            place = read[1]
            continue
        if (explained := _explains(words, place)) > place:
            elements.append(Element("mark", place, explained))
            place = explained
            continue
        end = max(_past_citation(words, place, plan_year), place + 1)
        kind = _kind(words, place)
        elements.append(Element(kind, place, end))
        place = _past_number(words, end) if kind == "stop" else end
    return _with_parentheses_sorted(words, elements)


def _ends_sentence(words: Words, place: int) -> bool:
    word = words[place]
    if word in (";", STOP):
        return True
    return word == "." and words.spaced_after(place) and words[place - 1] not in _ABBREVIATIONS


def _explains(words: Words, place: int) -> int:
    """The place after "tức là", "nhằm": what follows says the same time in other words."""
    if words[place] not in ("tức", "nhằm"):
        return place
    end = place + 1 + (words[place + 1] in ("là", "vào"))
    return end if words[end] in ("ngày", "mùng", "mồng", "rằm", "tháng") or words.digits(end) else place


def _kind(words: Words, place: int) -> Literal["word", "mark", "stop"]:
    if _ends_sentence(words, place):
        return "stop"
    return "mark" if words[place] in _MARKS else "word"


def _goes_on_with_a_list(elements: list[Element]) -> bool:
    """Whether a frequency comes just before, so that a unit alone is another one."""
    before = elements[-2:]
    if before and before[-1].kind == "mark":
        before.pop()
    return bool(before) and before[-1].found is not None and isinstance(before[-1].found.time, Every)


def _times_at(words: Words, place: int, plan_year: int, *, in_list: bool) -> tuple[list[Found], int] | None:
    if words[place] not in _OPENS_A_TIME and not words.digits(place):
        return None
    if _counts_a_part(words, place):
        return None
    found = frequency_at(words, place, in_list=in_list)
    if found is None:
        bounded = bounded_times_at(words, place, plan_year)
        occasion = occasion_at(words, place, lambda each: _ends_event(words, each, plan_year))
        if bounded and not (occasion and occasion.end > bounded[1]):
            return bounded
        found = occasion or reference_at(words, place, lambda each: _ends_event(words, each, plan_year))
    return ([found], found.end) if found else None


def _counts_a_part(words: Words, place: int) -> bool:
    """ "Đợt 1 tháng 5": the number counts parts; it is neither a day nor a length."""
    if not 0 <= words.number(place) < 10 or (words[place + 1] == "tháng" and not words.digits(place + 2)):
        return False
    before = words[place - 1]
    return before in ("đợt", "bước", "đoạn") or (before == "lần" and count(words, place - 2) < 0)


def _ends_event(words: Words, place: int, plan_year: int) -> bool:
    """An event ends with its sentence or its parenthesis, or where another time begins."""
    word = words[place]
    if _ends_sentence(words, place) or word == ")":
        return True
    if word in ("đến", "tới"):
        until = bounded_times_at(words, place, plan_year)
        return until is not None and isinstance(until[0][0].time, When)
    if word not in (",", "và", "-", "(", "hoặc") or _ends_an_act(words, place):
        return False
    following = place + 1 + (words[place + 1] == "và")
    if _BEGINS_A_TIME.at(words, following) or frequency_at(words, following, in_list=False):
        return True
    return bounded_times_at(words, following, plan_year) is not None


def _ends_an_act(words: Words, place: int) -> bool:
    """Whether the number of an act comes before ("12/KH-UBND, ngày 5/3/2025")."""
    return words.tight(place - 1) and words[place - 2] in ("/", "-") and words.digits(place - 1) == 0


def _past_citation(words: Words, place: int, plan_year: int) -> int:
    """The place after an act's number and its day: "132/KH-UBND ngày 28/5/2025" is not a deadline."""
    end = place
    if not words.digits(place):
        return place
    while words[end + 1] == "/" and words.tight(end + 1) and words.tight(end + 2):
        end += 2
    if end == place or words.digits(end):
        return place
    while words[end + 1] in ("-", "&") and words.tight(end + 1) and words.tight(end + 2):
        end += 2
    dated = end + 1 + (words[end + 1] == ",")
    if words[dated] != "ngày":
        return end + 1
    read = bounded_times_at(words, dated, plan_year)
    return read[1] if read else end + 1


def _past_number(words: Words, place: int) -> int:
    """The place after "1.", "a)" or a bullet at the beginning of a sentence."""
    while words[place] in ("-", "+", "•", "●", "·", "▪"):
        place += 1
    letter = words.digits(place) == 0 and len(words[place]) == 1 and words[place].isalpha()
    numbered = (words.digits(place) in (1, 2) or letter) and words[place + 1] in (".", ")")
    if numbered and words.tight(place + 1) and words.spaced_after(place + 1) and place + 2 < words.count:
        return place + 2
    return place


def _with_parentheses_sorted(words: Words, elements: list[Element]) -> list[Element]:
    """Parentheses around a time are marks, others are words; a stop inside parentheses ends no sentence."""
    around = _around_times(words, elements)
    kept: list[Element] = []
    closed_at = -1
    for element in elements:
        place = element.start
        closed_at = max(closed_at, words.closing.get(place, -1))
        bracket = element.kind == "word" and words[place] in ("(", ")") and place in around
        inside = element.kind == "stop" and place < closed_at
        kept.append(Element("mark", place, element.end) if bracket or inside else element)
    return kept


def _around_times(words: Words, elements: list[Element]) -> set[int]:
    """The places of parentheses around a time, and of those without a partner."""
    times = [0] * (words.count + 1)
    for element in elements:
        times[element.start + 1] += element.kind == "time"
    times = list(accumulate(times))
    pairs = words.closing.items()
    paired = {place for pair in pairs for place in pair}
    alone = {place for place in range(words.count) if words[place] in ("(", ")") and place not in paired}
    return alone.union(*(pair for pair in pairs if times[pair[1]] > times[pair[0]]))
