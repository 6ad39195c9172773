"""Tasks as they stand, one or many, with their history."""

from datetime import date, datetime, timedelta
from typing import Annotated, Generic

from pydantic import Field

from shared.contracts import Answer, CommuneQuestion, Message, ProvinceQuestion
from shared.contracts.planning.evidence import SCANNED_WITHIN, AttachedFile, FilePart, PartNumber, Sha256
from shared.contracts.planning.task_events import Obligation
from shared.contracts.planning.values import PROVINCE_READERS, TASK_READERS, BodyName, Day, Key

DUE_SOON = timedelta(days=14)


class ExtensionRequest(Message):
    """More time for one obligation, requested and not decided yet."""

    obligation: str
    due_on: date
    reason: str
    by: str


class TaskRow(Message):
    """A task as it stands. `deadlines` are the due days that are open; what is done owes nothing.

    `name` is the commune's, `place` the task's row in its plan; `closed` where the plan has ended. `days_late` counts
    from its first open deadline; `unresolved` are the keys of the open obligations that have no day yet. `followed`:
    the account that asks follows it. `successor` is the name of the commune that this one went into by now.
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
    followed: bool = False
    successor: str | None = None

    def is_due_soon(self, today: date) -> bool:
        """Open, not late, and its first deadline is within `DUE_SOON` from a day on."""
        return self.is_open and not self.days_late and any(due <= today + DUE_SOON for due in self.deadlines)


class FormerCommune(Message):
    """A commune that went into another one; `open` counts its tasks that are open or wait for acceptance."""

    commune: str
    name: str
    open: int


class ListedTasks(Message):
    """In the order of their plans; `today` is the day as of which they stand. `changed_on` are the days on which
    something of these tasks was recorded, whatever the day of knowledge. `former` are those that went into the commune
    by now and have open tasks, of the body where the question names one.
    """

    today: date
    tasks: tuple[TaskRow, ...]
    changed_on: tuple[date, ...] = ()
    former: tuple[FormerCommune, ...] = ()


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


class CommuneTasks(Message):
    """How many tasks a commune has. `successor` is the name of the one that it went into by now."""

    commune: str
    name: str
    successor: str | None
    tasks: int


class ProvinceTasks(Message):
    """Some of the tasks that match and how many match in all: in the order of communes and plans, late ones by days.

    `communes` are those of all tasks that match but for the commune and the words of the question.
    """

    today: date
    total: int
    tasks: tuple[TaskRow, ...]
    communes: tuple[CommuneTasks, ...] = ()


class ListProvinceTasks(ProvinceQuestion[ProvinceTasks]):
    """The tasks of the communes of a province, and of those that went into them, as known at the end of a day.

    `late` keeps late ones, the latest first; `followed` those that the account which asks follows; `commune` those of a
    commune; `words` those that have each of them in their number, their content, or the name of a body or the commune.

    The first `skip` are left out.
    """

    subject = "planning.query.province-tasks.v1"
    roles = PROVINCE_READERS

    late: bool = False
    followed: bool = False
    commune: Annotated[str, Field(max_length=80)] | None = None
    words: Annotated[str, Field(max_length=200)] | None = None
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
    file: AttachedFile | None = None


class TaskWithHistory(Message):
    """`files_scanned`: the server has evidence files scanned for viruses before it keeps them and hands them out."""

    today: date
    task: TaskRow
    history: tuple[HistoryEntry, ...]
    files_scanned: bool = False


class ShowTask(TaskQuestion[TaskWithHistory]):
    """One task of the commune with its history."""

    subject = "planning.query.task.v1"

    task_id: Key


class ShowEvidence(TaskQuestion[FilePart]):
    """A part of a file that is attached to a task. Refused: with a virus."""

    subject = "planning.query.evidence.v1"
    answered_within = SCANNED_WITHIN
    over_http = False

    task_id: Key
    sha256: Sha256
    part: PartNumber = 0
