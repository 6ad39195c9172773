"""Messages of Reporting: the submissions that it takes, and the events that it announces."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, Literal

from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts import (
    Answer,
    Command,
    CommuneQuestion,
    Event,
    Id,
    Message,
    ProvinceQuestion,
    Submission,
    Text,
    UnreadableMessageParked,
)
from shared.contracts.figures import AuditedEdition, ComparedReports, ShownFigure
from shared.contracts.indicators import Count, Day
from shared.contracts.timelines import Timeline
from shared.grants import Role
from shared.printable import printable
from shared.regimes import DEFAULT_REGIME, DEFAULT_REGIME_TITLE

# II.06/3=4+5+6/land: a form's check, and the field in which it is broken; without a field, wherever it is. It begins
# like an id: what begins with "_" means something to the event store.
CheckKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._=+/-]{0,159}$")]
Signed = Annotated[
    str,
    StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$"),
    AfterValidator(printable),
    StringConstraints(min_length=1),
]
Explanation = Annotated[Text, Field(min_length=1)]
Section = Literal["assessment", "next-period", "proposals"]
WrittenText = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(printable)]
Level = Literal["commune", "province"]


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


PeriodName = Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9A-Za-z-]+$")]


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


class PublishReport(Command):
    """The province publishes its report as known at the end of a day, today's state without one.

    `incomplete`: also where reports of communes are not approved, which the report then names.
    """

    kind: ClassVar[str] = "publish"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    known_at: Day | None = None
    incomplete: bool = False


class RestateReport(Command):
    """The province publishes another edition, with the reason."""

    kind: ClassVar[str] = "restate"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    known_at: Day | None = None
    reason: Explanation


class WriteNarrative(Command):
    """The province writes sections of its report; an empty text takes a section's text away. Each text is kept."""

    kind: ClassVar[str] = "narrative"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    sections: Annotated[dict[Section, WrittenText], Field(min_length=1)]


class OfReport(Message):
    """The key of a report: province or commune, regime and period. `commune` is None for the province's own."""

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


class ReportPublished(Event):
    """An edition of the province's report; `content_sha256` is over its canonical JSON.

    `unapproved` are the names of communes whose own report is not approved with these figures; `by` is empty in
    announcements of the time before editions were signed.
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
    regime: str = DEFAULT_REGIME
    regime_name: str = DEFAULT_REGIME_TITLE
    unapproved: tuple[str, ...] = ()
    by: str = ""
    by_account: str | None = None


class ReportRestated(Event):
    """Another edition of a published report: how many figures moved, the first of them in words, the reason, by whom.

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
    by_account: str | None = None


class MessageParked(UnreadableMessageParked):
    subject = "reporting.event.message-parked.v1"


COMMUNE_READERS: tuple[Role, ...] = ("clerk", "chair", "provincial-officer", "auditor")
PROVINCE_READERS: tuple[Role, ...] = ("provincial-officer", "auditor")
# An edition is published: whoever has a role with figures in the province may read it.
EDITION_READERS: tuple[Role, ...] = ("clerk", "office", "chair", "provincial-officer", "auditor")
Versions = Literal["then", "now"]


class OfPeriod(Message):
    """A period such as 2025-Q3 under a regime, as known at the end of a day in Viet Nam, today without one.

    `definitions`: formulas in force at the end of the period ("then") or on `known_at` ("now"). `map_day` is the day
    whose communes are shown, the last of the period without one.
    """

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    known_at: Day | None = None
    definitions: Versions = "then"
    map_day: Day | None = None


class FigureRow(Message):
    """One indicator of a commune, or of the province where `commune` is null; `scope` names a part of it.

    Without a numerator or a denominator nothing was reported, which is not zero. `rate` and `rate_before`, of the
    period before, are in percent; `met` is null without a target or a rate.
    """

    commune: str | None
    name: str | None
    indicator: str
    indicator_name: str
    definition_version: int
    scope: str | None
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    rate_before: Decimal | None
    target_text: str | None
    met: bool | None


class Figures(Message):
    """`counted_from` and `counted_until` are inclusive; `not_reported` are the names of communes without readings.

    `changed_on` are the days on which something behind a commune's figures was recorded; none of a province.
    """

    regime: str
    period: str
    counted_from: date
    counted_until: date
    known_at: date
    not_reported: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    changed_on: tuple[date, ...] = ()


class FigureQuestion(OfPeriod, CommuneQuestion[Answer], Generic[Answer]):
    roles = COMMUNE_READERS


class ProvinceFigureQuestion(OfPeriod, ProvinceQuestion[Answer], Generic[Answer]):
    roles = PROVINCE_READERS


class ListFigures(FigureQuestion[Figures]):
    """The figures of a commune."""

    subject = "reporting.query.figures.v1"


class ListProvinceFigures(ProvinceFigureQuestion[Figures]):
    """The figures of a province and of each of its communes."""

    subject = "reporting.query.province-figures.v1"


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
    is empty where it was not found.
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


