"""How reports of communes stand: lists, drafts, the last submission, timelines."""

from datetime import date
from typing import Any

from shared.contracts import CommuneQuestion, Id, Message, ProvinceQuestion
from shared.contracts.indicators import Day
from shared.contracts.reporting.commune_reports import CellRemark
from shared.contracts.reporting.figures import MovedFigure
from shared.contracts.reporting.narratives import WrittenSection
from shared.contracts.reporting.values import (
    COMMUNE_READERS,
    PROVINCE_READERS,
    FigureQuestion,
    OfPeriod,
    PeriodName,
    ProvinceFigureQuestion,
)


class ShownReport(Message):
    """The content of a report as editions hold it; `content_sha256` is over its canonical JSON.

    `state` and `submission` are those of the report that a commune submitted, null for a draft.
    """

    state: str | None
    submission: int | None
    content_sha256: str
    content: dict[str, Any]


class ShowReport(FigureQuestion[ShownReport]):
    """A commune's report, drafted from what was known; `as_submitted`: as it was submitted last, whatever changed."""

    subject = "reporting.query.report.v1"

    as_submitted: bool = False


class ShowProvinceReport(ProvinceFigureQuestion[ShownReport]):
    """A province's report, drafted from what was known."""

    subject = "reporting.query.province-report.v1"


class ReportRow(Message):
    """How a commune's report stands. `changed` submitted figures differ today, of `missed` targets the rates do.

    `state` is `due`, `drafted`, `submitted`, `returned` or `approved`; `outdated`: its figures changed since it was
    approved. `changed` and `missed` are null in a list of all periods. `cells` are the figures to mend. `regime_title`
    is empty where it was not found. `counted_from` and `counted_until` are the first and the last day that the period
    counts, null in a brief list.
    """

    commune: str
    code: str
    name: str
    regime: str
    period: str
    state: str
    due_on: date | None
    days_late: int
    submission: int
    submitted_by: str
    submitted_on: date | None
    reviewed_by: str | None
    reason: str | None
    changed: int | None
    missed: int | None
    outdated: bool
    cells: tuple[CellRemark, ...] = ()
    regime_title: str = ""
    counted_from: date | None = None
    counted_until: date | None = None


class ListedReports(Message):
    """`changed_on` are the days on which a report of the list, or something that its figures rest on, was recorded,
    whatever the day of knowledge. `province` is the code of the one that the commune of the list is in.
    """

    reports: tuple[ReportRow, ...]
    changed_on: tuple[date, ...] = ()
    province: str = ""


class ListReports(CommuneQuestion[ListedReports]):
    """A commune's reports: of one period as it stands today, or without one those of all periods that it reported.

    `coming`: without a period, also those that are due next and nothing is recorded of yet. As known at the end of a
    day in Viet Nam, today without one.
    """

    subject = "reporting.query.reports.v1"
    roles = COMMUNE_READERS

    regime: Id | None = None
    period: PeriodName | None = None
    coming: bool = False
    known_at: Day | None = None


class ListProvinceReports(OfPeriod, ProvinceQuestion[ListedReports]):
    """How the report of each commune of a province stands, as known at the end of a day in Viet Nam, now without one.

    `brief`: without what needs all figures: `changed` and `missed` are null, and a report is `outdated` since its
    figures changed once after the approval.
    """

    subject = "reporting.query.province-reports.v1"
    roles = PROVINCE_READERS

    known_at: Day | None = None
    brief: bool = False


class SubmittedReport(Message):
    """A commune's last submission: its written sections, and its figures that differ from those submitted."""

    submission: int
    submitted_by: str
    submitted_on: date
    narrative: tuple[WrittenSection, ...]
    moved: tuple[MovedFigure, ...]


class ShowSubmission(OfPeriod, CommuneQuestion[SubmittedReport]):
    """The last submission of a commune's report, beside the figures of today, as known at the end of a day."""

    subject = "reporting.query.submission.v1"
    roles = COMMUNE_READERS

    known_at: Day | None = None
