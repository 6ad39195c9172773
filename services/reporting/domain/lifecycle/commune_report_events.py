"""The state of a commune's report and its stored events, with the change that each makes."""

from datetime import date
from typing import NamedTuple, TypedDict

from shared.record.aggregate import Created, Recorded, had_no_accounts

DUE, SUBMITTED, RETURNED, APPROVED = "due", "submitted", "returned", "approved"
OWED = (DUE, RETURNED)


class ReportIdentity(TypedDict):
    """The commune, regime and period of a report, with the names under which it was opened."""

    province: str
    province_name: str
    commune: str
    regime: str
    regime_name: str
    period: str


class SubmittedFields(TypedDict):
    """The fields of a submission's event besides the report's identity; `positions` are by service.

    `content_sha256` is of the stored content. `pins` are versions by data file: of the regime, the calendar, the map,
    the forms. `explanations` are by check; `stated` are totals from signed paper, by measure; `narrative` are the
    sections that a person wrote. `days_late` is 0 in time.
    """

    submission_id: str
    due_on: date | None
    days_late: int
    known_at: date
    content_sha256: str
    positions: dict[str, int]
    definitions: str
    map_day: date | None
    pins: dict[str, str]
    explanations: dict[str, str]
    stated: dict[str, int]
    narrative: dict[str, str]


class Remark(TypedDict):
    """What has to be mended at one figure: an indicator, one with a scope, or a form's cell."""

    item: str
    note: str


class OvertakingCorrection(TypedDict):
    """A correction, or a withdrawal, of one reading that changed figures of an approved report."""

    reading_id: str
    observed_on: date
    withdrawn: bool
    by: str | None
    reason: str


class OvertakingFields(TypedDict):
    """The figures of today beside those that were approved, and what changed them since the last such event.

    `position` is Indicators', up to which everything was compared. `moved` and `corrected` are numbers; `figures` (in
    words, before and after) and `corrections` are the first of them. `readings` are those counted now, `late_readings`
    those that came later and replace none.
    """

    position: int
    figures_sha256: str
    readings: int
    moved: int
    figures: list[str]
    corrected: int
    corrections: list[OvertakingCorrection]
    late_readings: int


class ReviewFields(TypedDict, total=False):
    """The fields of a review's event besides the report's identity, the submission and the reviewer."""

    content_sha256: str
    reason: str
    cells: list[Remark]


class Overtaken(NamedTuple):
    """The last comparison in which an approved report's figures had changed."""

    position: int
    figures_sha256: str
    readings: int


class CommuneReportState:
    """States: due, submitted, returned, approved. The other attributes are those of the last submission and its review.

    `announced` is the last announced reminder: (due date, step); `reminded_on` the last day on which a person sent one.
    """

    def __init__(
        self, *, province: str, province_name: str, commune: str, regime: str, regime_name: str, period: str
    ) -> None:
        # eventsourcing 9.5 reads the names of these parameters, so they cannot be **identity.
        self.identity = ReportIdentity(
            province=province,
            province_name=province_name,
            commune=commune,
            regime=regime,
            regime_name=regime_name,
            period=period,
        )
        self.state = DUE
        self.announced: tuple[date, int] | None = None
        self.reminded_on: date | None = None
        self.submission = 0
        self.submitted_by = ""
        self.submitted_by_account: str | None = None
        self.submitted_on: date | None = None
        self.due_on: date | None = None
        self.days_late = 0
        self.content_sha256 = ""
        self.figures_sha256 = ""
        self.stated: dict[str, int] = {}
        self.explanations: dict[str, str] = {}
        self.narrative: dict[str, str] = {}
        self.reviewed_by: str | None = None
        self.reviewed_by_account: str | None = None
        self.reason: str | None = None
        self.cells: list[Remark] = []
        self.overtaken: Overtaken | None = None


class Opened(Created):
    TOPIC = "reporting.commune-report-opened"

    province: str
    province_name: str
    commune: str
    regime: str
    regime_name: str
    period: str


class OfReport(Recorded):
    province: str
    commune: str
    regime: str
    regime_name: str
    period: str


class OfNamedProvince(Recorded):
    province: str
    province_name: str
    commune: str
    regime: str
    regime_name: str
    period: str


class Announced(OfNamedProvince):
    """A reminder: `step` is the planned days after `due_on`."""

    due_on: date
    step: int

    def apply(self, aggregate: CommuneReportState) -> None:
        aggregate.announced = (self.due_on, self.step)


