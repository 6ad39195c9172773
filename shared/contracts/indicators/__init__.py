"""Messages of Indicators, a module for each subject; callers import them from here."""

from shared.contracts import UnreadableMessageParked
from shared.contracts.indicators.definitions import *
from shared.contracts.indicators.files import *
from shared.contracts.indicators.reading_lists import *
from shared.contracts.indicators.readings import *
from shared.contracts.indicators.values import *


class MessageParked(UnreadableMessageParked):
    subject = "indicators.event.message-parked.v1"
