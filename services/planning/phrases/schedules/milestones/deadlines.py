"""The first and the last day of a time in the year of a plan, with warnings about them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from services.planning.phrases.schedules.grammar.elements import Element
from services.planning.phrases.schedules.grammar.times import Moment, When
from services.planning.phrases.schedules.text.words import STOP, Words
from services.planning.plan_file import Deadline, Milestone
from shared.vietnamese import date_text

Days = tuple[date | None, date | None]  # the first and the last; the last is None where no end is named
_ONE_DAY = timedelta(days=1)


def days_of(when: When, year: int, span: tuple[date, date]) -> Days | str:
    """The days, or a sentence if there are none. "Trong năm" without a number is cut to the span of the plan."""
    first = _stretch(when.first, year, span) if when.first else None
    last = _stretch(when.last, year, span) if when.last else None
    if (when.first and first is None) or (when.last and last is None):
        return "Ngày hoặc kỳ này không có thật"
    if when.how in ("since", "after"):
        assert first is not None
        return (first[0] if when.how == "since" else first[1] + _ONE_DAY), None
    assert last is not None
    assert when.last is not None
    if first is not None and first[0] > last[1]:
        return "Ngày bắt đầu đứng sau ngày kết thúc"
    if when.how == "between":
        return (first[0] if first else None), last[1]
    due = last[0] - _ONE_DAY if when.how == "before" else last[1]
    if first is not None:
        return first[0], due
    return (last[0] if when.how in ("", "in") and not when.last.point else None), due


def _stretch(moment: Moment, year: int, span: tuple[date, date]) -> tuple[date, date] | None:
    days = moment.days(year)
    if not moment.whole or not days:
        return days
    first, last = max(days[0], span[0]), min(days[1], span[1])
    return (first, last) if first <= last else days


def warnings_about(when: When, days: Days, span: tuple[date, date], text: str) -> Iterator[str]:
    """Warns that no day was named, and that the days are outside the span of the plan."""
    named = [day for day in days if day]
    if any(moment is not None and moment.vague for moment in (when.first, when.last)):
        yield f'"{text}" không nêu ngày cụ thể; đọc là {_in_words(*days)}, cần người xác nhận.'
    begin, end = span
    where = "vượt ra ngoài" if named[0] < begin or named[-1] > end else None
    where = "nằm trước" if named[-1] < begin else "nằm sau" if named[0] > end else where
    if where:
        within = f"({date_text(begin)} – {date_text(end)})"
        yield f'"{text}" {where} kỳ của kế hoạch {within}; giữ như văn bản, cần người xác nhận.'


def _in_words(first: date | None, last: date | None) -> str:
    return f"từ ngày {date_text(first)} đến ngày {date_text(last)}" if first else f"đến ngày {date_text(last)}"


def narrowed_deadline(words: Words, whole: Milestone, sentence: Sequence[Element], day: Milestone) -> Deadline | None:
    """One deadline for "Quý III; chậm nhất 15/9": the time before, ending on the day of this sentence; or None."""
    if not isinstance(whole, Deadline) or not isinstance(day, Deadline) or whole.from_ is None:
        return None
    if day.from_ is not None or day.label or day.condition or not _is_a_bare_bound(words, sentence):
        return None
    return (
        whole.model_copy(update={"due": day.due, "before": day.before}) if whole.from_ <= day.due < whole.due else None
    )


def _is_a_bare_bound(words: Words, sentence: Sequence[Element]) -> bool:
    """Whether a sentence is only "chậm nhất" or "trước" and a day, after a semicolon or on a line without a bullet."""
    times = [element.found.time for element in sentence if element.found]
    if len(times) != 1 or words[sentence[0].start - 1] not in (";", STOP):
        return False
    return isinstance(times[0], When) and times[0].how in ("by", "before") and times[0].unit == "day"
