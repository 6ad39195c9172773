"""What Indicators hears."""

from services.indicators.application import KINDS
from shared.intake import Intake
from shared.process import Process
from shared.streams import hears, takes_in
from shared.tracking import Follower


def subscribe(process: Process, intake: Intake, planning: Follower) -> None:
    process.takes(takes_in("indicators", *(kind.kind for kind in KINDS)), intake.take)
    process.follows(hears("indicators", "planning"), planning.take)
    process.answers("receipts.indicators.*", intake.receipt_asked)
