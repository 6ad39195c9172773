"""Reads a schedule phrase into milestones, with warnings for a person.

Builds milestones from labelled groups of times, and collects the warnings.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from services.planning.phrases.schedules.grammar.elements import Element, elements_of
from services.planning.phrases.schedules.grammar.times import (
    After,
    Always,
    Blank,
    Every,
    Lunar,
    OnRequest,
    Reference,
    Regularly,
    Unsupported,
    When,
)
from services.planning.phrases.schedules.milestones.combining import combined
from services.planning.phrases.schedules.milestones.deadlines import Days, days_of, narrowed_deadline, warnings_about
from services.planning.phrases.schedules.milestones.labelling import label_of, printed_label, with_labels
from services.planning.phrases.schedules.milestones.sentences import Group, Item, runs_of, sentences_of
from services.planning.phrases.schedules.text.words import LONGEST, STOP, Phrases, Words, cleaned
from services.planning.plan_file import (
    AfterEvent,
    ByReference,
    Continuous,
    Deadline,
    Invalid,
    Milestone,
    OnDemand,
    Recurring,
    Unspecified,
)
from shared.vietnamese import date_text

_UNCLEAR = "Thời hạn không nêu ngày hay kỳ cụ thể, không tính được hạn."
EDGES = " .;,:-–—+•●…·"
_IN = Phrases(("trong", "vào", "ngay trong"))
_UNKNOWN_DAYS = ("trước", "dịp", "mùa", "tuần", "thứ")  # before a session, at the New Year: their day is not known
_HEADINGS = ("thời", "tiến", "hạn", "lịch", "ngày")
_LONGEST_HEADING = 8


@dataclass
class MilestoneBuilder:
    """Builds the milestones of one phrase, and keeps their warnings."""

    words: Words
    year: int
    span: tuple[date, date]
    warnings: list[str] = field(default_factory=list)

    def milestones(self, group: Group) -> list[Milestone]:
        if group.label and self.words[_IN.past(self.words, group.label[0])] in _UNKNOWN_DAYS:
            return [self.unspecified(self._text(group.items[-1], group, alone=True))]
        items = combined(group.items, self.year)
        return [
            self._milestone(each, group, alone=len(items) == 1) for item in items for each in _with_each_weekday(item)
        ]

    def warn(self, *sentences: str) -> None:
        self.warnings += [each for each in sentences if each not in self.warnings[-20:]]

    def unspecified(self, text: str, note: str = _UNCLEAR) -> Milestone:
        self.warn(note)
        return Unspecified(kind="unspecified", text=text.strip(EDGES) or None)

    def _milestone(self, item: Item, group: Group, *, alone: bool) -> Milestone:
        time = item.time
        label = (
            label_of(self.words, *group.label) if group.label and not self._labels_the_last_only(item, group) else None
        )
        if isinstance(time, When):
            return self._when(time, item, group, label, alone)
        if isinstance(time, Always):
            self.warn(*time.notes)
            return self._continuous(self._stretch(item), label)
        if isinstance(time, Every):
            self.warn(*time.notes)
            first, last = self._stretch(item)
            return Recurring(
                kind="recurring", every=time.every, on=time.on, before=time.before, from_=first, until=last, label=label
            )
        if isinstance(time, OnRequest):
            return OnDemand(kind="on-demand", label=label)
        if isinstance(time, After):
            return self._after(time)
        return self._without_days(time, item, group, alone)

    def _labels_the_last_only(self, item: Item, group: Group) -> bool:
        """ "Thường xuyên, hàng quý báo cáo", "…, trước 15/12 đối với báo cáo năm": a label of the last time."""
        if group.label is None or group.label[0] < item.start or item.start >= group.items[-1].start:
            return False
        goes_on = isinstance(item.time, Always) and group.items[-1].mark == ","
        return goes_on or self.words.follows(group.label[0], "đối", "với")

    def _without_days(self, time: object, item: Item, group: Group, alone: bool) -> Milestone:
        text = self._text(item, group, alone)
        if isinstance(time, (Reference, Regularly)):
            return ByReference(kind="by-reference", text=text)
        if isinstance(time, Blank):
            return Unspecified(kind="unspecified")
        return self.unspecified(text, time.note if isinstance(time, (Unsupported, Lunar)) else _UNCLEAR)

    def _when(self, when: When, item: Item, group: Group, label: str | None, alone: bool) -> Milestone:
        for moment in (when.first, when.last):
            if moment is not None:
                self.warn(*moment.notes)
        days = days_of(when, self.year, self.span)
        if isinstance(days, str):
            return self._invalid(when, self._text(item, group, alone), days)
        first, last = days
        self._warn_about(when, days, item)
        if last is None:
            assert first is not None
            text = self._text(item, group, alone)
            self.warn(f'"{text}" không nêu ngày kết thúc; tạm lấy ngày cuối kỳ của kế hoạch.')
            return self._continuous((first, max(self.span[1], date(first.year, 12, 31))), label)
        condition = self._condition(when, group)
        label = label if when.condition or not condition else None
        before = when.how == "before"
        return Deadline(kind="deadline", from_=first, due=last, before=before, label=label, condition=condition)

    def _condition(self, when: When, group: Group) -> str | None:
        """The event that comes first; "từ ngày ký ban hành" before a day is such an event, not a label."""
        if when.condition:
            return self.words.text(*when.condition).strip(EDGES)
        if not group.label or self.words[group.label[0]] not in ("từ", "kể"):
            return None
        return printed_label(self.words, *group.label)

    def _invalid(self, when: When, text: str, why: str) -> Milestone:
        impossible = when.last is not None and when.last.days(self.year) is None
        suggestion = when.last.nearest(self.year) if when.last and impossible else None
        shown = f"; gợi ý {date_text(suggestion)}" if suggestion else ""
        self.warn(f'{why}: "{text}"{shown}, cần người xác nhận.')
        return Invalid(kind="invalid", text=text, suggestion=suggestion)

    def _stretch(self, item: Item) -> tuple[date, date]:
        if item.span is None:
            return self.span
        days = days_of(item.span, self.year, self.span)
        if isinstance(days, str):
            self.warn(f'{days}: "{self.words.text(item.start, item.end)}"; tạm lấy kỳ của kế hoạch.')
            return self.span
        first, last = days
        self._warn_about(item.span, days, item)
        until = last or max(self.span[1], first or self.span[1])
        return first or min(self.span[0], date(until.year, 1, 1)), until

    def _continuous(self, days: tuple[date, date], label: str | None) -> Milestone:
        return Continuous(kind="continuous", from_=days[0], until=days[1], label=label)

    def _after(self, after: After) -> Milestone:
        self.warn(*after.notes)
        event = self.words.text(*after.event).strip(EDGES)
        if not event:
            return self.unspecified(self.words.text(*after.event))
        return AfterEvent(kind="after-event", event=event, days=after.days, working_days=after.working)

    def _warn_about(self, when: When, days: Days, item: Item) -> None:
        self.warn(*warnings_about(when, days, self.span, self.words.text(item.start, item.end)))

    def _text(self, item: Item, group: Group, alone: bool) -> str:
        """The words of a time as printed, with its label if that is beside it."""
        start, end = item.start, item.end
        if group.label and alone:
            start, end = min(start, group.label[0]), max(end, group.label[1])
        elif group.label and item.start == group.items[0].start and group.label[1] <= start:
            start = group.label[0]
        return self.words.text(start, end).strip(EDGES) or self.words.text(start, end)


def _with_each_weekday(item: Item) -> list[Item]:
    return [replace(item, time=day) for day in item.time.days()] if isinstance(item.time, Every) else [item]


@dataclass(frozen=True)
class ScheduleReading:
    """The milestones in the order of the text, and warnings: sentences in Vietnamese."""

    milestones: tuple[Milestone, ...]
    warnings: tuple[str, ...] = ()


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
        if len(before) == len(found) == 1 and (one := narrowed_deadline(words, before[0], sentence, found[0])):
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
