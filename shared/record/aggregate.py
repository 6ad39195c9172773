"""The part of the eventsourcing library our domains are built on."""

from uuid import UUID

from eventsourcing.domain import AggregateCreated as Created
from eventsourcing.domain import AggregateEvent as Recorded
from eventsourcing.domain import BaseAggregate

__all__ = ["Aggregate", "Created", "Recorded", "had_no_accounts"]


def had_no_accounts(state: dict[str, object]) -> None:
    """The upcast of a version that is older than accounts."""
    state["by_account"] = None


class Aggregate(BaseAggregate[UUID]):
    """Stored under the name its TOPIC gives, not its module path, so files stay free to move."""

    class Event(Recorded):
        pass
