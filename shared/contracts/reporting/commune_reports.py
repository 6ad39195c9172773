"""A commune's report: submitted, reminded of, returned, approved."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.contracts import Command, Event, Id, Message, Submission, Text
from shared.contracts.indicators import Count
from shared.contracts.reporting.narratives import Section, WrittenText
from shared.contracts.reporting.values import Explanation, Level, OfReport, PeriodName, Signed
from shared.regimes import DEFAULT_REGIME

# II.06/3=4+5+6/land: a form's check, and the field in which it is broken; without a field, wherever it is. It begins
# like an id: what begins with "_" means something to the event store.
CheckKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._=+/-]{0,159}$")]


class SubmitReport(Submission):
    """A commune submits its report of a period. The figures are those that its readings add up to.

    `period` is a name such as 2025-Q3. `explanations` give, by check, the reason why a sum of a form does not add up;
    `stated` are totals that the clerk has on paper, by measure, for whoever reviews the report. `narrative` are the
    sections that a person writes; a section that is left out keeps the text of the submission before.
    """

    kind: ClassVar[str] = "report"
    roles = ("clerk", "chair")

    regime: Id = DEFAULT_REGIME
    period: Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9A-Za-z-]+$")]
    by: Signed
    explanations: Annotated[dict[CheckKey, Explanation], Field(default_factory=dict, max_length=200)]
    stated: Annotated[dict[Id, Count], Field(default_factory=dict, max_length=200)]
    narrative: dict[Section, WrittenText] = Field(default_factory=dict)


class CellRemark(Message):
    """What has to be mended at one figure of a report.

    `item` is an indicator, an indicator with a scope as `online: land`, or a form's cell as II.06/land/3.
    """

    item: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f]*$")]
    note: Explanation


class ReturnReport(Command):
    """The province returns a commune's submitted report with a reason, and with remarks at some of its figures."""

    kind: ClassVar[str] = "return"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    reason: Explanation
    cells: Annotated[tuple[CellRemark, ...], Field(max_length=200)] = ()


class RemindReport(Command):
    """The province reminds a commune of a report that it has not submitted: a mail at once, one a day at most."""

    kind: ClassVar[str] = "remind"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    note: Annotated[Text, Field(max_length=500)] = ""


class ApproveReport(Command):
    """The province approves a commune's report: the submission with this number, which was reviewed."""

    kind: ClassVar[str] = "approve"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    submission: Annotated[int, Field(ge=1)]


class ReportDue(Event, OfReport):
    """A report is due soon, or today (`days_left` 0)."""

    subject = "reporting.event.report-due.v1"

    province_name: str
    level: Level
    due_on: date
    days_left: int


class ReportLate(Event, OfReport):
    """A report was due `days_late` days ago and was not submitted."""

    subject = "reporting.event.report-late.v1"

    province_name: str
    level: Level
    due_on: date
    days_late: int


class ReportReminded(Event, OfReport):
    """A person of the province asks a commune for its report; `days_left` is negative after the deadline."""

    subject = "reporting.event.report-reminded.v1"

    province_name: str
    due_on: date
    days_left: int
    note: str
    by: str
    by_account: str | None = None


class ReportSubmitted(Event, OfReport):
    """A commune has submitted its report; `submission` counts how often. `due_on` is None where no day is set."""

    subject = "reporting.event.report-submitted.v1"

    submission: int
    by: str
    due_on: date | None
    days_late: int
    content_sha256: str
    by_account: str | None = None


class ReportReturned(Event, OfReport):
    """The province has returned a submitted report: the commune shall submit it again."""

    subject = "reporting.event.report-returned.v1"

    submission: int
    by: str
    reason: str
    by_account: str | None = None
    cells: tuple[CellRemark, ...] = ()


class ReportApproved(Event, OfReport):
    """The province has approved a submitted report."""

    subject = "reporting.event.report-approved.v1"

    submission: int
    by: str
    content_sha256: str
    by_account: str | None = None


class OvertakingCorrection(Message):
    """A correction, or a withdrawal, of one reading of an approved report; `by` is None where nobody signed it."""

    reading_id: str
    observed_on: date
    withdrawn: bool
    by: str | None
    reason: str


class ReportApprovalOvertaken(Event, OfReport):
    """Figures of an approved report changed after its submission: the approval is not of today's figures.

    `moved` figures differ; `corrected` corrections and withdrawals came since the submission, or since the last such
    event; `figures` (in words, before and after) and `corrections` are the first of them. `late_readings` replace none.
    """

    subject = "reporting.event.report-approval-overtaken.v1"

    province_name: str
    submission: int
    approved_by: str
    moved: int
    figures: tuple[str, ...]
    corrected: int
    corrections: tuple[OvertakingCorrection, ...]
    late_readings: int
