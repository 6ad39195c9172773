"""Messages of Planning: the submissions that it takes, and the events that it announces."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, Literal

from pydantic import Base64Bytes, BeforeValidator, ConfigDict, FailFast, Field, StringConstraints

from shared.contracts import (
    Answer,
    Command,
    CommuneQuestion,
    Event,
    Message,
    ProvinceCode,
    ProvinceQuestion,
    Submission,
    Text,
    UnreadableMessageParked,
)
from shared.grants import Role
from shared.roles import BODY, CHAIR, LEAD, ONE_STOP_CENTRE, SUPPORT, StepRole


class Target(Message):
    """The bounds of a rate, in percent; any of the four, each a Decimal or None.

    With `change` they bound by how many percent of itself the rate goes up or down since the period before.
    """

    change: Literal["up", "down"] | None = None
    at_least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None


# Named by whoever sends it, so without what PostgreSQL keeps in no text.
Key = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f]*$")]


def _written_as_a_day(value: object) -> object:
    """pydantic takes a number, and a text of digits, for seconds since 1970."""
    if not isinstance(value, date) and not (isinstance(value, str) and ISO_DAY.fullmatch(value)):
        raise ValueError("must be a day written as 2025-01-31")
    return value


ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[date, BeforeValidator(_written_as_a_day), Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]


# The role of an account that may report a step in a role of the task's life.
STEP_ROLES: Mapping[str, tuple[Role, ...]] = {ONE_STOP_CENTRE: ("clerk",), CHAIR: ("chair",)}


class TaskStep(Message):
    """One step of a task. `role` is the role in which `by` acts: a body that leads or supports, the centre, the chair.

    `evidence` is a text or a link; a completion needs one. `percent` goes with progress only, `note` is also the reason
    of a step that needs one, `due_on` the new day of an extension, requested or given, or of a resolution. An extension
    without a day gives what was requested. `event_on` is the day of the event after which something is due, where the
    plan says after how many days. `obligation` is the key of the one obligation that the step is about, null for the
    whole task.
    """

    task_id: Key
    step: Literal[
        "acknowledge",
        "progress",
        "complete",
        "accept",
        "return",
        "request-extension",
        "decline-extension",
        "extend",
        "resolve",
        "withdraw",
        "reopen",
    ]
    role: StepRole = "body"
    obligation: Key | None = None
    due_on: Day | None = None
    event_on: Day | None = None
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    note: Text | None = None
    evidence: Text | None = None
    by: Text


class ReportProgress(Submission):
    """Steps of tasks of the commune. Each is recorded or refused; all are committed together."""

    kind: ClassVar[str] = "progress"

    # Each step is an event, and all of a submission are committed at once, in at most 1,000 events.
    steps: Annotated[tuple[TaskStep, ...], Field(min_length=1, max_length=500), FailFast()]

    def needed_grants(self) -> list[tuple[tuple[Role, ...], str | None]]:
        """A step of a body needs the grant for that body, which `by` names; the centre's and the chair's their role."""
        of_bodies = {step.by for step in self.steps if step.role == BODY}
        others = {step.role for step in self.steps if step.role != BODY}
        return [*((("office",), body) for body in of_bodies), *((STEP_ROLES[role], None) for role in others)]


class RegisterCommunes(Command):
    """The province registers its communes of the register in force: those with these codes, or all.

    `with_predecessors` registers those of before 2025-07-01 as well, with their end, whose successors take part.
    """

    kind: ClassVar[str] = "register"
    roles = ("provincial-officer",)

    codes: Annotated[tuple[Key, ...], Field(min_length=1, max_length=1000)] | None = None
    with_predecessors: bool = False


class EstablishCommune(Command):
    """A commune that the register does not know takes part in the province from a day on."""

    kind: ClassVar[str] = "establish"
    roles = ("provincial-officer",)

    code: ProvinceCode
    name: Annotated[Text, Field(min_length=1)]
    in_force_from: Day


class ChangeCommune(Command):
    """A change of the commune in the subject from a day on, by the act `source`. Communes are named by their ids."""

    roles = ("provincial-officer",)

    in_force_from: Day
    source: Annotated[Text, Field(min_length=1)]


class MergeCommune(ChangeCommune):
    """The commune becomes a part of another one."""

    kind: ClassVar[str] = "merge"

    into: Key


class DividedPart(Message):
    """A successor, and the share that it takes over, such as "2/5" or "40%"; null where it is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    commune: Key
    share: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}([/.,][0-9]{1,6})? ?%?$")] | None = None


