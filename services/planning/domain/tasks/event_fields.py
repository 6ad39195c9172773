"""The fields that many events of a task share."""

from typing import TypedDict


class Signed(TypedDict):
    """Who acted; an account only where it was done through the portal."""

    by: str
    by_account: str | None


class Summary(TypedDict):
    """What every announcement for a task's bodies carries."""

    content: str
    lead: list[str]
    support: list[str]


class MovedFields(TypedDict, total=False):
    """Why days moved, and by whom."""

    calendar: str
    reason: str | None
    by: str
    by_account: str | None
