"""What Reporting hears."""

from services.reporting.application import KINDS
from shared.intake import Intake
from shared.process import Process
from shared.streams import hears, takes_in
from shared.tracking import Follower


def subscribe(process: Process, intake: Intake, planning: Follower, indicators: Follower) -> None:
    process.takes(takes_in("reporting", *(kind.kind for kind in KINDS)), intake.take)
    process.follows(hears("reporting", "planning"), planning.take)
    process.follows(hears("reporting", "indicators"), indicators.take)
    process.answers("receipts.reporting.*", intake.receipt_asked)
