"""A submission that is settled, and a message that nobody could read, as stored events."""

from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from services.indicators.domain.assessment import Assessment, StoredReading, StoredRefusal, StoredReplacement
from shared.grants import Actor
from shared.record import unreadable_message
from shared.record.aggregate import Aggregate, Created


class Submission(Aggregate):
    """Settled once. One event holds all its readings (an event a reading costs five times as much), each on its own."""

    TOPIC = "indicators.submission"

    class Receipted(Created):
        TOPIC = "indicators.submission-receipted"
        class_version = 3

        commune: str
        submission_id: str
        kind: str
        recorded: list[StoredReading]
        corrected: list[StoredReplacement]
        withdrawn: list[StoredReplacement]
        refused: list[StoredRefusal]
        duplicates: int
        by: str | None
        by_account: str | None

        @staticmethod
        def upcast_v1_v2(state: dict[str, object]) -> None:
            """Version 1 does not hold who corrected or withdrew; its readings and refusals stay as they are stored."""

        @staticmethod
        def upcast_v2_v3(state: dict[str, object]) -> None:
            """Version 2 had no accounts."""
            state.update(by=None, by_account=None)

    @staticmethod
    def create_id(commune: str, submission_id: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"indicators/submission/{commune}/{submission_id}")

    @classmethod
    def settle(
        cls, submission_id: str, kind: str, assessment: Assessment, at: datetime, by: Actor | None = None
    ) -> "Submission":
        """`by` is the account that sent it through the portal, None where a commune's machine did."""
        return cls._create(
            cls.Receipted,
            timestamp=at,
            commune=assessment.commune,
            submission_id=submission_id,
            kind=kind,
            recorded=assessment.recorded,
            corrected=assessment.corrected,
            withdrawn=assessment.withdrawn,
            refused=assessment.refused,
            duplicates=assessment.duplicates,
            by=by and by.name,
            by_account=by and by.account,
        )

    def __init__(self, **_: object) -> None:
        """Nothing changes afterwards: a correction is another submission."""


class UnreadableMessage(unreadable_message.UnreadableMessage):
    TOPIC = "indicators.unreadable-message"

    class Parked(unreadable_message.UnreadableMessage.Parked):
        TOPIC = "indicators.message-parked"
