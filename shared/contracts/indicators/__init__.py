"""Messages of Indicators, a module for each subject; callers import them from here."""

from shared.contracts import UnreadableMessageParked, operation
from shared.contracts.indicators.definitions import *
from shared.contracts.indicators.files import *
from shared.contracts.indicators.reading_lists import *
from shared.contracts.indicators.readings import *
from shared.contracts.indicators.values import *


class MessageParked(UnreadableMessageParked):
    subject = "indicators.event.message-parked.v1"


class ShowIndicatorsHealth(operation.ShowHealth):
    """How the service works, for an operator."""

    subject = "indicators.query.health.v1"


class TraceIndicatorsSubmission(operation.TraceSubmission):
    """What became of a submission, for an operator, without its figures."""

    subject = "indicators.query.trace.v1"
