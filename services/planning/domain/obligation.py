"""What a task owes by a day: each deadline, each occurrence of what recurs, and what waits for somebody to say when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    `since` is the day on which the due day was set. `key` tells the obligation apart within its task.
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

    @property
    def unresolved(self) -> bool:
        return self.state == "open" and self.nominal is None

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
    milestones: Iterable[Mapping[str, Any]], calendar: Calendar, roll: Roll, since: date
) -> list[Obligation]:
    """All that the milestones of a task make it owe, in their order, those that recur made ahead."""
    seen: Counter[str] = Counter()
    owed = []
    for kind, label, period, planned in _owed(milestones):
        name = period or (planned.isoformat() if planned else kind)
        seen[name] += 1
        key = name if seen[name] == 1 else f"{name}~{seen[name]}"
        blank = Obligation(key, kind, label, period, planned, None, None, None, since)
        owed.append(blank if planned is None else blank.moved(planned, calendar, roll, since))
    return owed


def merged(before: Sequence[Obligation], after: Sequence[Obligation]) -> list[Obligation]:
    """What an amended task owes: an obligation that the plan still dates as before stays as it became meanwhile.

    They are the same by kind, label and period, and by their order where these do not tell them apart.
    """
    known = dict(_identified(before))
    kept = []
    for identity, new in _identified(after):
        old = known.get(identity)
        if old is None:
            kept.append(new)
        elif old.planned == new.planned:
            kept.append(replace(old, key=new.key))
        else:
            kept.append(replace(new, state=old.state))
    return kept


def _owed(milestones: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str | None, str | None, date | None]]:
    """Kind, label, period and day of each."""
    for milestone in milestones:
        kind, label = milestone["kind"], milestone.get("label")
        if kind == "deadline":
            yield kind, label, None, date.fromisoformat(milestone["due"])
        elif kind == "recurring":
            span = date.fromisoformat(milestone["from"]), date.fromisoformat(milestone["until"])
            for occurrence in occurrences(milestone["every"], *span, milestone["on"]):
                yield kind, label, occurrence.period, occurrence.due
        elif kind in WITHOUT_A_DAY:
            yield kind, milestone.get("event") or milestone.get("text"), None, None


def _identified(owed: Iterable[Obligation]) -> Iterator[tuple[tuple[Any, ...], Obligation]]:
    seen: Counter[tuple[Any, ...]] = Counter()
    for obligation in owed:
        said = (obligation.kind, obligation.label, obligation.period)
        seen[said] += 1
        yield (*said, seen[said]), obligation


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
