"""A schedule phrase read into milestones, with what a person should look at."""

from dataclasses import dataclass
from datetime import date

from services.planning.phrases.schedules.elements import Element, elements_of
from services.planning.phrases.schedules.milestones import EDGES, Reader
from services.planning.phrases.schedules.naming import labelled
from services.planning.phrases.schedules.narrowing import narrowed
from services.planning.phrases.schedules.sentences import runs_of, sentences_of
from services.planning.phrases.schedules.tokens import LONGEST, STOP, cleaned
from services.planning.phrases.schedules.words import Words
from services.planning.plan_file import ByReference, Milestone, Unspecified

_HEADINGS = ("thời", "tiến", "hạn", "lịch", "ngày")
_LONGEST_HEADING = 8


@dataclass(frozen=True)
class ScheduleReading:
    """The milestones in the order of the text, and sentences in Vietnamese."""

    milestones: tuple[Milestone, ...]
    warnings: tuple[str, ...] = ()


def read_schedule(text: str | None, year: int, span: tuple[date, date] | None = None) -> ScheduleReading:
    """The milestones of the text of a schedule, in a plan of that year; `span` is the plan's, the year by default.

    Never raises: what cannot be read is `unspecified` with its text, and a warning says so.
    """
    printed = cleaned(text or "")
    words = Words(printed)
    reader = Reader(words, year, span or (date(year, 1, 1), date(year, 12, 31)))
    if not any(any(letter.isalnum() for letter in token.word) for token in words.tokens):
        shown = printed.strip() or None
        return ScheduleReading((Unspecified(kind="unspecified", text=shown),), ("Chưa ghi thời hạn.",))
    if len(text or "") > LONGEST:
        reader.warn(f"Thời hạn dài hơn {LONGEST} ký tự; chỉ đọc phần đầu.")
    return _read(words, reader)


def _read(words: Words, reader: Reader) -> ScheduleReading:
    start = _past_heading(words)
    elements = elements_of(words, start, reader.year)
    if not any(element.kind == "time" for element in elements):
        unread = reader.unspecified(words.text(start, words.count))
        return ScheduleReading((unread,), tuple(reader.warnings))
    milestones: list[Milestone] = []
    before: list[Milestone] = []
    for sentence in sentences_of(words, elements):
        said = _of_sentence(words, reader, sentence)
        if len(before) == len(said) == 1 and (one := narrowed(words, before[0], sentence, said[0])):
            shown = words.text(sentence[0].start, sentence[-1].end)
            reader.warn(f'Mốc "{shown}" được đọc là hạn của thời gian ghi ngay trước đó, cần người xác nhận.')
            milestones.pop()
            said = [one]
        milestones += said
        before = said
    return ScheduleReading(tuple(milestones), tuple(reader.warnings))


def _of_sentence(words: Words, reader: Reader, sentence: list[Element]) -> list[Milestone]:
    groups, left = labelled(words, runs_of(words, sentence))
    milestones = [milestone for group in groups for milestone in reader.milestones(group)]
    if len(milestones) == 1 and isinstance(milestones[0], ByReference):
        whole = words.text(sentence[0].start, sentence[-1].end).strip(EDGES)
        whole = whole[1:-1] if whole.startswith("(") and whole.endswith(")") else whole
        milestones = [ByReference(kind="by-reference", text=whole)]
    unread = [(run.start, run.end) for run in left]
    if not groups and any(element.kind == "word" for element in sentence):
        unread.append((sentence[0].start, sentence[-1].end))
    for start, end in unread:
        shown = words.text(start, end)
        milestones.append(reader.unspecified(shown, f'Không nêu thời hạn: "{shown}".'))
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
