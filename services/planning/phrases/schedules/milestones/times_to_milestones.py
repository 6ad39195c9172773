"""Builds the milestones of a group of times, with the days of each in the year of a plan, and warnings."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from services.planning.phrases.schedules.grammar.kinds_of_time import (
    After,
    Always,
    Blank,
    Every,
    Lunar,
    Moment,
    OnRequest,
    Reference,
    Regularly,
    Unsupported,
    When,
)
from services.planning.phrases.schedules.milestones.combining_times import combined
from services.planning.phrases.schedules.milestones.labels import label_of, printed_label
from services.planning.phrases.schedules.milestones.sentences import Group, Item
from services.planning.phrases.schedules.text.words import Phrases, Words
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
Days = tuple[date | None, date | None]  # the first and the last; the last is None where no end is named
_ONE_DAY = timedelta(days=1)


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
    due = last[0] - _ONE_DAY if when.how == "before" else last[1]
    if first is not None and first[0] > due:
        return "Ngày bắt đầu đứng sau ngày kết thúc"
    if when.how == "between":
        return (first[0] if first else None), due
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
