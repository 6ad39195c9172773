"""What Planning announces."""

from typing import Any

from services.planning.domain.commune import Commune
from services.planning.domain.plan import Plan
from services.planning.domain.submission import UnreadableMessage
from services.planning.domain.task import Task
from shared.contracts import Event
from shared.contracts.planning import (
    CommuneRegistered,
    DeadlineApproaching,
    DeadlineMissed,
    MessageParked,
    PlanIssued,
    ProgressReported,
    TaskAssigned,
    TaskCompleted,
    TaskReopened,
)
from shared.event_store import StoredFact

# What each stored event is announced as. What a submission held, and what was refused of it, its receipt has told.
ANNOUNCED_AS: dict[type[Any], type[Event]] = {
    Commune.Registered: CommuneRegistered,
    Plan.Issued: PlanIssued,
    Task.Assigned: TaskAssigned,
    Task.DeadlineApproached: DeadlineApproaching,
    Task.DeadlineMissed: DeadlineMissed,
    Task.ProgressReported: ProgressReported,
    Task.Completed: TaskCompleted,
    Task.Reopened: TaskReopened,
    UnreadableMessage.Parked: MessageParked,
}


def announce(fact: StoredFact) -> Event | None:
    """The announcement has the stored event's words; those that it does not know are left out."""
    contract = ANNOUNCED_AS.get(type(fact.event))
    if contract is None:
        return None
    place = {"event_id": fact.event_id, "recorded_at": fact.position.recorded_at}
    return contract.model_validate({**vars(fact.event), **place})