class DivideCommune(ChangeCommune):
    """The commune is divided among several, the main one first; with shares for all of them or for none."""

    kind: ClassVar[str] = "divide"

    into: Annotated[tuple[DividedPart, ...], Field(min_length=2, max_length=50)]


class RenameCommune(ChangeCommune):
    """Another name, another code, or both; null is what stays."""

    kind: ClassVar[str] = "rename"

    name: Annotated[Text, Field(min_length=1)] | None = None
    code: ProvinceCode | None = None


class MoveCommune(ChangeCommune):
    """The commune belongs to another province; its code stays where `code` is null."""

    kind: ClassVar[str] = "move"

    province: ProvinceCode
    code: ProvinceCode | None = None


class OfPlanFile(Command):
    """`file` is the text of a plan file. On `desk.province-…` it is the standard plan of the province."""

    roles = ("chair", "provincial-officer")

    file: Annotated[str, StringConstraints(min_length=1, max_length=900_000)]
    format: Literal["yaml", "json"] = "yaml"


class IssuePlan(OfPlanFile):
    """Put a plan in force; a standard one for each commune of the province that has none as well."""

    kind: ClassVar[str] = "issue-plan"

    issued_on: Day | None = None


class AmendPlan(OfPlanFile):
    """Put another version of a plan in force; of a standard one also of the plans that were made from it."""

    kind: ClassVar[str] = "amend-plan"

    reason: Annotated[Text, Field(min_length=1)]


class ClosePlan(Command):
    """End a plan: its tasks stay as they are, and nobody is reminded of them."""

    kind: ClassVar[str] = "close-plan"
    roles = ("chair", "provincial-officer")

    plan_id: Key
    reason: Annotated[Text, Field(min_length=1)]


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
    by: str | None = None
    by_account: str | None = None


class CommuneEvent(Event):
    """A change of a commune from `in_force_from` on, by the act `source`. Its earlier counts stay as they are.

    In this event and those below `by` did it, by the account `by_account`, which is null where a name was typed at the
    province's terminal and in announcements of the time before accounts; `by` is null where nobody was named.
    """

    commune: str
    in_force_from: date
    source: str
    by: str | None = None
    by_account: str | None = None


class CommuneMerged(CommuneEvent):
    """From that day on the commune is a part of another one."""

    subject = "planning.event.commune-merged.v1"

    into: str


class SuccessorPart(Message):
    """A successor, and the share of the counts that it takes over, such as "2/5"; null where none was given."""

    commune: str
    share: str | None = None


class CommuneDivided(CommuneEvent):
    """From that day on the commune is divided among several, the main successor first."""

    subject = "planning.event.commune-divided.v1"

    into: Annotated[tuple[SuccessorPart, ...], Field(min_length=2)]


class CommuneRenamed(CommuneEvent):
    """The commune has another name, code or both; `code` is null where it stays."""

    subject = "planning.event.commune-renamed.v1"

    name: str
    code: str | None


class CommuneMovedToProvince(CommuneEvent):
    """The commune belongs to another province; `code` is null where it stays."""

    subject = "planning.event.commune-moved-to-province.v1"

    province: str
    province_name: str
    code: str | None


