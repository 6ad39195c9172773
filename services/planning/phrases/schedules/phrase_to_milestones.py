"""Reads a schedule phrase into milestones, with warnings for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from services.planning.phrases.schedules.grammar.elements import Element, elements_of
from services.planning.phrases.schedules.grammar.kinds_of_time import When
from services.planning.phrases.schedules.milestones.labels import with_labels
from services.planning.phrases.schedules.milestones.sentences import runs_of, sentences_of
from services.planning.phrases.schedules.milestones.times_to_milestones import EDGES, MilestoneBuilder
from services.planning.phrases.schedules.text.words import LONGEST, STOP, Words, cleaned
from services.planning.plan_file import ByReference, Deadline, Milestone, Unspecified

NO_TIME = ("unspecified", "by-reference", "invalid")  # kinds of milestones that say no time
_HEADINGS = ("thời", "tiến", "hạn", "lịch", "ngày")
_LONGEST_HEADING = 8


@dataclass(frozen=True)
class ScheduleReading:
    """The milestones in the order of the text, and warnings: sentences in Vietnamese."""

    milestones: tuple[Milestone, ...]
    warnings: tuple[str, ...] = ()


@lru_cache(maxsize=1024)  # a plan has few schedules in many tasks
def read_schedule(text: str | None, year: int, span: tuple[date, date] | None = None) -> ScheduleReading:
    """Reads the text of a schedule in a plan of `year`; `span` is the first and last day of the plan, else of the year.

    Never raises: a text that cannot be read becomes `unspecified` with its text and a warning.
    """
    printed = cleaned(text or "")
    words = Words(printed)
    builder = MilestoneBuilder(words, year, span or (date(year, 1, 1), date(year, 12, 31)))
    if not any(any(letter.isalnum() for letter in word.compared) for word in words.all):
        shown = printed.strip() or None
        return ScheduleReading((Unspecified(kind="unspecified", text=shown),), ("Chưa ghi thời hạn.",))
    if len(text or "") > LONGEST:
        builder.warn(f"Thời hạn dài hơn {LONGEST} ký tự; chỉ đọc phần đầu.")
    return _read(words, builder)


def _read(words: Words, builder: MilestoneBuilder) -> ScheduleReading:
    start = _past_heading(words)
    elements = elements_of(words, start, builder.year)
    if not any(element.kind == "time" for element in elements):
        unread = builder.unspecified(words.text(start, words.count))
        return ScheduleReading((unread,), tuple(builder.warnings))
    milestones: list[Milestone] = []
    before: list[Milestone] = []
    for sentence in sentences_of(words, elements):
        found = _of_sentence(words, builder, sentence)
        if len(before) == len(found) == 1 and (one := _narrowed_deadline(words, before[0], sentence, found[0])):
            shown = words.text(sentence[0].start, sentence[-1].end)
            builder.warn(f'Mốc "{shown}" được đọc là hạn của thời gian ghi ngay trước đó, cần người xác nhận.')
            milestones.pop()
            found = [one]
        milestones += found
        before = found
    return ScheduleReading(tuple(milestones), tuple(builder.warnings))


def _of_sentence(words: Words, builder: MilestoneBuilder, sentence: list[Element]) -> list[Milestone]:
    groups, left = with_labels(words, runs_of(words, sentence))
    milestones = [milestone for group in groups for milestone in builder.milestones(group)]
    if len(milestones) == 1 and isinstance(milestones[0], ByReference):
        whole = words.text(sentence[0].start, sentence[-1].end).strip(EDGES)
        whole = whole[1:-1] if whole.startswith("(") and whole.endswith(")") else whole
        milestones = [ByReference(kind="by-reference", text=whole)]
    unread = [(run.start, run.end) for run in left]
    if not groups and any(element.kind == "word" for element in sentence):
        unread.append((sentence[0].start, sentence[-1].end))
    for start, end in unread:
        shown = words.text(start, end)
        milestones.append(builder.unspecified(shown, f'Không nêu thời hạn: "{shown}".'))
    return milestones


def _past_heading(words: Words) -> int:
    """The place after "Thời gian thực hiện:"."""
    first = 1 if words[0] == "-" else 0
    if words[first] not in _HEADINGS:
        return 0
    for place in range(first + 1, min(first + _LONGEST_HEADING, words.count)):
        if words[place] == ":":
            return 0 if words.follows(place - 2, "bắt", "đầu") else place + 1
        if words.digits(place) or words[place] == STOP:
            break
    return 0


def _narrowed_deadline(words: Words, whole: Milestone, sentence: Sequence[Element], day: Milestone) -> Deadline | None:
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
