"""The reminders of a task: one for each open obligation and each step of the escalation, with its day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.planning.domain.tasks.deadline_rules import Escalation, EscalationStep
from services.planning.domain.tasks.obligation import OWED, Obligation


@dataclass(frozen=True)
class Reminder:
    """One step of the escalation for one obligation; `on` is the day from which it is to be announced."""

    on: date
    step: EscalationStep
    obligation: Obligation

    @property
    def key(self) -> tuple[str, date, int]:
        """Unique within the task; an obligation with another due day has other reminders."""
        assert self.obligation.due
        return self.obligation.key, self.obligation.due, self.step.days


def reminders(owed: Iterable[Obligation], escalation: Escalation) -> Iterator[Reminder]:
    """The reminders of open obligations in the order of their days.

    Reminders before a deadline whose day was past when the due day was set are left out.
    """
    due = [
        Reminder(obligation.due + timedelta(step.days), step, obligation)
        for obligation in owed
        if obligation.state == OWED and obligation.due
        for step in escalation
    ]
    owing = (reminder for reminder in due if reminder.step.days > 0 or reminder.on >= reminder.obligation.since)
    yield from sorted(owing, key=lambda reminder: (reminder.on, reminder.key))
