"""Steps of tasks, as communes report them."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import FailFast, Field

from shared.contracts import Message, Submission, Text
from shared.contracts.planning.evidence import NamedFile
from shared.contracts.planning.values import Day, Key
from shared.grants import Role
from shared.task_roles import BODY, CHAIR, ONE_STOP_CENTRE, PROVINCIAL_OFFICE, StepRole

# The role of an account that may report a step in a role of the task's life.
STEP_ROLES: Mapping[str, tuple[Role, ...]] = {
    ONE_STOP_CENTRE: ("clerk",),
    CHAIR: ("chair",),
    PROVINCIAL_OFFICE: ("provincial-officer",),
}


class TaskStep(Message):
    """One step of a task. `role` is the role in which `by` acts: a body that leads or supports, the centre, the chair.

    `evidence` is a text or a link; a completion needs one. `percent` goes with progress only, `note` is also the reason
    of a step that needs one, `due_on` the new day of an extension, requested or given, or of a resolution. An extension
    without a day gives what was requested. `event_on` is the day of the event after which something is due, where the
    plan says after how many days. `obligation` is the key of the one obligation that the step is about, null for the
    whole task. `file` is the file that `attach` adds to the evidence; its bytes are sent before. A `comment` changes
    nothing else; who follows gets the notices that the bodies get.
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
        "attach",
        "comment",
        "follow",
        "unfollow",
    ]
    role: StepRole = "body"
    obligation: Key | None = None
    due_on: Day | None = None
    event_on: Day | None = None
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    note: Text | None = None
    evidence: Text | None = None
    file: NamedFile | None = None
    by: Text


def needed_grant(step: TaskStep) -> tuple[tuple[Role, ...], str | None]:
    """The roles of which an account needs one, and for which body: which `by` names for a step of a body."""
    return (("office",), step.by) if step.role == BODY else (STEP_ROLES[step.role], None)


class ReportProgress(Submission):
    """Steps of tasks of the commune. Each is recorded or refused; all are committed together."""

    kind: ClassVar[str] = "progress"

    # Each step is an event, and all of a submission are committed at once, in at most 1,000 events.
    steps: Annotated[tuple[TaskStep, ...], Field(min_length=1, max_length=500), FailFast()]

    def needed_grants(self) -> list[tuple[tuple[Role, ...], str | None]]:
        """Of each step, each once."""
        return list({needed_grant(step) for step in self.steps})
