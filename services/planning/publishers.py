"""What Planning announces."""

from typing import Any

from services.planning.domain.commune import Commune
from services.planning.domain.plan import Plan
from services.planning.domain.submission import UnreadableMessage
from services.planning.domain.task import Task
from shared.contracts import Event
from shared.contracts.planning import (
    CommuneDivided,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
    DeadlineApproaching,
    DeadlineMissed,
    MessageParked,
    ObligationFulfilled,
    PlanAmended,
    PlanClosed,
    PlanIssued,
    ProgressReported,
    TaskAccepted,
    TaskAcknowledged,
    TaskAssigned,
    TaskClosed,
    TaskCompleted,
    TaskExtended,
    TaskReopened,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskWithdrawn,
)
from shared.event_store import StoredFact

# What each stored event is announced as. What a submission held, and what was refused of it, its receipt has told.
ANNOUNCED_AS: dict[type[Any], type[Event]] = {
    Commune.Registered: CommuneRegistered,
    Commune.Merged: CommuneMerged,
    Commune.Divided: CommuneDivided,
    Commune.Renamed: CommuneRenamed,
    Commune.MovedToProvince: CommuneMovedToProvince,
    Plan.Issued: PlanIssued,
    Plan.Amended: PlanAmended,
    Plan.Closed: PlanClosed,
    Task.Assigned: TaskAssigned,
    Task.Acknowledged: TaskAcknowledged,
    Task.DeadlineApproached: DeadlineApproaching,
    Task.DeadlineMissed: DeadlineMissed,
    Task.ProgressReported: ProgressReported,
    Task.ObligationFulfilled: ObligationFulfilled,
    Task.Completed: TaskCompleted,
    Task.Accepted: TaskAccepted,
    Task.Returned: TaskReturned,
    Task.Reopened: TaskReopened,
    Task.Extended: TaskExtended,
    Task.Resolved: TaskResolved,
    Task.Rescheduled: TaskRescheduled,
    Task.Revised: TaskRevised,
    Task.Withdrawn: TaskWithdrawn,
    Task.Closed: TaskClosed,
    UnreadableMessage.Parked: MessageParked,
}


def announce(fact: StoredFact) -> Event | None:
    """The announcement has the stored event's words; those that it does not know are left out."""
    contract = ANNOUNCED_AS.get(type(fact.event))
    if contract is None:
        return None
    place = {"event_id": fact.event_id, "recorded_at": fact.position.recorded_at}
    return contract.model_validate({**vars(fact.event), **place})
