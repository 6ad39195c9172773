"""What Planning can be sent, and what it announces."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from shared.contracts import Event, Message, Submission, Text


class Target(Message):
    """What is asked of a rate, in percent: any of four bounds, each Decimal or None."""

    at_least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None


class TaskStep(Message):
    """One step of a task's life, said by the body that leads or supports it.

    `evidence` is a text or a link; a completion needs one. `percent` goes with progress only.
    """

    task_id: Annotated[str, StringConstraints(max_length=80)]
    step: Literal["progress", "complete", "reopen"]
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    note: Text | None = None
    evidence: Text | None = None
    by: Text


class ReportProgress(Submission):
    kind: ClassVar[str] = "progress"

    # Each step is an event, and all of a submission are committed at once, in at most 1,000 events.
    steps: Annotated[tuple[TaskStep, ...], Field(min_length=1, max_length=500)]


class CommuneRegistered(Event):
    """A commune takes part. `commune` is our own id and never changes; `code` is an attribute that may."""

    subject = "planning.event.commune-registered.v1"

    commune: str
    code: str
    name: str
    kind: str
    province: str
    province_name: str
    latitude: float
    longitude: float
    in_force_from: date


class TargetSet(Message):
    """A target of one plan. `indicator` is null for a target that no indicator measures.

    `scope` names the part that it holds for, as the plan says it; `field` holds the fields of that part, where known.
    """

    indicator: str | None
    name: str
    target: Target | None
    target_text: str
    scope: str | None = None
    field: tuple[str, ...] | None = None


class PlanIssued(Event):
    """A plan is in force. `commune` is null for the province's own standard plan, whose targets are the province's."""

    subject = "planning.event.plan-issued.v1"

    plan_id: str
    commune: str | None
    province: str
    title: str
    regime: str
    year: int
    span_from: date
    span_until: date
    issued_on: date
    targets: tuple[TargetSet, ...]


class TaskAssigned(Event):
    """`deadlines` are the last acceptable days of the task's deadline milestones, in order."""

    subject = "planning.event.task-assigned.v1"

    task_id: str
    plan_id: str
    commune: str
    code: str | None
    content: str
    deliverable: str | None
    lead: tuple[str, ...]
    support: tuple[str, ...]
    schedule_text: str | None
    deadlines: tuple[date, ...]


class TaskEvent(Event):
    task_id: str
    commune: str


class DeadlineApproaching(TaskEvent):
    """`days_before` is the step announced: 7, 3 or 1. After an outage `days_left` is smaller, even below 0."""

    subject = "planning.event.deadline-approaching.v1"

    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due_on: date
    days_before: int
    days_left: int


class DeadlineMissed(TaskEvent):
    """`days_late` is the step announced: 1 when missed, 3 when it stays missed for 3 days."""

    subject = "planning.event.deadline-missed.v1"

    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due_on: date
    days_late: int


class ProgressReported(TaskEvent):
    subject = "planning.event.progress-reported.v1"

    percent: int
    note: str | None
    by: str


class TaskCompleted(TaskEvent):
    subject = "planning.event.task-completed.v1"

    completed_on: date
    evidence: str
    by: str


class TaskReopened(TaskEvent):
    subject = "planning.event.task-reopened.v1"

    reason: str
    by: str


class MessageParked(Event):
    """A message to Planning that nobody could read; its body is kept in Planning's store."""

    subject = "planning.event.message-parked.v1"

    commune: str
    submission_id: str
    kind: str
    reason: str
    sha256: str
    size_bytes: int
