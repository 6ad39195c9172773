"""Messages of Planning, a module for each subject; callers import them from here."""

from shared.contracts import UnreadableMessageParked, operation
from shared.contracts.planning.communes import *
from shared.contracts.planning.drafts import *
from shared.contracts.planning.evidence import *
from shared.contracts.planning.plans import *
from shared.contracts.planning.task_deadlines import *
from shared.contracts.planning.task_events import *
from shared.contracts.planning.task_lists import *
from shared.contracts.planning.task_steps import *
from shared.contracts.planning.values import *


class MessageParked(UnreadableMessageParked):
    subject = "planning.event.message-parked.v1"


class ShowPlanningHealth(operation.ShowHealth):
    """How the service works, for an operator."""

    subject = "planning.query.health.v1"


class TracePlanningSubmission(operation.TraceSubmission):
    """What became of a submission, for an operator, without its figures."""

    subject = "planning.query.trace.v1"
