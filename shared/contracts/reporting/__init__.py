"""Messages of Reporting, a module for each subject; callers import them from here."""

from shared.contracts import UnreadableMessageParked
from shared.contracts.reporting.audited_editions import *
from shared.contracts.reporting.commune_reports import *
from shared.contracts.reporting.comparisons import *
from shared.contracts.reporting.editions import *
from shared.contracts.reporting.explained_figures import *
from shared.contracts.reporting.figures import *
from shared.contracts.reporting.forms import *
from shared.contracts.reporting.narratives import *
from shared.contracts.reporting.overviews import *
from shared.contracts.reporting.report_lists import *
from shared.contracts.reporting.timelines import *
from shared.contracts.reporting.values import *


class MessageParked(UnreadableMessageParked):
    subject = "reporting.event.message-parked.v1"
