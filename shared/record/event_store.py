"""The event store of a service: commits decisions, and answers what was known at a position or a time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, TypedDict, TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError, JSONTranscoder, StoredEvent, Transcoding
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow

from shared.cancelling import cancel
from shared.clock import Clock
from shared.record.commit_calls import listen
from shared.record.recorder import Recorder, Statement
from shared.settings import Settings

__all__ = [
    "AggregateNotFoundError",
    "ClockDiffers",
    "EventStore",
    "IntegrityError",
    "Position",
    "RecordedEvent",
    "Statement",
]

Result = TypeVar("Result")
MOST_EVENTS_IN_ONE_SAVE = 1000  # the table is locked meanwhile
TRIES = 5
LARGEST_CLOCK_DIFFERENCE = timedelta(minutes=2)  # between a process and the database: more than slow replies explain
NO_END = datetime.max.replace(tzinfo=UTC)


class ClockDiffers(OSError):
    """The clock of this machine and the database's are minutes apart: nothing is decided until they agree."""


@dataclass(frozen=True)
class Position:
    """A place in a service's history: the number of an event, and when it was recorded."""

    number: int
    recorded_at: datetime


class Envelope(TypedDict):
    """The fields that every announcement carries."""

    event_id: str
    recorded_at: datetime


@dataclass(frozen=True)
class RecordedEvent:
    """One event as it stands in the store: its position in the service's history, its id and its content."""

    position: Position
    event_id: str
    event: Any

    @property
    def envelope(self) -> Envelope:
        return {"event_id": self.event_id, "recorded_at": self.position.recorded_at}