class Due(Announced):
    """Before the deadline: `days_left` are the real days."""

    TOPIC = "reporting.commune-report-due"

    days_left: int


class Late(Announced):
    TOPIC = "reporting.commune-report-late"

    days_late: int


class Reminded(OfNamedProvince):
    """A person of the province asked for the report; `days_left` is negative after the deadline."""

    TOPIC = "reporting.commune-report-reminded"
    class_version = 2

    due_on: date
    days_left: int
    note: str
    by: str
    by_account: str | None
    reminded_on: date

    upcast_v1_v2 = staticmethod(had_no_accounts)

    def apply(self, aggregate: CommuneReportState) -> None:
        aggregate.reminded_on = self.reminded_on


class Submitted(OfReport):
    """As SubmittedFields. `figures_sha256` is of the figures alone, the same on whatever day they are submitted.

    `by_account` is null where no account submitted it, but a commune's machine, or a name that was typed.
    """

    TOPIC = "reporting.commune-report-submitted"
    class_version = 3

    submission: int
    submission_id: str
    by: str
    by_account: str | None
    submitted_on: date
    due_on: date | None
    days_late: int
    known_at: date
    content_sha256: str
    figures_sha256: str
    positions: dict[str, int]
    definitions: str
    map_day: date | None
    pins: dict[str, str]
    explanations: dict[str, str]
    stated: dict[str, int]
    narrative: dict[str, str]

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 had no sections that a person writes."""
        state.update(narrative={})

    upcast_v2_v3 = staticmethod(had_no_accounts)

    def apply(self, aggregate: CommuneReportState) -> None:
        aggregate.state = SUBMITTED
        aggregate.submission = self.submission
        aggregate.submitted_by, aggregate.submitted_by_account = self.by, self.by_account
        aggregate.submitted_on = self.submitted_on
        aggregate.due_on = self.due_on
        aggregate.days_late = self.days_late
        aggregate.content_sha256 = self.content_sha256
        aggregate.figures_sha256 = self.figures_sha256
        aggregate.stated = self.stated
        aggregate.explanations = self.explanations
        aggregate.narrative = self.narrative
        aggregate.reviewed_by = aggregate.reviewed_by_account = aggregate.reason = None
        aggregate.cells = []
        aggregate.overtaken = None


class Returned(OfReport):
    """With a reason, and remarks at some `cells`."""

    TOPIC = "reporting.commune-report-returned"
    class_version = 3

    submission: int
    by: str
    by_account: str | None
    reason: str
    cells: list[Remark]

    upcast_v1_v2 = staticmethod(had_no_accounts)

    @staticmethod
    def upcast_v2_v3(state: dict[str, object]) -> None:
        """Version 2 had no remarks at figures."""
        state.update(cells=[])

    def apply(self, aggregate: CommuneReportState) -> None:
        aggregate.state = RETURNED
        aggregate.reviewed_by, aggregate.reviewed_by_account = self.by, self.by_account
        aggregate.reason, aggregate.cells = self.reason, self.cells


class Approved(OfReport):
    TOPIC = "reporting.commune-report-approved"
    class_version = 2

    submission: int
    by: str
    by_account: str | None
    content_sha256: str

    upcast_v1_v2 = staticmethod(had_no_accounts)

    def apply(self, aggregate: CommuneReportState) -> None:
        aggregate.state = APPROVED
        aggregate.reviewed_by, aggregate.reviewed_by_account = self.by, self.by_account


class ApprovalOvertaken(OfNamedProvince):
    """The figures of an approved report changed, as OvertakingFields; the approval is not of today's figures."""

    TOPIC = "reporting.commune-report-approval-overtaken"

    submission: int
    approved_by: str
    position: int
    figures_sha256: str
    readings: int
    moved: int
    figures: list[str]
    corrected: int
    corrections: list[OvertakingCorrection]
    late_readings: int

    def apply(self, aggregate: CommuneReportState) -> None:
        aggregate.overtaken = Overtaken(self.position, self.figures_sha256, self.readings)


class StepRefused(OfReport):
    TOPIC = "reporting.commune-report-step-refused"
    class_version = 2

    step: str
    by: str
    by_account: str | None
    rule: str
    sentence: str

    upcast_v1_v2 = staticmethod(had_no_accounts)
