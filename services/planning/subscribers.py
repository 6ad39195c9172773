"""What Planning hears."""

from services.planning.application import KINDS
from shared.intake import Intake
from shared.process import Process
from shared.streams import takes_in


def subscribe(process: Process, intake: Intake) -> None:
    process.takes(takes_in("planning", *(kind.kind for kind in KINDS)), intake.take)
    process.answers("receipts.planning.*", intake.receipt_asked)