class ListedReports(Message):
    reports: tuple[ReportRow, ...]


class ListReports(CommuneQuestion[ListedReports]):
    """A commune's reports: of one period as it stands today, or without one those of all periods that it reported.

    `coming`: without a period, also those that are due next and nothing is recorded of yet.
    """

    subject = "reporting.query.reports.v1"
    roles = COMMUNE_READERS

    regime: Id | None = None
    period: PeriodName | None = None
    coming: bool = False


class ListProvinceReports(ProvinceQuestion[ListedReports]):
    """How the report of each commune of a province stands today."""

    subject = "reporting.query.province-reports.v1"
    roles = PROVINCE_READERS

    regime: Id = DEFAULT_REGIME
    period: PeriodName


class MovedFigure(Message):
    """A figure before and after: numerator and denominator of an indicator, or the count of a form's cell.

    Empty where there was no such figure. `item` as in CellRemark; `commune` is "" for a figure of the province.
    """

    commune: str
    commune_name: str
    item: str
    name: str
    before: tuple[int | None, ...]
    after: tuple[int | None, ...]


class WrittenSection(Message):
    """A section of a report with who wrote it when; an empty text took the one before away."""

    section: str
    text: str
    by: str
    written_on: date


class SubmittedReport(Message):
    """A commune's last submission: its written sections, and its figures that differ today from those submitted."""

    submission: int
    submitted_by: str
    submitted_on: date
    narrative: tuple[WrittenSection, ...]
    moved: tuple[MovedFigure, ...]


class ShowSubmission(CommuneQuestion[SubmittedReport]):
    """The last submission of a commune's report, beside the figures of today."""

    subject = "reporting.query.submission.v1"
    roles = COMMUNE_READERS

    regime: Id = DEFAULT_REGIME
    period: PeriodName


class EditionRow(Message):
    """An edition of a province's report; `content_sha256` is over its canonical JSON."""

    regime: str
    period: str
    edition: int
    content_sha256: str
    published_at: datetime
    by: str
    reason: str


class ListedEditions(Message):
    editions: tuple[EditionRow, ...]


class ListEditions(ProvinceQuestion[ListedEditions]):
    """The published reports of a province, of one regime or period or of all."""

    subject = "reporting.query.editions.v1"
    roles = EDITION_READERS

    regime: Id | None = None
    period: PeriodName | None = None


class PublishedEdition(Message):
    """`content` is the canonical JSON as it was published: SHA-256 of its UTF-8 bytes is `content_sha256`."""

    edition: EditionRow
    last: int
    content: str


class ShowEdition(ProvinceQuestion[PublishedEdition]):
    """One edition, the last one without a number."""

    subject = "reporting.query.edition.v1"
    roles = EDITION_READERS

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    edition: Annotated[int, Field(ge=1, le=100_000)] | None = None


EditionNumber = Annotated[int, Field(ge=1, le=100_000)]


class OfFigure(Message):
    """An indicator of a period, as known at the end of a day, today without one, or as an edition has it.

    `since`: with what moved it since the end of an earlier day. `computation` is the version of the rules of counting,
    today's without one; an edition has its own.
    """

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    indicator: Id
    known_at: Day | None = None
    edition: EditionNumber | None = None
    since: Day | None = None
    computation: Annotated[int, Field(ge=1, le=1000)] | None = None


class ExplainFigure(OfFigure, CommuneQuestion[ShownFigure]):
    """A commune's figure with everything that it rests on in Reporting; its readings are a question to Indicators."""

    subject = "reporting.query.figure.v1"
    roles = COMMUNE_READERS


class ExplainProvinceFigure(OfFigure, ProvinceQuestion[ShownFigure]):
    """A province's figure, by commune."""

    subject = "reporting.query.province-figure.v1"
    roles = PROVINCE_READERS


class OfComparison(Message):
    """Two states of a report: each an edition's number, or a day of which the end counts; the later one may be now.

    `forms`: with the cells of forms and the targets of parts, which takes ten times as long.
    """

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    since: Day | None = None
    since_edition: EditionNumber | None = None
    until: Day | None = None
    until_edition: EditionNumber | None = None
    forms: bool = False


class CompareReport(OfComparison, CommuneQuestion[ComparedReports]):
    """Two states of a commune's figures, with each event that moved one."""

    subject = "reporting.query.comparison.v1"
    roles = COMMUNE_READERS


class CompareProvinceReports(OfComparison, ProvinceQuestion[ComparedReports]):
    """Two states of the figures of a province and its communes, with each event that moved one."""

    subject = "reporting.query.province-comparison.v1"
    roles = PROVINCE_READERS


class AuditEdition(ProvinceQuestion[AuditedEdition]):
    """An edition examined: hashed and computed again, with its seals and the proof that it is in the history."""

    subject = "reporting.query.edition-audit.v1"
    roles = EDITION_READERS

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    edition: EditionNumber


