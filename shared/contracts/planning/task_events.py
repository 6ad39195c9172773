"""What becomes of a task: assigned, worked on, completed, revised, withdrawn."""

from datetime import date
from typing import Literal

from shared.contracts import Event, Message


class Obligation(Message):
    """One obligation of a task. `period` is the period of a recurring one.

    `planned` is the day in the plan, `nominal` the one in force, `due` the nominal day as moved by the calendar of
    working days; all are null until the day is known. `calendar` is the calendar's version.
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
    """A task of a plan is assigned. `deadlines` are the due days of its obligations, in order.

    `lead` and `support` are names of bodies as the plan writes them; `schedule_text` is the plan's own phrase.
    """

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
    """A change of a task. `lead` and `support`, where given, are the bodies that lead and support it."""

    task_id: str
    commune: str


class ProgressReported(TaskEvent):
    """`percent` of the task is done, according to `by`."""

    subject = "planning.event.progress-reported.v1"

    percent: int
    note: str | None
    by: str
    by_account: str | None = None
    evidence: str | None = None


class TaskAcknowledged(TaskEvent):
    """A body has confirmed that it received the task."""

    subject = "planning.event.task-acknowledged.v1"

    by: str
    by_account: str | None = None


class ObligationFulfilled(TaskEvent):
    """One of several obligations of a task is fulfilled; `deadlines` are the due days that stay open."""

    subject = "planning.event.obligation-fulfilled.v1"

    obligation: str
    due_on: date | None
    fulfilled_on: date
    evidence: str
    by: str
    by_account: str | None = None
    deadlines: tuple[date, ...]


class TaskAccepted(TaskEvent):
    """The centre or the chair has accepted a completed task."""

    subject = "planning.event.task-accepted.v1"

    by: str
    by_account: str | None = None
    note: str | None


class TaskReturned(TaskEvent):
    """The centre or the chair has not accepted a completed task: it is open again."""

    subject = "planning.event.task-returned.v1"

    by: str
    by_account: str | None = None
    reason: str
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskCommented(TaskEvent):
    """Somebody has remarked on the task, in one of the roles of its life; the task stays as it is."""

    subject = "planning.event.task-commented.v1"

    by: str
    by_account: str | None = None
    role: str
    note: str
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskFollowed(TaskEvent):
    """Somebody gets the notices about the task from now on, where its role in the life of a task has its mail.

    `grant` is that of the account, with which it followed: with it the following ends for good.
    """

    subject = "planning.event.task-followed.v1"

    by: str
    by_account: str | None = None
    role: str
    grant: str | None = None


class TaskUnfollowed(TaskEvent):
    """Somebody gets no more notices than before it followed the task."""

    subject = "planning.event.task-unfollowed.v1"

    by: str
    by_account: str | None = None


class TaskRevised(TaskEvent):
    """The task as an amended plan has it; a task that had been withdrawn is assigned again."""

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
    """The task need not be done any more; `plan_version` is null where the chair withdrew this one task."""

    subject = "planning.event.task-withdrawn.v1"

    by: str
    by_account: str | None = None
    reason: str
    plan_version: int | None
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskClosed(TaskEvent):
    """Its plan has ended; the task stays as it stood."""

    subject = "planning.event.task-closed.v1"


class TaskCompleted(TaskEvent):
    """The task, or the last of its obligations, is reported done, with its evidence."""

    subject = "planning.event.task-completed.v1"

    completed_on: date
    evidence: str
    by: str
    by_account: str | None = None


class TaskReopened(TaskEvent):
    """A completed task is open again."""

    subject = "planning.event.task-reopened.v1"

    reason: str
    by: str
    by_account: str | None = None
