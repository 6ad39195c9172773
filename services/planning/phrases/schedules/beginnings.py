"""A time whose beginning and end are named apart: "Thời gian bắt đầu: 01/7; thời gian kết thúc: 30/9"."""

from services.planning.phrases.schedules.ranges import bound_at, in_order, one_at
from services.planning.phrases.schedules.times import Moment, When
from services.planning.phrases.schedules.tokens import STOP
from services.planning.phrases.schedules.words import Phrases, Words

_NOUNS = ("", "thời gian ", "ngày ", "thời điểm ", "mốc ")
_BEGINNING = Phrases(
    tuple(f"{noun}{verb}{doing}" for noun in _NOUNS for verb in ("bắt đầu", "khởi đầu") for doing in ("", " thực hiện"))
)
_ENDING = Phrases(tuple(f"{noun}{verb}" for noun in _NOUNS for verb in ("kết thúc", "hoàn thành", "hoàn tất")))
_BETWEEN = (";", ",", ".", "-", "và", "+", "•", STOP)


def beginning_at(words: Words, place: int) -> int:
    """The place after "Thời gian bắt đầu:", or -1 where no colon says that a beginning is all that it names."""
    end = _BEGINNING.past(words, place)
    return end + 1 if end > place and words[end] == ":" else -1


def begun_and_ended_at(words: Words, place: int, plan_year: int) -> tuple[When, int] | None:
    begun = _moment_behind(words, _BEGINNING, place, plan_year)
    if begun is None:
        return None
    end = begun[2]
    while words[end] in _BETWEEN:
        end += 1
    ended = _moment_behind(words, _ENDING, end, plan_year)
    if ended is None:
        return None
    first, last = in_order(begun[0], ended[0], plan_year)
    return When("before" if ended[1] else "between", last, first), ended[2]


def _moment_behind(words: Words, phrases: Phrases, place: int, plan_year: int) -> tuple[Moment, bool, int] | None:
    """The moment, whether it is itself left out ("kết thúc trước ngày …"), and the place after it."""
    end = phrases.past(words, place)
    if end == place:
        return None
    end += words[end] == ":"
    end += words[end] == "từ"
    bound = bound_at(words, end)
    read = one_at(words, bound.end, plan_year, bound=True)
    return (read[0], bound.how == "before", read[1]) if read else None
