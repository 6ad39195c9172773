"""The stored events of a task, and the change of its state that each makes."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.planning.domain.tasks.deadline_rules import FIRST_ESCALATION
from services.planning.domain.tasks.event_fields import (
    StoredEscalationStep,
    StoredMilestone,
    StoredObligation,
    StoredStep,
)
from services.planning.domain.tasks.following import following_of, without
from services.planning.domain.tasks.obligation import Obligation
from services.planning.domain.tasks.state import ExtensionRequest, TaskDefinition, TaskState
from shared.calendar import Roll
from shared.clock import day_of
from shared.grants import Actor
from shared.record.aggregate import Created, Recorded, had_no_accounts


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
    milestones: list[StoredMilestone]
    deadlines: list[date]
    assigned_on: date
    obligations: list[StoredObligation]
    roll: str
    escalation: list[StoredEscalationStep]

    @staticmethod
    def upcast_v1_v2(stored: dict[str, Any]) -> None:
        stored["obligations"] = [_dated(due_on, stored["assigned_on"]) for due_on in stored["deadlines"]]
        stored["roll"] = "none"
        stored["escalation"] = [step.stored() for step in FIRST_ESCALATION]


class TaskEvent(Recorded):
    task_id: str
    commune: str


class ByPerson(TaskEvent):
    """What a person or a body did. `by_account` is null where no account acted; before, there were none."""

    class_version = 2

    by: str
    by_account: str | None

    upcast_v1_v2 = staticmethod(had_no_accounts)


class Acknowledged(ByPerson):
    TOPIC = "planning.task-acknowledged"

    def apply(self, aggregate: TaskState) -> None:
        aggregate.state = "acknowledged"


class ProgressReported(ByPerson):
    TOPIC = "planning.task-progress-reported"
    class_version = 3

    percent: int
    note: str | None
    evidence: str | None

    @staticmethod
    def upcast_v1_v2(stored: dict[str, object]) -> None:
        stored["evidence"] = None

    upcast_v2_v3 = staticmethod(had_no_accounts)

    def apply(self, aggregate: TaskState) -> None:
        aggregate.state = "in-progress"
        aggregate.percent = self.percent
        aggregate.progress = (self.percent, self.note, self.by, self.evidence)


class ObligationFulfilled(ByPerson):
    """`deadlines` are the due days that are still open after it."""

    TOPIC = "planning.task-obligation-fulfilled"

    obligation: str
    due_on: date | None
    fulfilled_on: date
    evidence: str
    note: str | None
    deadlines: list[date]

    def apply(self, aggregate: TaskState) -> None:
        aggregate.obligations = [
            each.fulfilled() if each.key == self.obligation else each for each in aggregate.obligations
        ]


class Completed(ByPerson):
    TOPIC = "planning.task-completed"

    completed_on: date
    evidence: str
    note: str | None

    def apply(self, aggregate: TaskState) -> None:
        aggregate.state = "done"
        aggregate.completed_on = self.completed_on
        aggregate.done_by, aggregate.done_by_account = self.by, self.by_account
        aggregate.extension_request = None


class Accepted(ByPerson):
    TOPIC = "planning.task-accepted"

    note: str | None

    def apply(self, aggregate: TaskState) -> None:
        aggregate.state = "accepted"


class Returned(ByPerson):
    TOPIC = "planning.task-returned"

    reason: str
    content: str
    lead: list[str]
    support: list[str]

    def apply(self, aggregate: TaskState) -> None:
        aggregate.state = "returned"
        aggregate.completed_on = None


class Reopened(ByPerson):
    TOPIC = "planning.task-reopened"

    reason: str

    def apply(self, aggregate: TaskState) -> None:
        aggregate.state = "in-progress"
        aggregate.completed_on = None


class EvidenceAttached(TaskEvent):
    """A file is evidence of the task: its hash, name, size in bytes and type. The bytes are kept beside the events."""

    TOPIC = "planning.task-evidence-attached"

    by: str
    by_account: str | None
    sha256: str
    name: str
    size: int
    media_type: str

    def apply(self, aggregate: TaskState) -> None:
        aggregate.files.add(self.sha256)


class Commented(TaskEvent):
    """A remark in one of the roles of the task's life. It changes nothing else."""

    TOPIC = "planning.task-commented"

    by: str
    by_account: str | None
    role: str
    note: str
    content: str
    lead: list[str]
    support: list[str]


class Followed(TaskEvent):
    """`grant` is the account's, with which it followed; null of a name, and in version 1, which had none."""

    TOPIC = "planning.task-followed"
    class_version = 2

    by: str
    by_account: str | None
    role: str
    grant: str | None

    @staticmethod
    def upcast_v1_v2(stored: dict[str, object]) -> None:
        stored["grant"] = None

    def apply(self, aggregate: TaskState) -> None:
        actor = Actor(self.by, self.by_account)
        aggregate.followers = [*without(aggregate.followers, actor), following_of(actor, self.grant)]


class Unfollowed(TaskEvent):
    TOPIC = "planning.task-unfollowed"

    by: str
    by_account: str | None

    def apply(self, aggregate: TaskState) -> None:
        aggregate.followers = without(aggregate.followers, Actor(self.by, self.by_account))


class StepRefused(TaskEvent):
    TOPIC = "planning.task-step-refused"

    step: StoredStep
    rule: str
    sentence: str


