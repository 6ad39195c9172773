"""What figures and reports rest on: sources, comparisons of two states, timelines, an edition that is examined."""

from uuid import UUID

from services.reporting.application import Reporting
from services.reporting.audit.comparison_answer import Place, compared
from services.reporting.audit.examined_edition import examined
from services.reporting.audit.explaining.basis import WantedReport
from services.reporting.audit.explaining.timeline import report_timeline
from services.reporting.audit.figures import figure_of
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.refusal import NothingKnown
from services.reporting.questions.named import known_on, period_of, province_of
from shared.contracts.reporting import (
    AuditedEdition,
    AuditEdition,
    ComparedReports,
    CompareProvinceReports,
    CompareReport,
    ExplainFigure,
    ExplainProvinceFigure,
    OfFigure,
    ShownFigure,
    ShowProvinceReportTimeline,
    ShowReportTimeline,
    Timeline,
)

OTHER_RULES = (
    "Lần công bố có công thức và địa giới của nó; vì sao số liệu đổi thì xem theo công thức và địa giới của kỳ."
)


def explain_figure(reporting: Reporting, question: ExplainFigure) -> ShownFigure:
    return _figure(reporting, question, province_of(reporting, question.commune), question.commune)


def explain_province_figure(reporting: Reporting, question: ExplainProvinceFigure) -> ShownFigure:
    return _figure(reporting, question, question.province, None)


def _figure(reporting: Reporting, question: OfFigure, province: str, commune: str | None) -> ShownFigure:
    period, today = period_of(question.period), known_on(reporting)
    wanted = WantedReport(
        province, period, commune, question.known_at, question.edition, question.regime, question.map_day,
        question.definitions,
    )  # fmt: skip
    if wanted.has_other_rules and (question.edition or question.since):
        raise NothingKnown(OTHER_RULES)
    return figure_of(
        reporting, wanted, question.indicator, today, computation=question.computation, since=question.since
    )


def compare_report(reporting: Reporting, question: CompareReport) -> ComparedReports:
    province, today = province_of(reporting, question.commune), known_on(reporting)
    return compared(reporting, question, Place(province, question.commune, period_of(question.period)), today)


def compare_province_reports(reporting: Reporting, question: CompareProvinceReports) -> ComparedReports:
    place = Place(question.province, None, period_of(question.period))
    return compared(reporting, question, place, known_on(reporting))


def audit_edition(reporting: Reporting, question: AuditEdition) -> AuditedEdition:
    period = period_of(question.period)
    return examined(reporting, question.province, period, question.edition, question.regime)


def show_report_timeline(reporting: Reporting, question: ShowReportTimeline) -> Timeline:
    identity = CommuneReport.create_id(question.commune, question.regime, period_of(question.period).name)
    return _timeline(reporting, question.commune, question.period, identity)


def show_province_report_timeline(reporting: Reporting, question: ShowProvinceReportTimeline) -> Timeline:
    identity = Report.create_id(question.province, period_of(question.period).name, question.regime)
    return _timeline(reporting, question.province, question.period, identity)


def _timeline(reporting: Reporting, code: str, period: str, identity: UUID) -> Timeline:
    with reporting.knowledge.connection() as connection:
        return report_timeline(connection, code, period_of(period), [identity])
