"""The messages that Indicators receives, each with the function that takes it."""

from services.indicators.application import (
    Batch,
    Indicators,
    correct_readings,
    define_indicators,
    record_readings,
    withdraw_readings,
)
from services.indicators.domain.submission import UnreadableMessage
from services.indicators.read_models import communes
from shared.contracts.indicators import CorrectReadings, DefineIndicators, RecordReadings, WithdrawReadings
from shared.contracts.planning import (
    CommuneDivided,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
    PlanIssued,
)
from shared.messaging.following import places
from shared.messaging.following.follower import Subscriptions
from shared.messaging.intake.submissions import Decisions, Functions
from shared.process import Process

SUBMISSIONS: Functions[Batch] = {
    RecordReadings: record_readings,
    CorrectReadings: correct_readings,
    WithdrawReadings: withdraw_readings,
}
PLANNING = Subscriptions(
    {
        CommuneRegistered: communes.register,
        CommuneRenamed: communes.set_name,
        CommuneMerged: communes.set_end,
        CommuneDivided: communes.set_end,
        CommuneMovedToProvince: places.set_province,
        PlanIssued: communes.set_plan_span,
    }
)


def decisions(indicators: Indicators) -> Decisions[Batch]:
    commands: Functions[Batch] = {
        DefineIndicators: lambda batch, submitted: define_indicators(indicators, submitted, batch.at),
    }
    return Decisions(indicators.batch, SUBMISSIONS, UnreadableMessage, of_accounts=commands)


def subscribe(process: Process, indicators: Indicators) -> None:
    process.takes_submissions(decisions(indicators))
    process.follows("planning", PLANNING)
    process.checks_grants(indicators.places.on_all)
    process.takes_commands(decisions(indicators))
