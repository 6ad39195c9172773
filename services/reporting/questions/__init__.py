"""The questions that Reporting answers, each with the function that answers it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from services.reporting.application import Reporting
from services.reporting.domain.refusal import NothingKnown
from services.reporting.questions import editions, explanations, figures, reports
from services.reporting.read_models.editions import Altered
from services.reporting.read_models.table_version import RebuildNeeded
from shared.contracts import Message
from shared.contracts.reporting import (
    AuditEdition,
    CompareProvinceReports,
    CompareReport,
    ExplainFigure,
    ExplainProvinceFigure,
    ListEditionMoves,
    ListEditions,
    ListFigures,
    ListProvinceFigures,
    ListProvinceReports,
    ListReports,
    ListTrend,
    PrintDraft,
    PrintEdition,
    ShowEdition,
    ShowEditionOverview,
    ShowNarrative,
    ShowProvinceOverview,
    ShowProvinceReport,
    ShowProvinceReportTimeline,
    ShowReport,
    ShowReportTimeline,
    ShowSubmission,
)
from shared.messaging.questions.questions import NOT_READY, Functions, NoAnswer


def _answering(function: Callable[[Reporting, Any], Message]) -> Callable[[Reporting, Any], Message]:
    """What Reporting raises, as the reason why there is no answer."""

    @wraps(function)
    def answer(reporting: Reporting, question: Any) -> Message:
        try:
            return function(reporting, question)
        except NothingKnown as nothing:
            raise NoAnswer(str(nothing), "not-found") from None
        except Altered as altered:
            raise NoAnswer(str(altered), "failed") from None
        except RebuildNeeded:
            raise NOT_READY from None

    return answer


FUNCTIONS: Functions[Reporting] = {
    ListFigures: figures.list_figures,
    ListProvinceFigures: figures.list_province_figures,
    ShowProvinceOverview: figures.show_province_overview,
    ListTrend: figures.list_trend,
    ShowReport: reports.show_report,
    ShowProvinceReport: reports.show_province_report,
    ShowSubmission: reports.show_submission,
    ListReports: reports.list_reports,
    ListProvinceReports: reports.list_province_reports,
    ShowNarrative: reports.show_narrative,
    PrintDraft: reports.print_draft,
    ListEditions: editions.list_editions,
    ShowEdition: editions.show_edition,
    ShowEditionOverview: editions.show_edition_overview,
    ListEditionMoves: editions.list_edition_moves,
    PrintEdition: editions.print_edition,
    ExplainFigure: explanations.explain_figure,
    ExplainProvinceFigure: explanations.explain_province_figure,
    CompareReport: explanations.compare_report,
    CompareProvinceReports: explanations.compare_province_reports,
    AuditEdition: explanations.audit_edition,
    ShowReportTimeline: explanations.show_report_timeline,
    ShowProvinceReportTimeline: explanations.show_province_report_timeline,
}
QUESTIONS: Functions[Reporting] = {question: _answering(function) for question, function in FUNCTIONS.items()}
