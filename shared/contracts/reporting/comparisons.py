"""Two states of a report, with each event that moved a figure."""

from datetime import date

from shared.contracts import CommuneQuestion, Message, ProvinceQuestion
from shared.contracts.indicators.values import Day
from shared.contracts.reporting.explained_figures import Cause
from shared.contracts.reporting.values import COMMUNE_READERS, PROVINCE_READERS, EditionNumber, OfPeriod


class ReportState(Message):
    """One of the two states of a comparison: of an edition, or of what was known at the end of a day."""

    edition: int | None
    known_at: date
    readings: int


class ComparedFigure(Message):
    """A figure, or a target (`is_target`), before and after, as printed; `causes` are places in the list of causes."""

    commune: str
    unit: str
    item: str
    name: str
    before: str
    after: str
    is_target: bool
    causes: tuple[int, ...]


class ComparedUnit(Message):
    """How many figures and targets of a commune moved; `commune` is empty for the province."""

    commune: str
    unit: str
    moved: int


class CauseKind(Message):
    """How many events of a kind there were, and how many figures and targets they moved."""

    kind: str
    name: str
    events: int
    moved: int


class ComparedReports(Message):
    """What moved from one state of a report to a later one. The first of the figures and causes are listed."""

    province: str
    commune: str | None
    period: str
    regime: str
    before: ReportState
    after: ReportState
    units: tuple[ComparedUnit, ...]
    kinds: tuple[CauseKind, ...]
    figures: tuple[ComparedFigure, ...]
    figures_in_all: int
    causes: tuple[Cause, ...]
    causes_in_all: int


class OfComparison(OfPeriod):
    """Two states of a report: each an edition's number, or a day of which the end counts; the later one may be now.

    `forms`: with the cells of forms and the targets of parts, which takes ten times as long.
    """

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
