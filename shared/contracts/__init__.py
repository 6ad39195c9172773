"""The words services and communes exchange: every message that crosses a border."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

# What people write: no control characters (PostgreSQL keeps no NUL), and an end.
Text = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")]


class Message(BaseModel):
    """Read-only; a reader ignores the fields it does not know yet."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Event(Message):
    """A fact one service announces, and when its event store recorded it."""

    subject: ClassVar[str]

    event_id: str
    recorded_at: datetime


class Submission(Message):
    """What a commune sends at once. Its id and its commune are in the subject, never in the body.

    Sent to `intake.<commune>.<kind>.<submission id>`; the answer is a `Receipt`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    kind: ClassVar[str]
    # The list whose items are judged one by one; None where they stand or fall together.
    one_by_one: ClassVar[str | None] = None


class Refused(Message):
    """One item of a submission that was refused: which, by which rule, and the sentence a clerk reads."""

    item: str
    rule: str
    sentence: str
    observed_on: date | None = None


class Receipt(Message):
    """The province's answer, sent after the commit. A commune drops its own copy only when it holds this.

    Published on `receipt.<commune>.<submission id>`, and given again to whoever asks `receipts.<owner>.<commune>`.
    """

    submission_id: str
    commune: str
    kind: str
    sha256: str
    recorded_at: datetime
    accepted: int
    duplicates: int = 0
    refused: tuple[Refused, ...] = ()
    parked: str | None = None
