"""When a mail is sent: at once, or with all others of its recipient in one mail a day."""

from dataclasses import dataclass
from datetime import time

# What somebody waits for, or has to answer on the same day. An approval may be overtaken by many corrections a day.
URGENT = frozenset({"report_returned", "report_reminded", "task_returned"})


@dataclass(frozen=True)
class MailSchedule:
    """`daily_at` is the hour of the daily mail in Viet Nam, None where every mail is sent by itself.

    The templates `at_once` never wait for it.
    """

    daily_at: time | None = None
    at_once: frozenset[str] = URGENT

    def waits(self, template: str) -> bool:
        """Whether a notice waits for the daily mail."""
        return self.daily_at is not None and template not in self.at_once
