"""The rules for the deadlines of a plan: the calendar, the rule for days off, and the escalation of reminders."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.planning.domain.tasks.event_fields import StoredEscalationStep
from shared.calendar import Calendar, Roll
from shared.task_roles import CHAIR, LEAD, ONE_STOP_CENTRE, SUPPORT


@dataclass(frozen=True)
class EscalationStep:
    """`days` after the deadline, below zero before it; a deadline is late from the day after it. `tell` are roles."""

    days: int
    tell: tuple[str, ...]

    def stored(self) -> StoredEscalationStep:
        return {"days": self.days, "tell": list(self.tell)}


Escalation = tuple[EscalationStep, ...]

# That of the tasks which were assigned before each task kept its own.
FIRST_ESCALATION: Escalation = (
    EscalationStep(-7, (LEAD, SUPPORT)),
    EscalationStep(-3, (LEAD, SUPPORT)),
    EscalationStep(-1, (LEAD, SUPPORT)),
    EscalationStep(1, (LEAD,)),
    EscalationStep(3, (ONE_STOP_CENTRE, CHAIR)),
)


@dataclass(frozen=True)
class DeadlineRules:
    calendar: Calendar
    roll: Roll
    escalation: Escalation


def escalation_from(stored: Sequence[StoredEscalationStep]) -> Escalation:
    return tuple(EscalationStep(step["days"], tuple(step["tell"])) for step in stored)
