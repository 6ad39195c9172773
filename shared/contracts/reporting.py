"""What Reporting can be sent, and what it announces."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from shared.contracts import Event, Message, Submission, Text
from shared.contracts.indicators import Count, Id

# II.06/3=4+5+6/land: a form's check, and the field in which it is broken; without a field, wherever it is. It begins
# like an id: what begins with "_" means something to the event store.
CheckKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._=+/-]{0,159}$")]
Signed = Annotated[str, StringConstraints(max_length=200, min_length=1, pattern=r"^[^\x00-\x1f]*$")]
Explanation = Annotated[Text, StringConstraints(min_length=1)]
Level = Literal["commune", "province"]


class SubmitReport(Submission):
    """A commune submits its report of a period. The figures are those that its readings add up to.

    `period` is a name such as 2025-Q3. `explanations` say, by check, why a sum of a form does not add up; `stated` are
    totals that the clerk has on paper, by measure, for whoever reviews the report.
    """

    kind: ClassVar[str] = "report"

    regime: Id = "tthc-control"
    period: Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9A-Za-z-]+$")]
    by: Signed
    explanations: Annotated[dict[CheckKey, Explanation], Field(default_factory=dict, max_length=200)]
    stated: Annotated[dict[Id, Count], Field(default_factory=dict, max_length=200)]


class OfReport(Message):
    """Whose report of which period in which regime; `commune` is None for the province's own."""

    province: str
    commune: str | None
    regime: str
    regime_name: str
    period: str


class ReportDue(Event, OfReport):
    """A report is due soon, or today (`days_left` 0)."""

    subject = "reporting.event.report-due.v1"

    province_name: str
    level: Level
    due_on: date
    days_left: int


class ReportLate(Event, OfReport):
    subject = "reporting.event.report-late.v1"

    province_name: str
    level: Level
    due_on: date
    days_late: int


class ReportSubmitted(Event, OfReport):
    """For the first time, or again (`submission` counts); `due_on` is None where the regime sets no day."""

    subject = "reporting.event.report-submitted.v1"

    submission: int
    by: str
    due_on: date | None
    days_late: int
    content_sha256: str


class ReportReturned(Event, OfReport):
    subject = "reporting.event.report-returned.v1"

    submission: int
    by: str
    reason: str


class ReportApproved(Event, OfReport):
    subject = "reporting.event.report-approved.v1"

    submission: int
    by: str
    content_sha256: str


class ReportPublished(Event):
    """An edition of the province's report; `content_sha256` is over its canonical JSON.

    `unapproved` are the communes, by name, whose own report was not approved as it is published here; `by` is empty
    where the announcement is of the time before somebody signed.
    """

    subject = "reporting.event.report-published.v1"

    report_id: str
    province: str
    province_name: str
    period: str
    edition: int
    known_at: date
    content_sha256: str
    headline: tuple[str, ...]
    regime: str = "tthc-control"
    regime_name: str = "Kiểm soát thủ tục hành chính"
    unapproved: tuple[str, ...] = ()
    by: str = ""


class ReportRestated(Event):
    """Another edition of a published report: how many figures moved, the first of them in words, why, and who says so.

    `corrections` counts the corrections and withdrawals of readings that it follows from.
    """

    subject = "reporting.event.report-restated.v1"

    report_id: str
    province: str
    province_name: str
    period: str
    regime: str
    regime_name: str
    edition: int
    replaces: int
    known_at: date
    content_sha256: str
    moved: int
    corrections: int
    headline: tuple[str, ...]
    reason: str
    by: str


class MessageParked(Event):
    """A message nobody could read; its body is kept in the store of the service that parked it."""

    subject = "reporting.event.message-parked.v1"

    commune: str
    submission_id: str
    kind: str
    reason: str
    sha256: str
    size_bytes: int
