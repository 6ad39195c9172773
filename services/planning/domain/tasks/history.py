"""The history of a task for people: who did what, when, with which note and which evidence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from services.planning.domain.tasks import events
from services.planning.domain.tasks.evidence import EvidenceFile


@dataclass(frozen=True)
class HistoryEntry:
    """One event of a task. `act` is the part of its stored name after "task-", such as `completed`.

    `by` is None for what no person did: a plan's issue, the calendar, a reminder. `note` is also the reason, or the
    sentence of a refusal; `percent`, `due_on` and `obligation` stand where the act has them.
    """

    at: datetime
    act: str
    by: str | None = None
    by_account: str | None = None
    note: str | None = None
    evidence: str | None = None
    percent: int | None = None
    obligation: str | None = None
    due_on: date | None = None
    file: EvidenceFile | None = None


class HistoryFields(TypedDict, total=False):
    """What an act has besides its time and name."""

    by: str | None
    by_account: str | None
    note: str | None
    evidence: str | None
    percent: int | None
    obligation: str | None
    due_on: date | None
    file: EvidenceFile


def history(stored: Iterable[Any]) -> list[HistoryEntry]:
    """The events of one task in their order; without those that only give it another number."""
    # By stored name: the library makes a class of its own of each event that an aggregate names.
    return [
        HistoryEntry(
            event.timestamp,
            event.TOPIC.removeprefix("planning.task-"),
            **(BY_NAME[event.TOPIC](event) | _account(event)),
        )
        for event in stored
        if event.TOPIC in BY_NAME
    ]


def _account(event: Any) -> HistoryFields:
    return {"by_account": getattr(event, "by_account", None)}


def _refused(event: events.StepRefused) -> HistoryFields:
    step = event.step
    return {
        "by": step.get("by"),
        "evidence": step.get("evidence"),
        "percent": step.get("percent"),
        "obligation": step.get("obligation"),
        "note": event.sentence,
    }


def _moved(event: events.Moved) -> HistoryFields:
    days = [each["nominal"] for each in event.obligations if each["nominal"]]
    keys = [each["key"] for each in event.obligations]
    return {
        "obligation": keys[0] if len(keys) == 1 else None,
        "due_on": date.fromisoformat(days[0]) if len(days) == 1 else None,
    }


FIELDS: Mapping[type[Any], Callable[[Any], HistoryFields]] = {
    events.Assigned: lambda event: {"due_on": min(event.deadlines, default=None)},
    events.Acknowledged: lambda event: {"by": event.by},
    events.ProgressReported: lambda event: {
        "by": event.by,
        "note": event.note,
        "evidence": event.evidence,
        "percent": event.percent,
    },
    events.ObligationFulfilled: lambda event: {
        "by": event.by,
        "note": event.note,
        "evidence": event.evidence,
        "obligation": event.obligation,
        "due_on": event.due_on,
    },
    events.Completed: lambda event: {"by": event.by, "note": event.note, "evidence": event.evidence},
    events.EvidenceAttached: lambda event: {
        "by": event.by,
        "evidence": event.name,
        "file": EvidenceFile(event.sha256, event.name, event.size, event.media_type),
    },
    events.Accepted: lambda event: {"by": event.by, "note": event.note},
    events.Returned: lambda event: {"by": event.by, "note": event.reason},
    events.Reopened: lambda event: {"by": event.by, "note": event.reason},
    events.Commented: lambda event: {"by": event.by, "note": event.note},
    events.Followed: lambda event: {"by": event.by},
    events.Unfollowed: lambda event: {"by": event.by},
    events.StepRefused: _refused,
    events.ExtensionRequested: lambda event: {
        "by": event.by,
        "note": event.reason,
        "obligation": event.obligation,
        "due_on": event.requested,
    },
    events.ExtensionDeclined: lambda event: {
        "by": event.by,
        "note": event.reason,
        "obligation": event.obligation,
        "due_on": event.requested,
    },
    events.Extended: lambda event: {"by": event.by, "note": event.reason} | _moved(event),
    events.Resolved: lambda event: {"by": event.by, "note": event.reason} | _moved(event),
    events.Rescheduled: _moved,
    events.Revised: lambda event: {"due_on": min(event.deadlines, default=None)},
    events.Withdrawn: lambda event: {"by": event.by, "note": event.reason},
    events.Closed: lambda _: {},
    events.DeadlineApproached: lambda event: {"obligation": event.obligation, "due_on": event.due_on},
    events.DeadlineMissed: lambda event: {"obligation": event.obligation, "due_on": event.due_on},
}
BY_NAME = {kind.TOPIC: fields for kind, fields in FIELDS.items()}
