"""The fields that many events of a task share, and the parts of a task as its events store them; days are ISO texts."""

from datetime import datetime
from typing import Literal, Required, TypedDict

from shared.calendar.recurring_periods import Every


class TaskHead(TypedDict):
    """What every event of a task begins with."""

    timestamp: datetime
    task_id: str
    commune: str


class Signed(TypedDict):
    """Who acted; an account only where it was done through the portal."""

    by: str
    by_account: str | None


class Summary(TypedDict):
    """What every announcement for a task's bodies carries."""

    content: str
    lead: list[str]
    support: list[str]


class MovedFields(TypedDict, total=False):
    """Why days moved, and by whom."""

    calendar: str
    reason: str | None
    by: str
    by_account: str | None


# The fields depend on the kind: docs/plan-documents.md has them. "from" is no name that a class could have.
StoredMilestone = TypedDict(
    "StoredMilestone",
    {
        "kind": Required[str],
        "label": str | None,
        "from": str,
        "until": str,
        "due": str,
        "before": bool,
        "condition": str | None,
        "every": Every,
        "on": str | None,
        "event": str,
        "days": int | None,
        "working_days": bool,
        "text": str | None,
        "suggestion": str | None,
    },
    total=False,
)


class StoredObligation(TypedDict):
    """The fields of an `Obligation`; the last three are not in the oldest events."""

    key: str
    kind: str
    label: str | None
    period: str | None
    planned: str | None
    nominal: str | None
    due: str | None
    calendar: str | None
    since: str
    state: Literal["open", "fulfilled"]
    days: int | None
    working_days: bool
    before: bool


class ShownRequest(TypedDict):
    """A request for more time as lists show it, without the account."""

    obligation: str
    due_on: str
    reason: str
    by: str


class TaskFields(TypedDict):
    """What a plan requires in one task, as the events of the task store it."""

    place: int
    code: str | None
    section: str | None
    content: str
    deliverable: str | None
    lead: list[str]
    support: list[str]
    schedule_text: str | None
    milestones: list[StoredMilestone]


class StoredEscalationStep(TypedDict):
    days: int
    tell: list[str]


class StoredStep(TypedDict, total=False):
    """A step as a submission's receipt keeps it; an account and a file only where there is one."""

    task_id: Required[str]
    step: Required[str]
    percent: int | None
    note: str | None
    evidence: str | None
    by: str
    role: str
    obligation: str | None
    due_on: str | None
    event_on: str | None
    account: str
    file: dict[str, str | int]


class RefusedStep(StoredStep):
    """`item` is the task that the step names."""

    item: str
    rule: str
    sentence: str
