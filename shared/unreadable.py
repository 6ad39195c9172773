"""A message that nobody could read: that it came is a fact, stored under the names of the service it was for."""

from datetime import datetime
from typing import Any, Self
from uuid import NAMESPACE_OID, UUID, uuid5

from eventsourcing.utils import get_topic

from shared.event_sourcing import Aggregate, Created


class UnreadableMessage(Aggregate):
    """Its body is kept beside the events. A service gives its own class, and the event in it, the names to store."""

    class Parked(Created):
        commune: str
        submission_id: str
        kind: str
        reason: str
        sha256: str
        size_bytes: int

    @classmethod
    def create_id(cls, commune: str, submission_id: str, sha256: str) -> UUID:
        service = get_topic(cls).partition(".")[0]
        return uuid5(NAMESPACE_OID, f"{service}/parked/{commune}/{submission_id}/{sha256}")

    @classmethod
    def park(cls, at: datetime, **what: Any) -> Self:
        """`what` as in Parked."""
        return cls._create(cls.Parked, timestamp=at, **what)

    def __init__(self, **_: Any) -> None:
        """Nothing changes afterwards."""
