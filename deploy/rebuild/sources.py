"""The event stores that Reporting follows, read from the start in the words in which their services announce them."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.application import Application
from psycopg.rows import DictRow

from services.indicators import publishers as indicators
from services.indicators.domain.submission import Submission
from services.planning import publishers as planning
from shared.contracts import Event
from shared.contracts.indicators import SubmissionReceipted
from shared.event_store import EventStore
from shared.relay import Announce
from shared.settings import Settings
from shared.tracking import Heard

SOURCES: Mapping[str, Announce] = {"planning": planning.announce, "indicators": indicators.announce}
EVENTS_A_BATCH = 10_000
RECEIPTED = Submission.Receipted


class Batch(NamedTuple):
    """What is announced of some events in a row, and the position of the last of them."""

    heard: list[Heard]
    position: int


class Source:
    """A service's history, as the service itself announces it."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.name = name
        store: type[Application[UUID]] = type("Store", (EventStore,), {"name": name})
        self._store: Any = store(settings)  # type: ignore[arg-type]
        self._announce = SOURCES[name]

    def last(self) -> int:
        return self._store.recorder.max_notification_id() or 0

    def batches(self, after: int, until: int) -> Iterator[Batch]:
        """The next batch is read while the one before is applied: PostgreSQL works on both."""
        with ThreadPoolExecutor(1) as reader:
            coming = reader.submit(self._batch, after)
            while after < until:
                batch = coming.result()
                after = batch.position
                if after < until:
                    coming = reader.submit(self._batch, after)
                yield batch

    def close(self) -> None:
        self._store.close()

    def _batch(self, after: int) -> Batch:
        rows = self._store.recorder.select_facts(after, EVENTS_A_BATCH)
        announced = [(row["notification_id"], self._announced(row)) for row in rows]
        return Batch(
            [Heard(n, event) for n, event in announced if event], rows[-1]["notification_id"] if rows else after
        )

    def _announced(self, row: DictRow) -> Event | None:
        if row["topic"] == RECEIPTED.TOPIC and not hasattr(RECEIPTED, "class_version"):
            return receipted(row)
        return self._announce(self._store.fact_of(row))


def receipted(row: DictRow) -> SubmissionReceipted:
    """What Indicators announces of a submission, read in one go, for nearly all events are these: half the time.

    Indicators stores in the words in which it announces. A later version of what is stored takes the long way.
    """
    head = f'{{"event_id":"{row["originator_id"]}/{row["originator_version"]}","recorded_at":"{row["recorded_at"]}",'
    return SubmissionReceipted.model_validate_json(head.encode() + bytes(row["state"])[1:])
