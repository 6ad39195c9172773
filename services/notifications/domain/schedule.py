"""When a mail is sent: at once, or with all others of its recipient in one mail a day."""

from dataclasses import dataclass
from datetime import time, timedelta

from services.notifications.domain.recipients import COMMENTED

# What somebody waits for, or has to answer on the same day. An approval may be overtaken by many corrections a day.
URGENT = frozenset({"report_returned", "report_reminded", "task_returned"})

# A remark waits so long for the same one on other tasks: they come one after the other, and are one mail.
GATHERED_FOR = {COMMENTED: timedelta(seconds=5)}


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

    def gathered_for(self, template: str) -> timedelta:
        """How long a notice waits that does not wait for the daily mail."""
        return GATHERED_FOR.get(template, timedelta())
