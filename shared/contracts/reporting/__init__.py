"""Messages of Reporting, a module for each subject; callers import them from here."""

from shared.contracts import UnreadableMessageParked, operation
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


class ShowReportingHealth(operation.ShowHealth):
    """How the service works, for an operator."""

    subject = "reporting.query.health.v1"


class TraceReportingSubmission(operation.TraceSubmission):
    """What became of a submission, for an operator, without its figures."""

    subject = "reporting.query.trace.v1"
