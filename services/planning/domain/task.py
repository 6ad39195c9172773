"""A task of a commune's plan: whose it is, when it is due, how far it is, and what is announced of its deadlines."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from services.planning.domain.reminder import after, before, reminders
from services.planning.domain.step import Refusal, Step
from shared.clock import day_of
from shared.event_sourcing import Aggregate, Created, Recorded


class Task(Aggregate):
    """Open until completed, and again when reopened. Steps that the body in charge reports are taken or refused."""

    TOPIC = "planning.task"

    class Assigned(Created):
        TOPIC = "planning.task-assigned"

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

    class ProgressReported(Recorded):
        TOPIC = "planning.task-progress-reported"

        task_id: str
        commune: str
        percent: int
        note: str | None
        by: str

        def apply(self, aggregate: "Task") -> None:
            aggregate.percent = self.percent
            aggregate.progress = (self.percent, self.note, self.by)

    class Completed(Recorded):
        TOPIC = "planning.task-completed"

        task_id: str
        commune: str
        completed_on: date
        evidence: str
        note: str | None
        by: str

        def apply(self, aggregate: "Task") -> None:
            aggregate.completed_on = self.completed_on

    class Reopened(Recorded):
        TOPIC = "planning.task-reopened"

        task_id: str
        commune: str
        reason: str
        by: str

        def apply(self, aggregate: "Task") -> None:
            aggregate.completed_on = None

    class StepRefused(Recorded):
        TOPIC = "planning.task-step-refused"

        task_id: str
        commune: str
        step: dict[str, Any]
        rule: str
        sentence: str

    class DeadlineApproached(Recorded):
        TOPIC = "planning.task-deadline-approached"

        task_id: str
        commune: str
        content: str
        lead: list[str]
        support: list[str]
        due_on: date
        days_before: int
        days_left: int

        def apply(self, aggregate: "Task") -> None:
            aggregate.reminders.discard(before(self.due_on, self.days_before))

    class DeadlineMissed(Recorded):
        TOPIC = "planning.task-deadline-missed"

        task_id: str
        commune: str
        content: str
        lead: list[str]
        support: list[str]
        due_on: date
        days_late: int

        def apply(self, aggregate: "Task") -> None:
            aggregate.reminders.discard(after(self.due_on, self.days_late))

    @classmethod
    def assign(cls, plan: UUID, key: str, at: datetime, **what: Any) -> "Task":
        """`key` tells the task from the others of its plan, by what it says and not by where it stands."""
        identity = uuid5(plan, key)
        return cls._create(
            cls.Assigned, id=identity, timestamp=at, task_id=f"t-{identity.hex[:12]}", assigned_on=day_of(at), **what
        )

    def __init__(
        self,
        *,
        task_id: str,
        plan_id: str,
        commune: str,
        place: int,
        code: str | None,
        content: str,
        lead: list[str],
        support: list[str],
        schedule_text: str | None,
        deadlines: Sequence[date],
        assigned_on: date,
    ) -> None:
        self.task_id = task_id
        self.plan_id = plan_id
        self.commune = commune
        self.place = place
        self.code = code
        self.content = content
        self.lead = lead
        self.support = support
        self.schedule_text = schedule_text
        self.deadlines = list(deadlines)
        self.reminders = {reminder for due_on in deadlines for reminder in reminders(due_on, assigned_on)}
        self.progress: tuple[int, str | None, str] | None = None
        self.percent = 0
        self.completed_on: date | None = None

    @property
    def next_reminder_on(self) -> date | None:
        """The day of the next announcement; None when there is none, or none while the task stays completed."""
        return None if self.completed_on or not self.reminders else min(self.reminders).on

    def take(self, step: Step, at: datetime) -> Refusal | None:
        """Take a step or refuse it; one that changes nothing (completed twice) stays quiet. Why it was refused."""
        refusal = step.refusal(completed=self.completed_on is not None)
        if refusal:
            self._record(self.StepRefused, at, step=step.stored(), rule=refusal.rule, sentence=refusal.sentence)
        elif step.step == "reopen":
            self._record(self.Reopened, at, reason=step.note, by=step.by)
        elif step.step == "progress" and self.progress != (step.percent, step.note, step.by):
            self._record(self.ProgressReported, at, percent=step.percent, note=step.note, by=step.by)
        elif step.step == "complete" and not self.completed_on:
            what = {"evidence": step.evidence, "note": step.note, "by": step.by}
            self._record(self.Completed, at, completed_on=day_of(at), **what)
        return refusal

    def announce_deadlines(self, today: date, at: datetime) -> None:
        """Every reminder whose day has come, once, in the order of their days; nothing while the task is completed.

        After an outage it is told with the days that are really left, below zero when the deadline passed meanwhile:
        which reminders there are does not depend on when somebody looked.
        """
        if self.completed_on:
            return
        whose = {"content": self.content, "lead": self.lead, "support": self.support}
        for reminder in sorted(r for r in self.reminders if r.on <= today):
            due_on, days_late = reminder.due_on, reminder.days_late
            if days_late > 0:
                self._record(self.DeadlineMissed, at, due_on=due_on, days_late=days_late, **whose)
            else:
                left = (due_on - today).days
                self._record(
                    self.DeadlineApproached, at, due_on=due_on, days_before=-days_late, days_left=left, **whose
                )

    def _record(self, event: type[Recorded], at: datetime, **what: Any) -> None:
        self.trigger_event(event, timestamp=at, task_id=self.task_id, commune=self.commune, **what)
