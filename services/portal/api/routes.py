"""The table of the API: each question and each kind of submission, with its path below /api/v1."""

from typing import Any, NamedTuple

from shared.contracts import Question, Submission
from shared.contracts.indicators import (
    CorrectReadings,
    CountUnusualReadings,
    ListReadings,
    RecordReadings,
    ShowCatalogue,
    ShowReading,
    WithdrawReadings,
)
from shared.contracts.notifications import ListNotices, ListProvinceNotices
from shared.contracts.planning import (
    ListCommunes,
    ListPlans,
    ListProvincePlans,
    ListProvinceTasks,
    ListTasks,
    ReportProgress,
    ShowPlan,
    ShowTask,
)
from shared.contracts.portal import ListGrants, ShowAccount
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
    SubmitReport,
)

PREFIX = "/api/v1"


class QuestionRoute(NamedTuple):
    """GET: the parameters are the fields of the question, those in the path first."""

    path: str
    question: type[Question[Any]]


class SubmissionRoute(NamedTuple):
    """PUT sends, GET asks for the receipt."""

    path: str
    submission: type[Submission]


QUESTIONS = (
    QuestionRoute("/account", ShowAccount),
    QuestionRoute("/communes/{commune}/tasks", ListTasks),
    QuestionRoute("/communes/{commune}/tasks/{task_id}", ShowTask),
    QuestionRoute("/communes/{commune}/plans", ListPlans),
    QuestionRoute("/communes/{commune}/plans/{plan_id}", ShowPlan),
    QuestionRoute("/communes/{commune}/readings", ListReadings),
    QuestionRoute("/communes/{commune}/readings/{reading_id}", ShowReading),
    QuestionRoute("/communes/{commune}/catalogue", ShowCatalogue),
    QuestionRoute("/communes/{commune}/figures/{period}", ListFigures),
    QuestionRoute("/communes/{commune}/figures/{period}/{indicator}", ExplainFigure),
    QuestionRoute("/communes/{commune}/reports", ListReports),
    QuestionRoute("/communes/{commune}/reports/{period}", ShowReport),
    QuestionRoute("/communes/{commune}/reports/{period}/timeline", ShowReportTimeline),
    QuestionRoute("/communes/{commune}/comparisons/{period}", CompareReport),
    QuestionRoute("/communes/{commune}/submitted-reports/{period}", ShowSubmission),
    QuestionRoute("/communes/{commune}/notices", ListNotices),
    QuestionRoute("/provinces/{province}/communes", ListCommunes),
    QuestionRoute("/provinces/{province}/tasks", ListProvinceTasks),
    QuestionRoute("/provinces/{province}/plans", ListProvincePlans),
    QuestionRoute("/provinces/{province}/unusual-readings", CountUnusualReadings),
    QuestionRoute("/provinces/{province}/figures/{period}", ListProvinceFigures),
    QuestionRoute("/provinces/{province}/figures/{period}/{indicator}", ExplainProvinceFigure),
    QuestionRoute("/provinces/{province}/reports/{period}", ListProvinceReports),
    QuestionRoute("/provinces/{province}/drafts/{period}", ShowProvinceReport),
    QuestionRoute("/provinces/{province}/overviews/{period}", ShowProvinceOverview),
    QuestionRoute("/provinces/{province}/trends/{period}", ListTrend),
    QuestionRoute("/provinces/{province}/narratives/{period}", ShowNarrative),
    QuestionRoute("/provinces/{province}/draft-documents/{period}", PrintDraft),
    QuestionRoute("/provinces/{province}/editions", ListEditions),
    QuestionRoute("/provinces/{province}/editions/{period}", ShowEdition),
    QuestionRoute("/provinces/{province}/editions/{period}/audit", AuditEdition),
    QuestionRoute("/provinces/{province}/reports/{period}/timeline", ShowProvinceReportTimeline),
    QuestionRoute("/provinces/{province}/comparisons/{period}", CompareProvinceReports),
    QuestionRoute("/provinces/{province}/edition-overviews/{period}", ShowEditionOverview),
    QuestionRoute("/provinces/{province}/edition-moves/{period}", ListEditionMoves),
    QuestionRoute("/provinces/{province}/edition-documents/{period}", PrintEdition),
    QuestionRoute("/provinces/{province}/notices", ListProvinceNotices),
    QuestionRoute("/provinces/{province}/grants", ListGrants),
)
SUBMISSIONS = tuple(
    SubmissionRoute(f"/communes/{{commune}}/submissions/{kind.kind}/{{submission_id}}", kind)
    for kind in (RecordReadings, CorrectReadings, WithdrawReadings, ReportProgress, SubmitReport)
)
