"""Drafts: a plan read from a document, before anybody issues it."""

from typing import Annotated, Any

from pydantic import Base64Bytes, Field, StringConstraints

from shared.contracts import CommuneQuestion, Message
from shared.contracts.planning.plan_contents import PlanContents
from shared.contracts.planning.values import PLAN_WRITERS

LARGEST_DOCUMENT = 10 * 1024 * 1024  # bytes


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


class IndicatorName(Message):
    indicator: str
    name: str


class PlanDraft(Message):
    """A draft that nobody has issued; nothing of it is stored. `file` has the keys of the plan format.

    `schedules` are the milestones of each task in words; `text` is the document, one entry for each paragraph and row.
    `errors` are why it cannot be issued; `questions` name the targets that no report would assess. `in_force` is the
    plan that it would amend, null where it would be a new one, and `differences` are those to it.
    """

    file: PlanContents
    schedules: tuple[str, ...]
    text: tuple[str, ...]
    errors: tuple[str, ...]
    questions: tuple[str, ...]
    in_force: str | None
    differences: tuple[PlanChange, ...]
    indicators: tuple[IndicatorName, ...]


class DraftPlan(CommuneQuestion[PlanDraft]):
    """Read a plan of a commune from a document, or check the text of a plan file in JSON: one of the two.

    `mended` are the places, from 0, of the tasks of the file whose schedules are to be read again.
    """

    subject = "planning.query.plan-draft.v1"
    roles = PLAN_WRITERS
    largest = LARGEST_DOCUMENT * 4 // 3 + 4096
    answered_within = 50.0
    over_http = False

    document: Base64Bytes | None = None
    file_name: Annotated[str, StringConstraints(max_length=200)] = ""
    file: Annotated[str, StringConstraints(max_length=900_000)] | None = None
    mended: Annotated[tuple[int, ...], Field(max_length=5000)] = ()
