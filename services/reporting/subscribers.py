"""The messages that Reporting receives, each with the function that takes it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from psycopg import Connection

from services.reporting.application import Reporting
from services.reporting.application.commands import (
    CommandFunction,
    approve_report,
    commit_typed,
    publish_report,
    remind_report,
    restate_report,
    return_report,
    write_narrative,
)
from services.reporting.application.submissions import DECIDED_AT_ONCE, SubmissionBatch, submit_report
from services.reporting.domain.lifecycle.submission import UnreadableMessage
from services.reporting.read_models import definitions, plans, tasks, territory
from services.reporting.read_models.corrections import remember_corrections
from services.reporting.read_models.figures import remember_figures
from services.reporting.read_models.late_readings import remember_late_readings
from services.reporting.read_models.positions import remember_positions
from services.reporting.read_models.recounts import remember_recounts
from services.reporting.read_models.refusals import remember_parked, remember_refusals
from services.reporting.read_models.seals import remember_checkpoint
from services.reporting.read_models.table_version import require_for_batch
from shared.contracts import Command, Receipt, indicators, planning
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.reporting import (
    ApproveReport,
    PublishReport,
    RemindReport,
    RestateReport,
    ReturnReport,
    SubmitReport,
    WriteNarrative,
)
from shared.messaging.following.follower import Subscriptions
from shared.messaging.intake.submissions import Decisions, Functions, Outcome, Submitted

if TYPE_CHECKING:  # commands of the terminal read the table below, and start no process
    from shared.process import Process

SUBMISSIONS: Functions[SubmissionBatch] = {
    SubmitReport: submit_report,
}
COMMANDS: Mapping[type[Command], CommandFunction] = {
    ReturnReport: return_report,
    ApproveReport: approve_report,
    RemindReport: remind_report,
    PublishReport: publish_report,
    RestateReport: restate_report,
    WriteNarrative: write_narrative,
}


def remember_receipts(connection: Connection, received: Sequence[tuple[int, SubmissionReceipted]]) -> None:
    remember_figures(connection, received)
    remember_corrections(connection, received)
    remember_late_readings(connection, received)
    remember_recounts(connection, received)
    remember_refusals(connection, received)


OF_PLANNING = Subscriptions(
    {
        planning.CommuneRegistered: territory.remember_communes,
        planning.CommuneMerged: territory.remember_successions,
        planning.CommuneDivided: territory.remember_successions,
        planning.CommuneRenamed: territory.remember_changes,
        planning.CommuneMovedToProvince: territory.remember_changes,
        planning.PlanIssued: plans.remember_plans,
        planning.PlanAmended: plans.remember_versions,
        planning.PlanClosed: plans.remember_closings,
        planning.TaskAssigned: tasks.remember_tasks,
        planning.TaskCompleted: tasks.remember_task_changes,
        planning.TaskReturned: tasks.remember_task_changes,
        planning.TaskReopened: tasks.remember_task_changes,
        planning.TaskWithdrawn: tasks.remember_task_changes,
        planning.ObligationFulfilled: tasks.remember_task_changes,
        planning.TaskExtended: tasks.remember_task_changes,
        planning.TaskResolved: tasks.remember_task_changes,
        planning.TaskRescheduled: tasks.remember_task_changes,
        planning.TaskRevised: tasks.remember_task_changes,
        planning.MessageParked: remember_parked("planning"),
    },
    before=require_for_batch,
    after=remember_positions("planning"),
)
OF_INDICATORS = Subscriptions(
    {
        indicators.FieldDefined: definitions.remember_fields,
        indicators.MeasureDefined: definitions.remember_measures,
        indicators.IndicatorDefined: definitions.remember_indicators,
        indicators.SubmissionReceipted: remember_receipts,
        indicators.MessageParked: remember_parked("indicators"),
    },
    before=require_for_batch,
    after=remember_positions("indicators"),
)
SUBSCRIPTIONS = {"planning": OF_PLANNING, "indicators": OF_INDICATORS}


def decisions(reporting: Reporting) -> Decisions[SubmissionBatch]:
    def decide(function: CommandFunction, batch: SubmissionBatch, submitted: Submitted) -> Outcome:
        return function(reporting, submitted, batch.at)

    commands: Functions[SubmissionBatch] = {kind: partial(decide, function) for kind, function in COMMANDS.items()}
    return Decisions(reporting.submission_batch, SUBMISSIONS, UnreadableMessage, DECIDED_AT_ONCE, of_accounts=commands)


def of_terminal(reporting: Reporting, scope: str, command: Command, by: str) -> Receipt:
    """A command of the province's own terminal, by the same function as the desk's; as `commit_typed`."""
    return commit_typed(reporting, COMMANDS[type(command)], scope, command, by)


def subscribe(process: "Process", reporting: Reporting) -> None:
    process.takes_submissions(decisions(reporting))
    for source, subscriptions in SUBSCRIPTIONS.items():
        process.follows(source, subscriptions)
    process.follows_checkpoints(remember_checkpoint)
    process.checks_grants(reporting.communes.places)
    process.takes_commands(decisions(reporting))
