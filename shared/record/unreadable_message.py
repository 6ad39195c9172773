"""Aggregate of a message that could not be read: its arrival is recorded under the stored names of the service."""

from datetime import datetime
from typing import Any, Self
from uuid import NAMESPACE_OID, UUID, uuid5

from eventsourcing.utils import get_topic

from shared.record.aggregate import Aggregate, Created
from shared.record.event_store import Envelope, RecordedEvent


class ParkedFields(Envelope):
    """The fields of its announcement, the same for every service."""

    commune: str
    submission_id: str
    kind: str
    reason: str
    sha256: str
    size_bytes: int


class UnreadableMessage(Aggregate):
    """Its body is kept in the table `parked`. Each service subclasses it, with its own stored names."""

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
    def park(
        cls, at: datetime, *, commune: str, submission_id: str, kind: str, reason: str, sha256: str, size_bytes: int
    ) -> Self:
        return cls._create(
            cls.Parked,
            timestamp=at,
            commune=commune,
            submission_id=submission_id,
            kind=kind,
            reason=reason,
            sha256=sha256,
            size_bytes=size_bytes,
        )

    def __init__(self, **_: Any) -> None:
        """Nothing changes afterwards."""


def parked_fields(recorded: RecordedEvent) -> ParkedFields:
    event: UnreadableMessage.Parked = recorded.event
    return {
        **recorded.envelope,
        "commune": event.commune,
        "submission_id": event.submission_id,
        "kind": event.kind,
        "reason": event.reason,
        "sha256": event.sha256,
        "size_bytes": event.size_bytes,
    }
