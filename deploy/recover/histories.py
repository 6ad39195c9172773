"""The event store of one service beside its stream: what the stream announced and the store lost, and the refill."""

import asyncio
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.messaging.announcing.announced import SIGNATURE, Announced, Foreign, announcement_key
from shared.messaging.announcing.continuity import Continuity
from shared.messaging.announcing.relay import Relay
from shared.messaging.announcing.stream_owner import is_of_another_database
from shared.messaging.streams import events_stream
from shared.process import open_pool
from shared.record.event_store import EventStore
from shared.settings import Settings

REFILLED_WITHIN = 3600.0  # seconds


@dataclass(frozen=True)
class LostEvent:
    """An event that was announced and that the event store lost. Only those of a submission have its id."""

    service: str
    position: int
    subject: str
    event_id: str
    recorded_at: str
    commune: str | None
    submission_id: str | None
    body: bytes


class Lost(NamedTuple):
    """The lost events in order, and the position of the last announced event that the store holds."""

    events: list[LostEvent]
    last_held: int


class History:
    """Opened as the operator, with the service's role."""

    def __init__(self, settings: Settings, service: str) -> None:
        self.service = service
        self._settings = settings
        store: Any = type("Store", (EventStore,), {"name": service})
        self._store: EventStore = store(settings)
        with open_pool(settings, service, size=1) as pool:
            self._key = announcement_key(pool)
        self._continuity = Continuity(self._store, self._key)

    def close(self) -> None:
        self._store.close()

    async def lost_events(self, client: Client) -> Lost:
        """Read the stream from its end back to the last event that the store holds."""
        jetstream, stream = client.jetstream(), events_stream(self.service)
        found = await jetstream.stream_info(stream)
        state, by_another = found.state, is_of_another_database(found.config.metadata, self._key)
        lost: list[LostEvent] = []
        for sequence in range(state.last_seq, max(state.first_seq, 1) - 1, -1):
            try:
                message = await jetstream.get_msg(stream, seq=sequence)
                announced = Announced.unverified(message.subject or "", message.headers, message.data or b"")
            except (NotFoundError, Foreign):
                continue
            if await asyncio.to_thread(self._continuity.holds, announced):
                return Lost(lost[::-1], announced.position)
            if announced.identity() and (by_another or self._is_ours(announced, message.headers)):
                lost.append(self._lost(announced))
        return Lost(lost[::-1], 0)

    def _is_ours(self, announced: Announced, headers: Mapping[str, str] | None) -> bool:
        return (headers or {}).get(SIGNATURE) == announced.signature(self._key)

    def _lost(self, announced: Announced) -> LostEvent:
        event = json.loads(announced.body)
        return LostEvent(
            self.service,
            announced.position,
            announced.subject,
            event["event_id"],
            event["recorded_at"],
            event.get("commune"),
            event.get("submission_id"),
            announced.body,
        )

    async def refill(self, client: Client) -> int:
        """Announce the whole store; the service's own relay may do the same meanwhile. Returns the last position."""
        announce = importlib.import_module(f"services.{self.service}.publishers").announce
        relay = Relay(self._store, announce, self._key)
        running = asyncio.ensure_future(relay.run(client))
        try:
            async with asyncio.timeout(REFILLED_WITHIN):
                while not relay.healthy or relay.position < self._store.newest_position():  # noqa: ASYNC110  in PostgreSQL
                    await asyncio.sleep(0.1)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return relay.position

    def holds(self, event_id: str) -> bool:
        """Whether the store has an event of this id again, at whatever position."""
        identity, _, version = event_id.rpartition("/")
        return bool(
            self._ask(
                f"SELECT FROM {self.service}_events WHERE originator_id = %s AND originator_version = %s",
                identity,
                version,
            )
        )

    def has_receipt(self, commune: str, submission_id: str) -> bool:
        return bool(self._ask("SELECT FROM inbox WHERE commune = %s AND submission_id = %s", commune, submission_id))

    def _ask(self, query: str, *parameters: str) -> list[Any]:
        with psycopg.connect(**self._settings.database(self.service), connect_timeout=5) as connection:  # type: ignore[arg-type]
            return connection.execute(query.encode(), parameters).fetchall()
