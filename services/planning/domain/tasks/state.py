"""The state of a task: its definition, its obligations, its progress, and the reminders announced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from services.planning.domain.tasks.deadline_rules import escalation_from
from services.planning.domain.tasks.event_fields import (
    ShownRequest,
    StoredEscalationStep,
    StoredMilestone,
    StoredObligation,
    TaskFields,
)
from services.planning.domain.tasks.obligation import OWED, Obligation
from services.planning.domain.tasks.reminder import Reminder, reminders
from shared.calendar import Roll

OPEN = ("assigned", "acknowledged", "in-progress", "returned")
DONE = ("done", "accepted")
WITHDRAWN = "withdrawn"
# Milestones without an obligation: their work is not over when every obligation is fulfilled.
GOES_ON = ("continuous", "on-demand", "unspecified")


def is_open(state: str, *, closed: bool) -> bool:
    return state in OPEN and not closed


@dataclass(frozen=True)
class ExtensionRequest:
    """More time for one obligation, requested and not decided yet."""

    obligation: str
    due_on: date
    reason: str
    by: str
    by_account: str | None = None

    def listed(self) -> ShownRequest:
        return {
            "obligation": self.obligation,
            "due_on": self.due_on.isoformat(),
            "reason": self.reason,
            "by": self.by,
        }


@dataclass(frozen=True)
class TaskDefinition:
    """What a plan requires in one task. `place` is its row in the plan, from 1; `code` the number as printed.

    `continues` is the id of the task of the version in force that it continues, where an amendment names it.
    """

    place: int
    code: str | None
    section: str | None
    content: str
    deliverable: str | None
    lead: list[str]
    support: list[str]
    schedule_text: str | None
    milestones: list[StoredMilestone]
    continues: str | None = None

    def fields(self) -> TaskFields:
        """As the events of a task store it."""
        fields = {name: value for name, value in vars(self).items() if name != "continues"}
        return cast("TaskFields", fields)


class TaskState:
    """States: assigned, acknowledged, in-progress, done, accepted, returned, withdrawn; closed when its plan is."""

    def __init__(
        self,
        *,
        task_id: str,
        plan_id: str,
        commune: str,
        assigned_on: date,
        escalation: list[StoredEscalationStep],
        place: int,
        code: str | None,
        section: str | None,
        content: str,
        deliverable: str | None,
        lead: list[str],
        support: list[str],
        schedule_text: str | None,
        milestones: list[StoredMilestone],
        roll: Roll,
        obligations: Sequence[StoredObligation],
    ) -> None:
        self.task_id = task_id
        self.plan_id = plan_id
        self.commune = commune
        self.assigned_on = assigned_on
        self.state = "assigned"
        self.closed = False
        self.percent = 0
        self.progress: tuple[int, str | None, str, str | None] | None = None
        self.completed_on: date | None = None
        self.done_by: str | None = None
        self.done_by_account: str | None = None
        self.withdrawn_on: date | None = None
        self.withdrawn_by_plan = False
        self.extension_request: ExtensionRequest | None = None
        self.declined: tuple[str, str] | None = None
        self.announced: set[tuple[str, date, int]] = set()
        self.files: set[str] = set()  # of its evidence, by SHA-256
        self.followers: list[str] = []  # as `following_of` writes them
        self.escalation = escalation_from(escalation)
        definition = TaskDefinition(
            place, code, section, content, deliverable, lead, support, schedule_text, milestones
        )
        self.set_requirements(definition, roll, obligations)

    def set_requirements(self, definition: TaskDefinition, roll: Roll, obligations: Sequence[StoredObligation]) -> None:
        self.definition = definition
        self.roll = roll
        self.obligations = [Obligation.from_stored(stored) for stored in obligations]

    @property
    def is_open(self) -> bool:
        return is_open(self.state, closed=self.closed)

    @property
    def forgives_missed_deadlines(self) -> bool:
        """Of a task that is done, or that the chair withdrew; one that an amendment drops comes back as it was."""
        return self.state in DONE or (self.state == WITHDRAWN and not self.withdrawn_by_plan)

    @property
    def owes_nothing(self) -> bool:
        """Whether its last obligation is fulfilled; never of a task that goes on without one."""
        goes_on = any(milestone["kind"] in GOES_ON for milestone in self.definition.milestones)
        return not goes_on and all(each.state == "fulfilled" for each in self.obligations)

    @property
    def deadlines(self) -> list[date]:
        """The due days of open obligations, in order."""
        return due_days(self.obligations)

    @property
    def next_reminder_on(self) -> date | None:
        """The day of the next announcement; None when there is none, or none while the task is not open."""
        return next((reminder.on for reminder in self.pending_reminders()), None)

    def is_late(self, today: date) -> bool:
        """Whether a deadline is missed; also of a task that is withdrawn while it is late."""
        return self.state not in DONE and any(due < today for due in self.deadlines)

    def keeps_missed_deadline(self, today: date) -> bool:
        """Whether a missed deadline is in force although the plan names a later day by now."""
        missed = [each for each in self.obligations if each.state == OWED and each.due and each.due < today]
        return self.state not in DONE and any(each.planned and each.due and each.planned > each.due for each in missed)

    def pending_reminders(self) -> list[Reminder]:
        """Those not announced yet, in the order of their days."""
        if not self.is_open:
            return []
        owing = reminders(self.obligations, self.escalation)
        return [reminder for reminder in owing if reminder.key not in self.announced]

    def obligation(self, key: str) -> Obligation | None:
        return next((obligation for obligation in self.obligations if obligation.key == key), None)

    def to_extend(self, key: str | None) -> list[Obligation]:
        """What an extension can be about: the obligation that it names, else all that are open and have a day."""
        dated = [obligation for obligation in self.obligations if obligation.state == OWED and obligation.due]
        return [obligation for obligation in dated if key in (None, obligation.key)]

    def to_resolve(self, key: str | None) -> list[Obligation]:
        """What waits for its day; named by its key, also one whose day was given before, to put it right."""
        return [
            each
            for each in self.obligations
            if each.unresolved or (each.key == key and each.state == OWED and each.planned is None)
            if key in (None, each.key)
        ]


def due_days(owed: Iterable[Obligation]) -> list[date]:
    """The due days of open obligations, each once, in order."""
    return sorted({each.due for each in owed if each.state == OWED and each.due})