class Moved(TaskEvent):
    """`obligations` are those that have another day now, `deadlines` all due days that are open after it."""

    obligations: list[StoredObligation]
    deadlines: list[date]
    content: str
    lead: list[str]
    support: list[str]

    def apply(self, aggregate: TaskState) -> None:
        moved = {stored["key"]: Obligation.from_stored(stored) for stored in self.obligations}
        aggregate.obligations = [moved.get(each.key, each) for each in aggregate.obligations]


class Extended(ByPerson, Moved):
    TOPIC = "planning.task-extended"

    reason: str

    def apply(self, aggregate: TaskState) -> None:
        super().apply(aggregate)
        aggregate.extension_request = None


class ExtensionRequested(ByPerson):
    """`due_on` is the due day of the obligation as it stands, `requested` the day that is asked for."""

    TOPIC = "planning.task-extension-requested"

    obligation: str
    label: str | None
    due_on: date | None
    requested: date
    reason: str
    content: str
    lead: list[str]
    support: list[str]

    def apply(self, aggregate: TaskState) -> None:
        aggregate.extension_request = ExtensionRequest(
            self.obligation, self.requested, self.reason, self.by, self.by_account
        )
        aggregate.declined = None


class ExtensionDeclined(ByPerson):
    """The chair gives no more time: the deadline stays as it is."""

    TOPIC = "planning.task-extension-declined"

    obligation: str
    requested: date
    requested_by: str
    reason: str
    content: str
    lead: list[str]
    support: list[str]

    def apply(self, aggregate: TaskState) -> None:
        aggregate.extension_request = None
        aggregate.declined = (self.by, self.reason)


class Resolved(ByPerson, Moved):
    """An obligation without a day was given one."""

    TOPIC = "planning.task-resolved"

    reason: str | None


class Rescheduled(Moved):
    """The calendar of working days has changed."""

    TOPIC = "planning.task-rescheduled"

    calendar: str


class Revised(TaskEvent):
    """The amended plan requires something else of the task; `obligations` are all that it owes now."""

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
    milestones: list[StoredMilestone]
    roll: Roll
    obligations: list[StoredObligation]
    deadlines: list[date]

    def apply(self, aggregate: TaskState) -> None:
        if aggregate.state == "withdrawn":
            aggregate.state = "assigned"
            aggregate.withdrawn_on = aggregate.completed_on = None
        definition = TaskDefinition(
            self.place, self.code, self.section, self.content, self.deliverable, self.lead, self.support,
            self.schedule_text, self.milestones,
        )  # fmt: skip
        aggregate.set_requirements(definition, self.roll, self.obligations)


class Renumbered(TaskEvent):
    """The amended plan requires the same in another place."""

    TOPIC = "planning.task-renumbered"

    plan_version: int
    place: int
    code: str | None
    section: str | None

    def apply(self, aggregate: TaskState) -> None:
        aggregate.definition = replace(aggregate.definition, place=self.place, code=self.code, section=self.section)


class Withdrawn(ByPerson):
    """`plan_version` is the version that dropped the task, None where the chair withdrew it."""

    TOPIC = "planning.task-withdrawn"

    reason: str
    plan_version: int | None
    content: str
    lead: list[str]
    support: list[str]

    def apply(self, aggregate: TaskState) -> None:
        aggregate.state = "withdrawn"
        aggregate.withdrawn_on = day_of(self.timestamp)
        aggregate.withdrawn_by_plan = self.plan_version is not None
        aggregate.extension_request = None


class Closed(TaskEvent):
    """Its plan has ended; the state of the task stays."""

    TOPIC = "planning.task-closed"

    def apply(self, aggregate: TaskState) -> None:
        aggregate.closed = True


class Reminded(TaskEvent):
    """`tell` are the roles to notify at this step of the escalation.

    `obligation` is None in the first version, which stored the due day only.
    """

    class_version = 2

    content: str
    lead: list[str]
    support: list[str]
    due_on: date
    obligation: str | None
    label: str | None
    tell: list[str]

    def _announce(self, aggregate: TaskState, days: int) -> None:
        """`days` after the deadline, below zero before it."""
        for each in aggregate.obligations:
            if self.obligation in (None, each.key) and each.due == self.due_on:
                aggregate.announced.add((each.key, self.due_on, days))


class DeadlineApproached(Reminded):
    TOPIC = "planning.task-deadline-approached"

    days_before: int
    days_left: int

    @staticmethod
    def upcast_v1_v2(stored: dict[str, object]) -> None:
        stored |= {"obligation": None, "label": None, "tell": ["lead", "support"]}

    def apply(self, aggregate: TaskState) -> None:
        self._announce(aggregate, -self.days_before)


class DeadlineMissed(Reminded):
    TOPIC = "planning.task-deadline-missed"

    days_late: int

    @staticmethod
    def upcast_v1_v2(stored: dict[str, object]) -> None:
        step = next(step for step in FIRST_ESCALATION if step.days == stored["days_late"])
        stored |= {"obligation": None, "label": None, "tell": list(step.tell)}

    def apply(self, aggregate: TaskState) -> None:
        self._announce(aggregate, self.days_late)


def _dated(due_on: date, since: date) -> StoredObligation:
    day = due_on.isoformat()
    return Obligation(day, "deadline", None, None, due_on, due_on, due_on, None, since).stored()
