"""What happens in a task's life, as it is stored for ever, and what each changes."""

from datetime import date
from typing import TYPE_CHECKING, Any

from services.planning.domain.obligation import Obligation
from services.planning.domain.reminder import FIRST_ESCALATION
from shared.clock import day_of
from shared.event_sourcing import Created, Recorded

if TYPE_CHECKING:
    from services.planning.domain.task import Task


class Assigned(Created):
    """`deadlines` are the due days of the obligations. The first version had only nominal deadlines."""

    TOPIC = "planning.task-assigned"
    class_version = 2

    task_id: str
    plan_id: str
    commune: str
    place: int
    code: str | None
    section: str | None
    content: str
    deliverable: str | None
    lead: list[str]
    support: list[str]
    schedule_text: str | None
    milestones: list[dict[str, Any]]
    deadlines: list[date]
    assigned_on: date
    obligations: list[dict[str, Any]]
    roll: str
    escalation: list[dict[str, Any]]

    @staticmethod
    def upcast_v1_v2(said: dict[str, Any]) -> None:
        said["obligations"] = [_dated(due_on, said["assigned_on"]) for due_on in said["deadlines"]]
        said["roll"] = "none"
        said["escalation"] = [step.stored() for step in FIRST_ESCALATION]


class TaskEvent(Recorded):
    task_id: str
    commune: str


class Acknowledged(TaskEvent):
    TOPIC = "planning.task-acknowledged"

    by: str

    def apply(self, aggregate: "Task") -> None:
        aggregate.state = "acknowledged"


class ProgressReported(TaskEvent):
    TOPIC = "planning.task-progress-reported"
    class_version = 2

    percent: int
    note: str | None
    by: str
    evidence: str | None

    @staticmethod
    def upcast_v1_v2(said: dict[str, Any]) -> None:
        said["evidence"] = None

    def apply(self, aggregate: "Task") -> None:
        aggregate.state = "in-progress"
        aggregate.percent = self.percent
        aggregate.progress = (self.percent, self.note, self.by, self.evidence)


class ObligationFulfilled(TaskEvent):
    """`deadlines` are the due days that are still open after it."""

    TOPIC = "planning.task-obligation-fulfilled"

    obligation: str
    due_on: date | None
    fulfilled_on: date
    evidence: str
    note: str | None
    by: str
    deadlines: list[date]

    def apply(self, aggregate: "Task") -> None:
        aggregate.obligations = [
            each.fulfilled() if each.key == self.obligation else each for each in aggregate.obligations
        ]


class Completed(TaskEvent):
    TOPIC = "planning.task-completed"

    completed_on: date
    evidence: str
    note: str | None
    by: str

    def apply(self, aggregate: "Task") -> None:
        aggregate.state = "done"
        aggregate.completed_on = self.completed_on
        aggregate.done_by = self.by


class Accepted(TaskEvent):
    TOPIC = "planning.task-accepted"

    by: str
    note: str | None

    def apply(self, aggregate: "Task") -> None:
        aggregate.state = "accepted"


class Returned(TaskEvent):
    TOPIC = "planning.task-returned"

    by: str
    reason: str
    content: str
    lead: list[str]
    support: list[str]

    def apply(self, aggregate: "Task") -> None:
        aggregate.state = "returned"
        aggregate.completed_on = None


class Reopened(TaskEvent):
    TOPIC = "planning.task-reopened"

    reason: str
    by: str

    def apply(self, aggregate: "Task") -> None:
        aggregate.state = "in-progress"
        aggregate.completed_on = None


class StepRefused(TaskEvent):
    TOPIC = "planning.task-step-refused"

    step: dict[str, Any]
    rule: str
    sentence: str


class Moved(TaskEvent):
    """`obligations` are those that have another day now, `deadlines` all due days that are open after it."""

    obligations: list[dict[str, Any]]
    deadlines: list[date]
    content: str
    lead: list[str]
    support: list[str]

    def apply(self, aggregate: "Task") -> None:
        moved = {said["key"]: Obligation.from_stored(said) for said in self.obligations}
        aggregate.obligations = [moved.get(each.key, each) for each in aggregate.obligations]