class OfReportTimeline(Message):
    regime: Id = DEFAULT_REGIME
    period: PeriodName


class ShowReportTimeline(OfReportTimeline, CommuneQuestion[Timeline]):
    """What happened to a commune's report, in order."""

    subject = "reporting.query.report-timeline.v1"
    roles = COMMUNE_READERS


class ShowProvinceReportTimeline(OfReportTimeline, ProvinceQuestion[Timeline]):
    """What happened to a province's own report, in order."""

    subject = "reporting.query.province-report-timeline.v1"
    roles = EDITION_READERS


class Narrative(Message):
    """Every text that was written for a province's report, in the order in which they were; the last one holds."""

    written: tuple[WrittenSection, ...]


class ShowNarrative(ProvinceQuestion[Narrative]):
    """The sections of a province's report that people write, with their history."""

    subject = "reporting.query.narrative.v1"
    roles = PROVINCE_READERS

    regime: Id = DEFAULT_REGIME
    period: PeriodName


class Chart(Message):
    """A drawn chart as SVG without styles and scripts; `title` describes it, sizes in pixels."""

    name: str
    title: str
    width: int
    height: int
    svg: str


class RankedCommune(Message):
    """The numbers of a commune's targets that are met, missed, or without a figure.

    Communes with equal results share a `rank`; it is null without readings or without targets.
    """

    rank: int | None
    commune: str
    name: str
    reported: bool
    met: int
    missed: int
    unknown: int


class CommuneWarning(Message):
    """A sentence for a reviewer to read before approving a report."""

    commune: str
    commune_name: str
    sentence: str


class ProvinceOverview(Message):
    """A province's report for the screen: its own figures, the ranking of its communes, its charts.

    Dates, `not_reported` and figures as in Figures; numbers of tasks as in reports; `narrative`: texts that hold.
    `moved`: since the edition before, of a restated edition.
    """

    province_name: str
    regime: str
    regime_name: str
    period: str
    counted_from: date
    counted_until: date
    known_at: date
    not_reported: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    ranking: tuple[RankedCommune, ...]
    charts: tuple[Chart, ...]
    tasks_done: int
    tasks_open: int
    tasks_late: int
    warnings: tuple[CommuneWarning, ...]
    narrative: tuple[WrittenSection, ...]
    moved: tuple[MovedFigure, ...] = ()


class ShowProvinceOverview(ProvinceFigureQuestion[ProvinceOverview]):
    """A province's report for the screen, drafted from everything that was known."""

    subject = "reporting.query.overview.v1"


class PeriodFigures(Message):
    """The province's own figures of one period."""

    period: str
    figures: tuple[FigureRow, ...]


class Trend(Message):
    """The earliest period first; those of which nothing was known are left out."""

    periods: tuple[PeriodFigures, ...]


class ListTrend(ProvinceFigureQuestion[Trend]):
    """The figures of a province over so many periods of one kind, which end with this one."""

    subject = "reporting.query.trend.v1"

    count: Annotated[int, Field(ge=2, le=8)] = 5


class EditionMoves(Message):
    """What a restatement of today would list: `moved` since an edition, and the readings behind it.

    `readings` are their numbers before and after, `corrections` those of corrections and withdrawals, `late` those of
    readings that came late and replace none. `rewritten`: sections that people write are others.
    """

    edition: int
    moved: tuple[MovedFigure, ...]
    readings: tuple[int, int]
    corrections: int
    late: int
    rewritten: bool


class ListEditionMoves(ProvinceQuestion[EditionMoves]):
    """What moved since an edition, the last one without a number; nothing is published."""

    subject = "reporting.query.edition-moves.v1"
    roles = PROVINCE_READERS

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    edition: Annotated[int, Field(ge=1, le=100_000)] | None = None
    known_at: Day | None = None


class ShowEditionOverview(ProvinceQuestion[ProvinceOverview]):
    """An edition for the screen, from its stored bytes; the last one without a number."""

    subject = "reporting.query.edition-overview.v1"
    roles = EDITION_READERS

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    edition: Annotated[int, Field(ge=1, le=100_000)] | None = None


DocumentFormat = Literal["html", "docx", "pdf", "xlsx", "json"]


class Document(Message):
    """A report as a file; `content_sha256` is of the canonical JSON that it shows."""

    file_name: str
    content_sha256: str
    content_base64: str


class PrintEdition(ProvinceQuestion[Document]):
    """An edition as a file: the same bytes whenever it is asked for, but for seals that were given since."""

    subject = "reporting.query.edition-document.v1"
    roles = EDITION_READERS

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    edition: Annotated[int, Field(ge=1, le=100_000)] | None = None
    format: DocumentFormat = "html"


class PrintDraft(ProvinceFigureQuestion[Document]):
    """A province's report as it would be published, as a file without the mark of an edition."""

    subject = "reporting.query.draft-document.v1"

    format: DocumentFormat = "html"
