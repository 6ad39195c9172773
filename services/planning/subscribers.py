"""The messages that Planning receives, each with the function that takes it."""

from services.planning.application import Planning
from services.planning.application.commands import COMMANDS, of_account
from services.planning.application.progress import ProgressBatch, report_progress
from services.planning.domain.tasks.submission import UnreadableMessage
from shared.contracts.planning import ReportProgress
from shared.messaging.submissions import Decisions, Functions, Outcome, Submitted
from shared.process import Process

SUBMISSIONS: Functions[ProgressBatch] = {
    ReportProgress: report_progress,
}


def decisions(planning: Planning) -> Decisions[ProgressBatch]:
    def command(batch: ProgressBatch, submitted: Submitted) -> Outcome:
        return of_account(planning, submitted, batch.at)

    return Decisions(
        planning.progress_batch, SUBMISSIONS, UnreadableMessage, of_accounts=dict.fromkeys(COMMANDS, command)
    )


def subscribe(process: Process, planning: Planning) -> None:
    process.takes_submissions(decisions(planning))
    process.checks_grants(planning.communes.place)
    process.takes_commands(decisions(planning))
