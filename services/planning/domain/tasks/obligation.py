"""The obligations of a task: each deadline, each occurrence, and each duty whose day is still unknown."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import count
from typing import Any, Literal, cast

from services.planning.domain.tasks.event_fields import StoredMilestone, StoredObligation
from services.planning.domain.tasks.occurrences import occurrences
from shared.calendar import Calendar, Roll

OWED: Literal["open"] = "open"
MOST_DAYS_MOVED = 31  # days off in a row are fewer
# Milestones without a day that can be computed: open until a step resolves them with a date.
WITHOUT_A_DAY = ("by-reference", "after-event", "invalid")


@dataclass(frozen=True)
class Obligation:
    """One thing due within a task. Days are the last acceptable ones.

    `planned` is the day that the plan names, `nominal` the one in force (extended or resolved since), `due` the nominal
    day as the calendar moves it, `calendar` the version of the calendar that moved it; all None until it is resolved.
    `since` is the day on which the due day was set. `key` tells the obligation apart within its task. `days` after an
    event that has not come yet, working days or not, are given by a plan instead of a day. `before`: the plan names the
    day after `planned`, before which all must be done.
    """

    key: str
    kind: str
    label: str | None
    period: str | None
    planned: date | None
    nominal: date | None
    due: date | None
    calendar: str | None
    since: date
    state: Literal["open", "fulfilled"] = OWED
    days: int | None = None
    working_days: bool = False
    before: bool = False

    @property
    def unresolved(self) -> bool:
        return self.state == OWED and self.nominal is None

    def after(self, event_on: date, calendar: Calendar) -> date:
        """The nominal day when the event came on a day; that day itself is not counted (Civil Code, article 147)."""
        assert self.days is not None
        counted = calendar.add_working_days if self.working_days else calendar.add_days
        return counted(event_on, self.days)

    def moved(self, nominal: date, calendar: Calendar, roll: Roll, since: date) -> "Obligation":
        """With another day; the same obligation where nothing changes.

        A day off before a day that the plan names moves back: forward it would be that day or one behind it.
        """
        is_bounded = self.before and nominal == self.planned and roll == "forward"
        due = calendar.effective(nominal, "back" if is_bounded else roll)
        if (nominal, due) == (self.nominal, self.due):
            return self
        return replace(self, nominal=nominal, due=due, calendar=calendar.version, since=since)

    def fulfilled(self) -> "Obligation":
        return replace(self, state="fulfilled")

    def stored(self) -> StoredObligation:
        fields = {name: day.isoformat() if isinstance(day, date) else day for name, day in asdict(self).items()}
        return cast("StoredObligation", fields)

    @classmethod
    def from_stored(cls, stored: StoredObligation) -> "Obligation":
        days = {name: _day(stored[name]) for name in ("planned", "nominal", "due", "since")}
        return cls(**(cast("dict[str, Any]", stored) | days))


def obligations(
    milestones: Iterable[StoredMilestone], calendar: Calendar, roll: Roll, *, since: date, assigned_on: date
) -> list[Obligation]:
    """The obligations from a task's milestones, in their order; occurrences are computed ahead.

    What recurs is owed from the day of assignment on; a single deadline that was past on that day is missed.
    """
    seen: Counter[str] = Counter()
    owed = []
    for blank in _owed(milestones, since):
        period, planned = blank.period, blank.planned
        if blank.kind == "recurring" and planned and planned < assigned_on:
            continue
        name = period or (planned.isoformat() if planned else blank.kind)
        seen[name] += 1
        named = replace(blank, key=name if seen[name] == 1 else f"{name}~{seen[name]}")
        owed.append(named if planned is None else named.moved(planned, calendar, roll, since))
    return owed


def merged(
    before: Sequence[Obligation], after: Sequence[Obligation], amended_on: date, *, forgives: bool = False
) -> list[Obligation]:
    """The obligations of an amended task: one with the same planned day keeps its extension and its state.

    One with another planned day keeps its state only. What recurs newly is owed from the amendment on. A deadline that
    was missed before stays missed, unless the task's state `forgives` it: an amendment sets it earlier, but neither
    later nor away. More time is given by an extension, which somebody signs.
    """
    missed = [] if forgives else [old for old in before if _is_missed(old, amended_on)]
    kept, keys = [], {each.key for each in after}
    continued = _continued(before, after)
    for new, old in zip(after, continued, strict=True):
        if old is None:
            if new.kind != "recurring" or (new.planned and new.planned >= amended_on):
                kept.append(new)
        elif old in missed and not _is_earlier(new, old):
            # Under its key, by which its reminders are known, so that none is sent again.
            kept.append(replace(_dated_as(old, new), key=new.key if old.key in keys else old.key))
        elif old.planned == new.planned and (old.before == new.before or old.nominal != old.planned):
            kept.append(_dated_as(old, new))
        else:
            kept.append(replace(new, state=old.state))
    owed = {(each.kind, each.label, each.due) for each in kept if each.state == OWED}
    left = [old for old in missed if not any(old is each for each in continued)]
    dropped = [old for old in left if (old.kind, old.label, old.due) not in owed]
    return [*_with_own_keys(dropped, {each.key for each in kept}), *kept]


def _is_missed(old: Obligation, today: date) -> bool:
    return old.state == OWED and old.due is not None and old.due < today


def _is_earlier(new: Obligation, old: Obligation) -> bool:
    return new.planned != old.planned and new.due is not None and old.due is not None and new.due < old.due


def _dated_as(old: Obligation, new: Obligation) -> Obligation:
    return replace(new, nominal=old.nominal, due=old.due, calendar=old.calendar, since=old.since, state=old.state)


def _with_own_keys(dropped: Iterable[Obligation], taken: set[str]) -> Iterator[Obligation]:
    for old in dropped:
        free = (f"{old.key}~{n}" for n in count(2))
        key = old.key if old.key not in taken else next(each for each in free if each not in taken)
        taken.add(key)
        yield replace(old, key=key)


def _continued(before: Sequence[Obligation], after: Sequence[Obligation]) -> list[Obligation | None]:
    """The obligation that each of `after` continues: equal in all plan fields, else in its day, else in its words."""
    left, found = list(before), dict[int, Obligation]()
    for key_of in _KEYS:
        for n, new in enumerate(after):
            key = key_of(new)
            old = next((each for each in left if key_of(each) == key), None) if key and n not in found else None
            if old:
                found[n] = old
                left.remove(old)
    return [found.get(n) for n in range(len(after))]


_KEYS: tuple[Callable[[Obligation], tuple[Any, ...] | None], ...] = (
    lambda owed: (owed.kind, owed.label, owed.period, owed.planned),
    # Without a planned day other words are another obligation: a day given to the one is not that of the other.
    lambda owed: (owed.kind, owed.period, owed.planned) if owed.planned else None,
    lambda owed: (owed.kind, owed.label, owed.period),
)


def _owed(milestones: Iterable[StoredMilestone], since: date) -> Iterator[Obligation]:
    """Each as in the plan: without its key, and with no day in force yet."""
    for milestone in milestones:
        kind, label = milestone["kind"], milestone.get("label")
        before = milestone.get("before", False)
        blank = Obligation("", kind, label, None, None, None, None, None, since, before=before)
        if kind == "deadline":
            yield replace(blank, planned=date.fromisoformat(milestone["due"]))
        elif kind == "recurring":
            span = date.fromisoformat(milestone["from"]), date.fromisoformat(milestone["until"])
            for occurrence in occurrences(milestone["every"], *span, milestone["on"]):
                yield replace(blank, period=occurrence.period, planned=occurrence.due)
        elif kind == "after-event":
            days, working = milestone["days"], milestone["working_days"]
            yield replace(blank, label=milestone["event"], days=days, working_days=working)
        elif kind in WITHOUT_A_DAY:
            yield replace(blank, label=milestone["text"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
