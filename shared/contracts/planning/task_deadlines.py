"""Deadlines of tasks: near, missed, moved, and more time requested."""

from datetime import date

from shared.contracts.planning.task_events import Obligation, TaskEvent
from shared.task_roles import LEAD, SUPPORT


class DeadlineApproaching(TaskEvent):
    """A deadline is `days_before` days away. `tell` are the roles to notify at this step: lead, support.

    After an outage `days_left` is smaller than `days_before`, even below 0.
    """

    subject = "planning.event.deadline-approaching.v1"

    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due_on: date
    days_before: int
    days_left: int
    tell: tuple[str, ...] = (LEAD, SUPPORT)
    obligation: str | None = None
    label: str | None = None


class DeadlineMissed(TaskEvent):
    """A deadline has passed by `days_late` days. `tell` are the roles to notify at this step of the escalation.

    Roles: those of `NotifiedRole` in shared/task_roles.py.
    """

    subject = "planning.event.deadline-missed.v1"

    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due_on: date
    days_late: int
    tell: tuple[str, ...] = (LEAD,)
    obligation: str | None = None
    label: str | None = None


class TaskMoved(TaskEvent):
    """A due day has changed: `obligations` are those with another day, `deadlines` all due days that are open now."""

    obligations: tuple[Obligation, ...]
    deadlines: tuple[date, ...]
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskExtended(TaskMoved):
    """The chair has given the task more time."""

    subject = "planning.event.task-extended.v1"

    reason: str
    by: str
    by_account: str | None = None


class TaskExtensionRequested(TaskEvent):
    """Somebody asks the chair for more time, until `requested`; `due_on` is the deadline as it stands."""

    subject = "planning.event.task-extension-requested.v1"

    obligation: str
    label: str | None
    due_on: date | None
    requested: date
    reason: str
    by: str
    by_account: str | None = None
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskExtensionDeclined(TaskEvent):
    """The chair gives no more time; the deadline stays. `requested` and `requested_by` are those of the request."""

    subject = "planning.event.task-extension-declined.v1"

    obligation: str
    requested: date
    requested_by: str
    reason: str
    by: str
    by_account: str | None = None
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]


class TaskResolved(TaskMoved):
    """An obligation without a day has its day now."""

    subject = "planning.event.task-resolved.v1"

    reason: str | None
    by: str
    by_account: str | None = None


class TaskRescheduled(TaskMoved):
    """The calendar of working days has changed; `calendar` is its version."""

    subject = "planning.event.task-rescheduled.v1"

    calendar: str
