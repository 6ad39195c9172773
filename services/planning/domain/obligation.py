"""What a task owes by a day: each deadline, each occurrence of what recurs, and what waits for somebody to say when."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from services.planning.domain.occurrences import occurrences
from shared.calendar import Calendar, Roll

# Milestones whose day nobody can compute: open until somebody resolves them with a date.
WITHOUT_A_DAY = ("by-reference", "after-event", "invalid")


@dataclass(frozen=True)
class Obligation:
    """One thing due within a task. Days are the last acceptable ones.

    `planned` is the day that the plan names, `nominal` the one in force (extended or resolved since), `due` the nominal
    day as the calendar moves it, `calendar` the version of the calendar that moved it; all None until it is resolved.
    `since` is the day on which the due day was set. `key` tells the obligation apart within its task. `days` after an
    event that has not come yet, working days or not, are what a plan says instead of a day.
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
    state: Literal["open", "fulfilled"] = "open"
    days: int | None = None
    working_days: bool = False

    @property
    def unresolved(self) -> bool:
        return self.state == "open" and self.nominal is None

    def after(self, event_on: date, calendar: Calendar) -> date:
        """The nominal day when the event came on a day; that day itself is not counted (Civil Code, article 147)."""
        assert self.days is not None
        counted = calendar.add_working_days if self.working_days else calendar.add_days
        return counted(event_on, self.days)

    def moved(self, nominal: date, calendar: Calendar, roll: Roll, since: date) -> "Obligation":
        """With another day; the same obligation where nothing changes."""
        due = calendar.effective(nominal, roll)
        if (nominal, due) == (self.nominal, self.due):
            return self
        return replace(self, nominal=nominal, due=due, calendar=calendar.version, since=since)

    def fulfilled(self) -> "Obligation":
        return replace(self, state="fulfilled")

    def stored(self) -> dict[str, Any]:
        return {name: day.isoformat() if isinstance(day, date) else day for name, day in asdict(self).items()}

    @classmethod
    def from_stored(cls, said: Mapping[str, Any]) -> "Obligation":
        days = {name: _day(said[name]) for name in ("planned", "nominal", "due", "since")}
        return cls(**{**said, **days})


def obligations(
    milestones: Iterable[Mapping[str, Any]], calendar: Calendar, roll: Roll, *, since: date, assigned_on: date
) -> list[Obligation]:
    """All that the milestones of a task make it owe, in their order, those that recur made ahead.

    What recurs is owed from the day of assignment on: a quarter that was over then was nobody's. A single deadline that
    was past is missed.
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


def merged(before: Sequence[Obligation], after: Sequence[Obligation], amended_on: date) -> list[Obligation]:
    """What an amended task owes: an obligation that the plan still dates as before keeps what became of it meanwhile.

    One that has another day now stays fulfilled when it was; what recurs newly is owed from the amendment on.
    """
    kept = []
    for new, old in zip(after, _gone_on(before, after), strict=True):
        if old is None:
            if new.kind != "recurring" or (new.planned and new.planned >= amended_on):
                kept.append(new)
        elif old.planned == new.planned:
            dated = {name: getattr(old, name) for name in ("nominal", "due", "calendar", "since")}
            kept.append(replace(new, **dated, state=old.state))
        else:
            kept.append(replace(new, state=old.state))
    return kept


def _gone_on(before: Sequence[Obligation], after: Sequence[Obligation]) -> list[Obligation | None]:
    """Which each of `after` was: the same in all that the plan says of it, else the same day, else the same words."""
    left, found = list(before), dict[int, Obligation]()
    for known_by in _KNOWN_BY:
        for n, new in enumerate(after):
            said = known_by(new)
            old = next((each for each in left if known_by(each) == said), None) if said and n not in found else None
            if old:
                found[n] = old
                left.remove(old)
    return [found.get(n) for n in range(len(after))]


_KNOWN_BY: tuple[Callable[[Obligation], tuple[Any, ...] | None], ...] = (
    lambda owed: (owed.kind, owed.label, owed.period, owed.planned),
    # Of what has no day, other words are another thing: the day that somebody gave the one is not that of the other.
    lambda owed: (owed.kind, owed.period, owed.planned) if owed.planned else None,
    lambda owed: (owed.kind, owed.label, owed.period),
)


def _owed(milestones: Iterable[Mapping[str, Any]], since: date) -> Iterator[Obligation]:
    """Each as the plan says it: without its key, and with no day in force yet."""
    for milestone in milestones:
        kind, label = milestone["kind"], milestone.get("label")
        blank = Obligation("", kind, label, None, None, None, None, None, since)
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
