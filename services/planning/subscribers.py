"""The messages that Planning receives, each with the function that takes it."""

from services.planning.application import Planning, register_communes
from services.planning.application.plan_commands import amend_plan, close_plan, issue_plan
from services.planning.application.progress import ProgressBatch, report_progress
from services.planning.domain.tasks.submission import UnreadableMessage
from shared.contracts.planning import AmendPlan, ClosePlan, IssuePlan, RegisterCommunes, ReportProgress
from shared.messaging.submissions import Decisions, Functions
from shared.process import Process

SUBMISSIONS: Functions[ProgressBatch] = {
    ReportProgress: report_progress,
}


def decisions(planning: Planning) -> Decisions[ProgressBatch]:
    commands: Functions[ProgressBatch] = {
        RegisterCommunes: lambda batch, submitted: register_communes(planning, submitted, batch.at),
        IssuePlan: lambda batch, submitted: issue_plan(planning, submitted, batch.at),
        AmendPlan: lambda batch, submitted: amend_plan(planning, submitted, batch.at),
        ClosePlan: lambda batch, submitted: close_plan(planning, submitted, batch.at),
    }
    return Decisions(planning.progress_batch, SUBMISSIONS, UnreadableMessage, of_accounts=commands)


def subscribe(process: Process, planning: Planning) -> None:
    process.takes_submissions(decisions(planning))
    process.checks_grants(planning.communes.place)
    process.takes_commands(decisions(planning))