class TargetSet(Message):
    """A target of one plan. `indicator` is null for a target that no indicator measures.

    `scope` names the part that it holds for, in the plan's words; `field` holds the fields of that part, where known.
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
    by: str | None = None
    by_account: str | None = None


class PlanAmended(PlanIssued):
    """Another version of a plan is in force, given in full; changes of its tasks are announced one by one.

    `added`, `revised` and `withdrawn` are ids of tasks.
    """

    subject = "planning.event.plan-amended.v1"

    version: int
    amended_on: date
    reason: str
    by: str
    added: tuple[str, ...]
    revised: tuple[str, ...]
    withdrawn: tuple[str, ...]


class PlanClosed(Event):
    """A plan has ended: nobody is reminded of its tasks any more."""

    subject = "planning.event.plan-closed.v1"

    plan_id: str
    commune: str | None
    closed_on: date
    reason: str
    by: str
    by_account: str | None = None


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

    Roles: those of `NotifiedRole` in shared/roles.py.
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


class MessageParked(UnreadableMessageParked):
    subject = "planning.event.message-parked.v1"


class ExtensionRequest(Message):
    """More time for one obligation, requested and not decided yet."""

    obligation: str
    due_on: date
    reason: str
    by: str


class TaskRow(Message):
    """A task as it stands. `deadlines` are the due days that are open; what is done owes nothing.

    `name` is the commune's, `place` the task's row in its plan; `closed` where the plan has ended. `days_late` counts
    from its first open deadline; `unresolved` are the keys of the open obligations that have no day yet.
    """

    task_id: str
    plan_id: str
    commune: str
    name: str
    place: int
    code: str | None
    content: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    schedule_text: str | None
    deadlines: tuple[date, ...]
    state: str
    percent: int
    completed_on: date | None
    obligations: tuple[Obligation, ...]
    closed: bool
    withdrawn_on: date | None
    extension_request: ExtensionRequest | None
    is_open: bool
    days_late: int
    unresolved: tuple[str, ...]


class ListedTasks(Message):
    """In the order of their plans; `today` is the day as of which they stand."""

    today: date
    tasks: tuple[TaskRow, ...]


BodyName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
TASK_READERS: tuple[Role, ...] = ("clerk", "office", "chair", "provincial-officer", "auditor")
PLAN_READERS: tuple[Role, ...] = ("clerk", "chair", "provincial-officer", "auditor")
PROVINCE_READERS: tuple[Role, ...] = ("provincial-officer", "auditor")
MOST_TASKS = 1000  # of one answer about a province


class TaskQuestion(CommuneQuestion[Answer], Generic[Answer]):
    """`body` keeps the tasks that it leads or supports, as plans name it; an office asks about its own body only.

    `known_at`: as known at the end of that day in Viet Nam.
    """

    roles = TASK_READERS

    body: BodyName | None = None
    known_at: Day | None = None

    @property
    def body_of(self) -> str | None:
        return self.body


class ListTasks(TaskQuestion[ListedTasks]):
    """The tasks of a commune, withdrawn ones among them."""

    subject = "planning.query.tasks.v1"


class ProvinceTasks(Message):
    """Some of the tasks that match, in the order of communes and plans, and how many match in all."""

    today: date
    total: int
    tasks: tuple[TaskRow, ...]


class ListProvinceTasks(ProvinceQuestion[ProvinceTasks]):
    """The tasks of the communes of a province, as known at the end of a day in Viet Nam; `late` keeps late ones.

    The first `skip` are left out.
    """

    subject = "planning.query.province-tasks.v1"
    roles = PROVINCE_READERS

    late: bool = False
    known_at: Day | None = None
    skip: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    most: Annotated[int, Field(ge=1, le=MOST_TASKS)] = MOST_TASKS


class HistoryEntry(Message):
    """One thing that happened to a task. `by` is null for what no person did, `by_account` where no account acted;
    `note` is also the reason.

    `act` is the part of the stored event's name after "planning.task-", such as `completed`.
    """

    at: datetime
    act: str
    by: str | None
    by_account: str | None = None
    note: str | None
    evidence: str | None
    percent: int | None
    obligation: str | None
    due_on: date | None


class TaskWithHistory(Message):
    today: date
    task: TaskRow
    history: tuple[HistoryEntry, ...]


class ShowTask(TaskQuestion[TaskWithHistory]):
    """One task of the commune with its history."""

    subject = "planning.query.task.v1"

    task_id: Key


class PlanRow(Message):
    """A plan. `commune` and `name` are null for a province's standard plan; `completed` of its `tasks` are done."""

    plan_id: str
    commune: str | None
    name: str | None
    province: str
    regime: str
    year: int
    title: str
    issued_on: date
    standard_plan_id: str | None
    version: int
    closed_on: date | None
    tasks: int
    completed: int


