"""What Planning can be sent, and what it announces."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from shared.contracts import Event, Message, Submission, Text


class Target(Message):
    """What is asked of a rate, in percent: any of four bounds, each Decimal or None."""

    at_least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None


# Named by whoever sends it, so without what PostgreSQL keeps in no text.
Key = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f]*$")]


def _written_as_a_day(said: object) -> object:
    """pydantic takes a number, and a text of digits, for seconds since 1970."""
    if not isinstance(said, date) and not (isinstance(said, str) and ISO_DAY.fullmatch(said)):
        raise ValueError("must be a day written as 2025-01-31")
    return said


ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[date, BeforeValidator(_written_as_a_day), Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]


class TaskStep(Message):
    """One step of a task's life. `role` is as what `by` speaks: a body that leads or supports, the centre, the chair.

    `evidence` is a text or a link; a completion needs one. `percent` goes with progress only, `note` is also the reason
    of a step that needs one, `due_on` the new day of an extension or a resolution. `event_on` is the day of the event
    after which something is due, where the plan says after how many days. `obligation` is the key of the one obligation
    that the step is about, null for the whole task.
    """

    task_id: Key
    step: Literal["acknowledge", "progress", "complete", "accept", "return", "extend", "resolve", "withdraw", "reopen"]
    role: Literal["body", "one-stop-centre", "chair"] = "body"
    obligation: Key | None = None
    due_on: Day | None = None
    event_on: Day | None = None
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    note: Text | None = None
    evidence: Text | None = None
    by: Text


class ReportProgress(Submission):
    kind: ClassVar[str] = "progress"

    # Each step is an event, and all of a submission are committed at once, in at most 1,000 events.
    steps: Annotated[tuple[TaskStep, ...], Field(min_length=1, max_length=500)]


class CommuneRegistered(Event):
    """A commune takes part. `commune` is our own id and never changes; `code` is an attribute that may.

    Of a commune that is gone by now its place may be unknown, and its first day; its code is empty where it had none.
    """

    subject = "planning.event.commune-registered.v1"

    commune: str
    code: str
    name: str
    kind: str
    province: str
    province_name: str
    latitude: float | None
    longitude: float | None
    in_force_from: date | None


class CommuneEvent(Event):
    """What becomes of a commune from a day on, by which act. What it counted before that day stays as it was told."""

    commune: str
    in_force_from: date
    source: str


class CommuneMerged(CommuneEvent):
    """That day it is there no longer: it is a part of another."""

    subject = "planning.event.commune-merged.v1"

    into: str


class SuccessorPart(Message):
    """A successor, and the share of the counts that it takes over ("2/5"); null where nobody said which."""

    commune: str
    share: str | None = None


class CommuneDivided(CommuneEvent):
    """That day it is there no longer: it is parts of several, the main successor first."""

    subject = "planning.event.commune-divided.v1"

    into: Annotated[tuple[SuccessorPart, ...], Field(min_length=2)]


class CommuneRenamed(CommuneEvent):
    """`code` is null where it stays."""

    subject = "planning.event.commune-renamed.v1"

    name: str
    code: str | None


class CommuneMovedToProvince(CommuneEvent):
    """`code` is null where it stays."""

    subject = "planning.event.commune-moved-to-province.v1"

    province: str
    province_name: str
    code: str | None


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


class PlanAmended(PlanIssued):
    """Another version is in force: everything as it says now. The tasks' own announcements tell what became of them."""

    subject = "planning.event.plan-amended.v1"

    version: int
    amended_on: date
    reason: str
    by: str
    added: tuple[str, ...]
    revised: tuple[str, ...]
    withdrawn: tuple[str, ...]


class PlanClosed(Event):
    subject = "planning.event.plan-closed.v1"

    plan_id: str
    commune: str | None
    closed_on: date
    reason: str
    by: str


class Obligation(Message):
    """One thing that a task owes. `period` is that of what recurs.

    `planned` is the day that the plan names, `nominal` the one in force, `due` the nominal day as the calendar moves
    it; all are null until somebody says when it is due.
    """

    key: str
    kind: str
    label: str | None
    period: str | None
    planned: date | None
    nominal: date | None
    due: date | None
    calendar: str | None
    state: Literal["open", "fulfilled"]


class TaskAssigned(Event):
    """`deadlines` are the last acceptable days, as the calendar moves them, of what the task owes, in order."""

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
    obligations: tuple[Obligation, ...] = ()


class TaskEvent(Event):
    task_id: str
    commune: str


class DeadlineApproaching(TaskEvent):
    """`days_before` is the step announced, `tell` the roles that the plan's escalation tells at it: lead, support.

    After an outage `days_left` is smaller than `days_before`, even below 0.
    """

    subject = "planning.event.deadline-approaching.v1"

    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due_on: date
    days_before: int
    days_left: int
    tell: tuple[str, ...] = ("lead", "support")
    obligation: str | None = None
    label: str | None = None


class DeadlineMissed(TaskEvent):
    """`days_late` is the step announced, `tell` the roles that the plan's escalation tells at it.

    Roles: lead, support, one-stop-centre, chair, provincial-office.
    """

    subject = "planning.event.deadline-missed.v1"

    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due_on: date
    days_late: int
    tell: tuple[str, ...] = ("lead",)
    obligation: str | None = None
    label: str | None = None


class ProgressReported(TaskEvent):
    subject = "planning.event.progress-reported.v1"

    percent: int
    note: str | None
    by: str
    evidence: str | None = None


class TaskAcknowledged(TaskEvent):
    subject = "planning.event.task-acknowledged.v1"

    by: str


class ObligationFulfilled(TaskEvent):
    """One of several things that the task owes is done; `deadlines` are the due days that stay open."""

    subject = "planning.event.obligation-fulfilled.v1"

    obligation: str
    due_on: date | None
    fulfilled_on: date
    evidence: str
    by: str
    deadlines: tuple[date, ...]


class TaskAccepted(TaskEvent):
    subject = "planning.event.task-accepted.v1"

    by: str
    note: str | None


class TaskReturned(TaskEvent):
    """What was reported done is not accepted: the task is open again."""

    subject = "planning.event.task-returned.v1"

    by: str
    reason: str
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskMoved(TaskEvent):
    """`obligations` are those that have another day now; `deadlines` all due days that are open after it."""

    obligations: tuple[Obligation, ...]
    deadlines: tuple[date, ...]
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskExtended(TaskMoved):
    subject = "planning.event.task-extended.v1"

    reason: str
    by: str


class TaskResolved(TaskMoved):
    """Somebody said when what had no day is due."""

    subject = "planning.event.task-resolved.v1"

    reason: str | None
    by: str


class TaskRescheduled(TaskMoved):
    """The calendar of working days has changed; `calendar` is its version."""

    subject = "planning.event.task-rescheduled.v1"

    calendar: str


class TaskRevised(TaskEvent):
    """What an amended plan asks instead; a task that had been withdrawn is asked again."""

    subject = "planning.event.task-revised.v1"

    plan_version: int
    code: str | None
    content: str
    deliverable: str | None
    lead: tuple[str, ...]
    support: tuple[str, ...]
    schedule_text: str | None
    deadlines: tuple[date, ...]
    obligations: tuple[Obligation, ...]


class TaskWithdrawn(TaskEvent):
    """Asked no longer; `plan_version` is null where the chair withdrew this one task."""

    subject = "planning.event.task-withdrawn.v1"

    by: str
    reason: str
    plan_version: int | None
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskClosed(TaskEvent):
    """Its plan has ended; the task stays as it stood."""

    subject = "planning.event.task-closed.v1"


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
