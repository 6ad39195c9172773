"""What a command of an account or of the terminal changed."""

from typing import Any, NamedTuple


class Changed(NamedTuple):
    """How many things are new and how many were so before; the newest event, and what the terminal prints besides."""

    new: int
    before: int
    event_id: str | None
    result: Any = None
