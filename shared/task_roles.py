"""Roles in the life of a task, under the names that stored events and messages have for them."""

from typing import Final, Literal

LEAD, SUPPORT = "lead", "support"  # bodies
BODY: Final = "body"
ONE_STOP_CENTRE: Final = "one-stop-centre"
CHAIR: Final = "chair"
PROVINCIAL_OFFICE: Final = "provincial-office"

# Who reports or decides a step of a task; `body` is one that leads or supports it. The provincial office remarks and
# follows only.
StepRole = Literal["body", "one-stop-centre", "chair", "provincial-office"]
# Who is notified of a deadline.
NotifiedRole = Literal["lead", "support", "one-stop-centre", "chair", "provincial-office"]