class Extended(Moved):
    TOPIC = "planning.task-extended"

    reason: str
    by: str


class Resolved(Moved):
    """Somebody said when what had no day is due."""

    TOPIC = "planning.task-resolved"

    reason: str | None
    by: str


class Rescheduled(Moved):
    """The calendar of working days has changed."""

    TOPIC = "planning.task-rescheduled"

    calendar: str


class Revised(TaskEvent):
    """What the amended plan asks instead, with all that is owed now."""

    TOPIC = "planning.task-revised"

    plan_version: int
    place: int
    code: str | None
    section: str | None
    content: str
    deliverable: str | None
    lead: list[str]
    support: list[str]
    schedule_text: str | None
    milestones: list[dict[str, Any]]
    roll: str
    obligations: list[dict[str, Any]]
    deadlines: list[date]

    def apply(self, aggregate: "Task") -> None:
        if aggregate.state == "withdrawn":
            aggregate.state = "assigned"
            aggregate.withdrawn_on = aggregate.completed_on = None
        aggregate.asks(**vars(self))


class Renumbered(TaskEvent):
    """An amended plan asks the same in another place."""

    TOPIC = "planning.task-renumbered"

    plan_version: int
    place: int
    code: str | None
    section: str | None

    def apply(self, aggregate: "Task") -> None:
        aggregate.place = self.place
        aggregate.code = self.code
        aggregate.section = self.section


class Withdrawn(TaskEvent):
    """`plan_version` is that of the plan which asks it no longer, None where the chair withdrew the one task."""

    TOPIC = "planning.task-withdrawn"

    by: str
    reason: str
    plan_version: int | None
    content: str
    lead: list[str]
    support: list[str]

    def apply(self, aggregate: "Task") -> None:
        aggregate.state = "withdrawn"
        aggregate.withdrawn_on = day_of(self.timestamp)


class Closed(TaskEvent):
    """Its plan has ended: the task stays as it stood."""

    TOPIC = "planning.task-closed"

    def apply(self, aggregate: "Task") -> None:
        aggregate.closed = True


class Reminded(TaskEvent):
    """`tell` are the roles that are told at this step of the escalation.

    `obligation` is None in the first version, which told of a day and not of what is due on it.
    """

    class_version = 2

    content: str
    lead: list[str]
    support: list[str]
    due_on: date
    obligation: str | None
    label: str | None
    tell: list[str]

    def _announce(self, aggregate: "Task", days: int) -> None:
        """`days` after the deadline, below zero before it."""
        for each in aggregate.obligations:
            if self.obligation in (None, each.key) and each.due == self.due_on:
                aggregate.announced.add((each.key, self.due_on, days))


class DeadlineApproached(Reminded):
    TOPIC = "planning.task-deadline-approached"

    days_before: int
    days_left: int

    @staticmethod
    def upcast_v1_v2(said: dict[str, Any]) -> None:
        said |= {"obligation": None, "label": None, "tell": ["lead", "support"]}

    def apply(self, aggregate: "Task") -> None:
        self._announce(aggregate, -self.days_before)


class DeadlineMissed(Reminded):
    TOPIC = "planning.task-deadline-missed"

    days_late: int

    @staticmethod
    def upcast_v1_v2(said: dict[str, Any]) -> None:
        step = next(step for step in FIRST_ESCALATION if step.days == said["days_late"])
        said |= {"obligation": None, "label": None, "tell": list(step.tell)}

    def apply(self, aggregate: "Task") -> None:
        self._announce(aggregate, self.days_late)


def _dated(due_on: date, since: date) -> dict[str, Any]:
    day = due_on.isoformat()
    return Obligation(day, "deadline", None, None, due_on, due_on, due_on, None, since).stored()
