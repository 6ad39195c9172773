"""The messages that Planning receives, each with the function that takes it."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from services.planning.application import Planning
from services.planning.application.commands import CommandFunction, decide_command
from services.planning.application.commune_commands import (
    divide_commune,
    establish_commune,
    merge_commune,
    move_commune,
    register_communes,
    rename_commune,
)
from services.planning.application.plan_commands import amend_plan, close_plan, issue_plan
from services.planning.application.progress import ProgressBatch, report_progress
from services.planning.domain.tasks.submission import UnreadableMessage
from shared.contracts import Command
from shared.contracts.planning import (
    AmendPlan,
    ClosePlan,
    DivideCommune,
    EstablishCommune,
    IssuePlan,
    MergeCommune,
    MoveCommune,
    RegisterCommunes,
    RenameCommune,
    ReportProgress,
)
from shared.messaging.intake.submissions import Decisions, Functions, Outcome, Submitted

if TYPE_CHECKING:  # commands of the terminal read the table below, and start no process
    from shared.process import Process

SUBMISSIONS: Functions[ProgressBatch] = {
    ReportProgress: report_progress,
}
COMMANDS: Mapping[type[Command], CommandFunction] = {
    RegisterCommunes: register_communes,
    EstablishCommune: establish_commune,
    MergeCommune: merge_commune,
    DivideCommune: divide_commune,
    RenameCommune: rename_commune,
    MoveCommune: move_commune,
    IssuePlan: issue_plan,
    AmendPlan: amend_plan,
    ClosePlan: close_plan,
}


def decisions(planning: Planning) -> Decisions[ProgressBatch]:
    def decide(function: CommandFunction, batch: ProgressBatch, submitted: Submitted) -> Outcome:
        return decide_command(planning, function, submitted, batch.at)

    commands: Functions[ProgressBatch] = {message: partial(decide, function) for message, function in COMMANDS.items()}
    return Decisions(planning.progress_batch, SUBMISSIONS, UnreadableMessage, of_accounts=commands)


def subscribe(process: "Process", planning: Planning) -> None:
    process.takes_submissions(decisions(planning))
    process.checks_grants(planning.communes.places)
    process.takes_commands(decisions(planning))
