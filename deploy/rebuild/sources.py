"""Reads the event stores that Reporting follows from the start, as their services announce them."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from psycopg.rows import DictRow

from services.indicators import publishers as indicators
from services.planning import publishers as planning
from shared.contracts import Event
from shared.messaging.announcing.translations import Announce
from shared.messaging.following.follower import ReceivedEvent
from shared.record.event_store import EventStore
from shared.settings import Settings

SOURCES: Mapping[str, Announce] = {"planning": planning.announce, "indicators": indicators.announce}
EVENTS_A_BATCH = 10_000


class Batch(NamedTuple):
    """The announcements of consecutive events, and the position of the last event."""

    events: list[ReceivedEvent]
    position: int


class Source:
    """The announcements of a service, made from its event store by its own publishers."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.name = name
        store: Any = type("Store", (EventStore,), {"name": name})
        self._store: Any = store(settings)
        self._announce = SOURCES[name]
        self._set_backs = self._store.set_backs()

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
        rows = [self._dated(row) for row in self._store.recorder.select_rows(after, EVENTS_A_BATCH)]
        announced = [(row["notification_id"], self._announced(row)) for row in rows]
        return Batch(
            [ReceivedEvent(n, event) for n, event in announced if event], rows[-1]["notification_id"] if rows else after
        )

    def _dated(self, row: DictRow) -> DictRow:
        """What was recorded while the clock was ahead counts from the day on which it was set back."""
        later = [back.recorded_at for back in self._set_backs if back.number > row["notification_id"]]
        return row | {"recorded_at": min(row["recorded_at"], *later)} if later else row

    def _announced(self, row: DictRow) -> Event | None:
        return self._announce(self._store.event_of(row))