class ListedPlans(Message):
    plans: tuple[PlanRow, ...]


class ListPlans(CommuneQuestion[ListedPlans]):
    """The plans of a commune, and the standard plans of its province."""

    subject = "planning.query.plans.v1"
    roles = PLAN_READERS


class ListProvincePlans(ProvinceQuestion[ListedPlans]):
    """The plans of a province and of its communes."""

    subject = "planning.query.province-plans.v1"
    roles = PROVINCE_READERS


class PlanVersion(Message):
    """A version of a plan: who put it in force and why, and how many tasks it added, revised and withdrew."""

    version: int
    recorded_at: datetime
    by: str | None
    reason: str | None
    added: int = 0
    revised: int = 0
    withdrawn: int = 0


class PlanInForce(Message):
    """A plan in force; `file` has the keys of the plan format. Its versions so far, the last one first."""

    plan_id: str
    file: dict[str, Any]
    versions: tuple[PlanVersion, ...] = ()


class ShowPlan(CommuneQuestion[PlanInForce]):
    """A plan of the commune, or a standard plan of its province; without `plan_id` the commune's last one.

    `known_at`: as known at the end of that day in Viet Nam.
    """

    subject = "planning.query.plan.v1"
    roles = PLAN_READERS

    plan_id: Key | None = None
    known_at: Day | None = None


LARGEST_DOCUMENT = 10 * 1024 * 1024  # bytes
PLAN_WRITERS: tuple[Role, ...] = ("chair", "provincial-officer")


class ChangedPart(Message):
    """A key of the plan format with another value."""

    key: str
    before: Any
    after: Any


class PlanChange(Message):
    """A difference to the plan in force. `kind` is plan, task or target; `how` added, changed or withdrawn."""

    kind: str
    how: str
    name: str
    changes: tuple[ChangedPart, ...] = ()


class NamedIndicator(Message):
    indicator: str
    name: str


class PlanDraft(Message):
    """A draft that nobody has issued; nothing of it is stored. `file` has the keys of the plan format.

    `schedules` are the milestones of each task in words; `text` is the document, one entry for each paragraph and row.
    `errors` are why it cannot be issued; `questions` name the targets that no report would assess. `in_force` is the
    plan that it would amend, null where it would be a new one, and `differences` are those to it.
    """

    file: dict[str, Any]
    schedules: tuple[str, ...]
    text: tuple[str, ...]
    errors: tuple[str, ...]
    questions: tuple[str, ...]
    in_force: str | None
    differences: tuple[PlanChange, ...]
    indicators: tuple[NamedIndicator, ...]


class DraftPlan(CommuneQuestion[PlanDraft]):
    """Read a plan of a commune from a document, or check the text of a plan file in JSON: one of the two.

    `mended` are the places, from 0, of the tasks of the file whose schedules are to be read again.
    """

    subject = "planning.query.plan-draft.v1"
    roles = PLAN_WRITERS
    largest = LARGEST_DOCUMENT * 4 // 3 + 4096
    answered_within = 30.0
    over_http = False

    document: Base64Bytes | None = None
    file_name: Annotated[str, StringConstraints(max_length=200)] = ""
    file: Annotated[str, StringConstraints(max_length=900_000)] | None = None
    mended: Annotated[tuple[int, ...], Field(max_length=5000)] = ()


class CommuneRow(Message):
    """`commune` is our own id and never changes; the code and the name are those of the day that was asked for."""

    commune: str
    code: str
    name: str
    province: str
    in_force_from: date | None
    gone_from: date | None


class ListedCommunes(Message):
    """`province_name` is empty where the register does not know the province."""

    communes: tuple[CommuneRow, ...]
    province_name: str = ""


class ListCommunes(ProvinceQuestion[ListedCommunes]):
    """The communes of a province that exist on a day, today without one."""

    subject = "planning.query.communes.v1"
    roles = ("clerk", "office", "chair", "provincial-officer", "auditor", "operator")

    on: Day | None = None