class DateAsISO(Transcoding):
    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class EventStore(Application[UUID]):
    """An application of the eventsourcing library on its service's schema. `name` is the service's."""

    def __init__(self, settings: Settings, *, create_table: bool = False) -> None:
        super().__init__(self._environment(settings, create_table))
        self.clock: Clock = settings.clock
        self._database = settings.database(self.name)
        self._after_commit: list[Callable[[], None]] = []
        # The clock of a demonstration is another one than the database's on purpose.
        self._clock_is_moved = bool(settings.env.get("MINHBACH_CLOCK_FILE"))

    def _environment(self, settings: Settings, create_table: bool) -> Mapping[str, str]:
        database = settings.database(self.name)
        return {
            "PERSISTENCE_MODULE": "shared.record.recorder:Factory",
            "POSTGRES_DBNAME": database.get("dbname", "postgres"),
            "POSTGRES_HOST": database.get("host", "127.0.0.1"),
            "POSTGRES_PORT": database.get("port", "5432"),
            "POSTGRES_USER": database.get("user", "postgres"),
            "POSTGRES_PASSWORD": database.get("password", ""),
            "POSTGRES_SCHEMA": self.name,
            "POSTGRES_CONNECT_TIMEOUT": "5",
            "POSTGRES_LOCK_TIMEOUT": "5",
            "POSTGRES_PRE_PING": "no",  # docs/decisions/0032; see Factory
            "POSTGRES_POOL_SIZE": "0",  # each connection is made when it is needed
            "POSTGRES_MAX_OVERFLOW": "6",
            "CREATE_TABLE": "yes" if create_table else "no",
            # All of DATABASE_URL: the library knows the five above, and would drop sslmode with the rest.
            "MINHBACH_CONNECTION": make_conninfo(**(database if not create_table else database | {"options": ""})),
        }

    def register_transcodings(self, transcoder: Any) -> None:
        super().register_transcodings(transcoder)
        assert isinstance(transcoder, JSONTranscoder)
        transcoder.register(DateAsISO())

    def commit(self, *aggregates: Any, at: datetime, statements: Sequence[Statement] = ()) -> None:
        """Save aggregates' new events and run statements, all or nothing; at most 1,000 events.

        IntegrityError: someone else was faster (an aggregate's version, or a key of the statements).
        """
        if sum(len(aggregate.pending_events) for aggregate in aggregates) > MOST_EVENTS_IN_ONE_SAVE:
            raise ValueError(f"more than {MOST_EVENTS_IN_ONE_SAVE} events in one save")
        if any(aggregate.pending_events for aggregate in aggregates):
            # Who waits for commits is called: here, or else in another process. Those look themselves, too.
            self.save(*aggregates, recorded_at=at, statements=statements, calls_others=not self._after_commit)
            for call in tuple(self._after_commit):
                call()

    @contextlib.asynccontextmanager
    async def calling(self, after_commit: Callable[[], None]) -> AsyncIterator[None]:
        """Meanwhile call a function after each commit of this service, from any thread.

        One of another process may be missed while the database is away.
        """
        listening = asyncio.ensure_future(listen(self.name, self._database, after_commit))
        self._after_commit.append(after_commit)
        try:
            yield
        finally:
            self._after_commit.remove(after_commit)
            await cancel([listening])

    def decide(self, attempt: Callable[[datetime], Result]) -> Result:
        """Run `attempt` (load, decide, commit) at the present time, and again where another instance was faster.

        TimeoutError when that happens five times in a row. ClockDiffers where this machine's clock cannot be right.
        """
        for _ in range(TRIES):
            try:
                return attempt(self.present())
            except IntegrityError:
                continue
        raise TimeoutError(f"another instance was faster {TRIES} times")

    def present(self) -> datetime:
        """The time by the clock of this process. ClockDiffers where it is minutes from the database's."""
        present, ahead = self.clock(), self.clock_ahead()
        if abs(ahead) > LARGEST_CLOCK_DIFFERENCE:
            raise ClockDiffers(clock_fault(ahead))
        return present

    def clock_ahead(self) -> timedelta:
        """By how much the clock of this process is ahead of the database's; nothing for a clock that someone moves."""
        return timedelta() if self._clock_is_moved else self.clock() - self._own_recorder.select_time()

    def known_at(self, identities: Sequence[UUID], known_until: datetime) -> Iterator[Any]:
        """Aggregates as they stood before an instant; those that did not exist then are left out."""
        return self._as_of(self._own_recorder.select_until(identities, known_until))

    def events_of(self, identity: UUID, known_until: datetime | None = None) -> list[Any]:
        """The events of one aggregate in their order: all, or those that were known before an instant."""
        if known_until is None:
            return list(self.events.get(identity))
        return [self._event(row) for row in self._own_recorder.select_until([identity], known_until)]

    def at_position(self, identities: Sequence[UUID], position: int) -> Iterator[Any]:
        """The same as they stood when the service's history had come to a position."""
        return self._as_of(self._own_recorder.select_up_to(identities, position))

    def position_at(self, known_until: datetime) -> int:
        """Of the last event that was known before an instant; 0 without one."""
        return self._own_recorder.select_position_at(known_until)

    def last_position(self, identities: Sequence[UUID], stored_name: str, known_until: datetime = NO_END) -> int:
        """Of the last event of that name that these aggregates recorded (before an instant); 0 without one."""
        return self._own_recorder.select_last(identities, stored_name, known_until)

    @property
    def _own_recorder(self) -> Recorder:
        assert isinstance(self.recorder, Recorder)
        return self.recorder

    def _as_of(self, stored: Sequence[DictRow]) -> Iterator[Any]:
        for _, rows in groupby(stored, itemgetter("originator_id")):
            aggregate = None
            for row in rows:
                aggregate = self._event(row).mutate(aggregate)
            yield aggregate

    def events_after(self, position: int, limit: int) -> list[RecordedEvent]:
        """The service's history in order, from just after a position."""
        return [self.event_of(row) for row in self._own_recorder.select_rows(position, limit)]

    def holds(self, position: int, event_id: str, recorded_at: datetime) -> bool:
        """Whether the event at a position is this one: a store that was put back to a backup has another or none."""
        row = self._own_recorder.select_identity(position)
        return row is not None and (_event_id(row), row["recorded_at"]) == (event_id, recorded_at)

    def position_of(self, event_id: str) -> int | None:
        """The position of an event of this service; None where the store does not hold it."""
        originator, version = event_id.split("/")
        return self._own_recorder.select_position(UUID(originator), int(version))

    def newest_position(self) -> int:
        """The position of the last event; 0 where there is none."""
        return self.recorder.max_notification_id() or 0

    def set_backs(self) -> list[Position]:
        """The events at which the time went back: what stands before them was known at their time at the latest."""
        return [Position(row["notification_id"], row["recorded_at"]) for row in self._own_recorder.select_set_backs()]

    def event_of(self, row: DictRow) -> RecordedEvent:
        """The event in a row of the recorder's `select_rows`."""
        return RecordedEvent(
            Position(row["notification_id"], row["recorded_at"]),
            _event_id(row),
            self._event(row),
        )

    def _event(self, row: DictRow) -> Any:
        stored = StoredEvent(row["originator_id"], row["originator_version"], row["topic"], bytes(row["state"]))
        return self.mapper.to_domain_event(stored)


def _event_id(row: DictRow) -> str:
    return f"{row['originator_id']}/{row['originator_version']}"


def clock_fault(ahead: timedelta) -> str:
    direction = "ahead of" if ahead > timedelta() else "behind"
    minutes = abs(ahead).total_seconds() / 60
    return (
        f"The clock of this machine is {minutes:.0f} minutes {direction} the database's; nothing is recorded until they"
        " agree. Set both by the same time server (NTP)."
    )
