"""Days whose month is any one: "trước ngày 20 hàng tháng", "ngày 15 của tháng cuối quý"."""

from services.planning.domain.occurrences import Every as Frequency
from services.planning.phrases.schedules.days import day_numbers
from services.planning.phrases.schedules.periods import period_at
from services.planning.phrases.schedules.ranges import Bound
from services.planning.phrases.schedules.times import Found, OnDay, Unheld
from services.planning.phrases.schedules.words import Phrases, Words

_NEXT = Phrases(("sau", "kế tiếp", "tiếp theo", "liền kề", "liền sau", "của quý sau"))
_LAST_MONTH = Phrases(("của tháng cuối", "tháng cuối", "của tháng cuối cùng", "tháng cuối cùng", "vào tháng cuối"))
_FIRST_MONTH = Phrases(("của tháng đầu", "tháng đầu", "của tháng đầu tiên", "tháng đầu tiên", "tháng thứ hai"))
_OF_FIRST_MONTH = "Ngày này không thuộc tháng cuối của kỳ, không ghi được thành định kỳ."
_DAY_OF_NEXT = "Ngày này thuộc kỳ sau kỳ báo cáo; cần người xác nhận."


def on_days_at(words: Words, place: int, bound: Bound) -> tuple[list[Found], int] | None:
    """ "trước ngày 20 hàng tháng", "ngày 15 của tháng cuối quý", "ngày 10 và 20 hàng tháng"."""
    numbers, end = day_numbers(words, bound.end)
    if not numbers or words[end] == "/":
        return None
    notes: tuple[str, ...] = ()
    if (first := _FIRST_MONTH.past(words, end)) > end:
        past = _NEXT.past(words, max(period_at(words, first)[1], first))
        return [Found(Unheld(_OF_FIRST_MONTH), place, past)], past
    month = _LAST_MONTH.past(words, end)
    last_month = month > end
    if last_month:
        every, past = period_at(words, month)
        past = max(past, month)
    else:
        every, past, notes = _of_each(words, end)
    named = words[bound.end] == "ngày" or words[bound.end - 1] == "ngày"
    if every is None and not last_month and not named:
        return None
    before = bound.how == "before"
    days = [OnDay(number, before, every, notes) for number in numbers]
    return [Found(day, place, past) for day in days], past


def _of_each(words: Words, end: int) -> tuple[Frequency | None, int, tuple[str, ...]]:
    """The period of which a day is any one's: "hàng tháng", "của mỗi tháng", "tháng sau"."""
    following = end + (words[end] == "của")
    if words[following] == "tháng":
        past = _NEXT.past(words, following + 1)
        return ("month", past, (_DAY_OF_NEXT,)) if past > following + 1 else (None, end, ())
    if words[following] in ("hàng", "mỗi", "từng", "các") and words[following + 1] in ("tháng", "quý"):
        every: Frequency = "month" if words[following + 1] == "tháng" else "quarter"
        if not words.digits(following + 2):
            return every, following + 2, ()
    return None, end, ()
