"""What is announced of a deadline, and on which day: 7, 3 and 1 days before it, and 1 and 3 days after."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_BEFORE = (7, 3, 1)
DAYS_LATE = (1, 3)


@dataclass(frozen=True, order=True)
class Reminder:
    """`on` is the day from which it is due to be announced, `due_on` the last acceptable day of the task."""

    on: date
    due_on: date

    @property
    def days_late(self) -> int:
        """Below zero for a reminder before the deadline."""
        return (self.on - self.due_on).days


def before(due_on: date, days: int) -> Reminder:
    return Reminder(due_on - timedelta(days), due_on)


def after(due_on: date, days: int) -> Reminder:
    return Reminder(due_on + timedelta(days), due_on)


def reminders(due_on: date, assigned_on: date) -> set[Reminder]:
    """All that a task owes for one deadline. What would have come before the task was assigned never was."""
    ahead = {before(due_on, days) for days in DAYS_BEFORE}
    return {r for r in ahead if r.on >= assigned_on} | {after(due_on, days) for days in DAYS_LATE}
