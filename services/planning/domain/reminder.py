"""What is announced of a deadline, on which day, and whom it concerns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from services.planning.domain.obligation import Obligation


@dataclass(frozen=True)
class EscalationStep:
    """`days` after the deadline, below zero before it; a deadline is late from the day after it. `tell` are roles."""

    days: int
    tell: tuple[str, ...]

    def stored(self) -> dict[str, Any]:
        return asdict(self) | {"tell": list(self.tell)}


Escalation = tuple[EscalationStep, ...]

# That of the tasks which were assigned before each task kept its own.
FIRST_ESCALATION: Escalation = (
    EscalationStep(-7, ("lead", "support")),
    EscalationStep(-3, ("lead", "support")),
    EscalationStep(-1, ("lead", "support")),
    EscalationStep(1, ("lead",)),
    EscalationStep(3, ("one-stop-centre", "chair")),
)


@dataclass(frozen=True)
class Reminder:
    """One step of the escalation for one obligation; `on` is the day from which it is to be announced."""

    on: date
    step: EscalationStep
    obligation: Obligation

    @property
    def said(self) -> tuple[str, date, int]:
        """What tells it from the others of its task: another due day is another reminder."""
        assert self.obligation.due
        return self.obligation.key, self.obligation.due, self.step.days


def reminders(owed: Iterable[Obligation], escalation: Escalation) -> Iterator[Reminder]:
    """All of what is open, in the order of its days. What would have come before the day was set never was."""
    due = [
        Reminder(obligation.due + timedelta(step.days), step, obligation)
        for obligation in owed
        if obligation.state == "open" and obligation.due
        for step in escalation
    ]
    owing = (reminder for reminder in due if reminder.step.days > 0 or reminder.on >= reminder.obligation.since)
    yield from sorted(owing, key=lambda reminder: (reminder.on, reminder.said))


def escalation_from(stored: Sequence[dict[str, Any]]) -> Escalation:
    return tuple(EscalationStep(step["days"], tuple(step["tell"])) for step in stored)
