"""Announcements that a follower missed: it asks their service for them, which answers from its event store."""

import asyncio
import contextlib
import logging

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from shared.messaging.announcing.announced import Announced, Foreign
from shared.messaging.announcing.translations import Announce
from shared.record.event_store import EventStore, RecordedEvent

READ_AT_ONCE = 200  # events
MOST_BYTES = 4 * 1024 * 1024  # of one answer, unless its first announcement is larger
ANSWERED_WITHIN = 10.0  # seconds
SUBJECT = "x-subject"

log = logging.getLogger(__name__)


def missed_subject(service: str) -> str:
    """Where a service answers: `announcements.<service>`, with the position after which announcements are missed."""
    return f"announcements.{service}"


async def fetch_missed(client: Client, service: str, after: int, key: bytes | None) -> list[Announced]:
    """The next announcements after a position, in order; empty where there are none or nobody answers.

    Without the `key`, which lies in the database, only the broker says that the service answered.
    """
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    missed: list[Announced] = []
    try:
        await client.publish(missed_subject(service), str(after).encode(), reply=inbox)
        while (message := await subscription.next_msg(ANSWERED_WITHIN)).data:
            subject = (message.headers or {}).get(SUBJECT, "")
            with contextlib.suppress(Foreign):
                missed.append(
                    Announced.of(subject, message.headers, message.data, key)
                    if key
                    else Announced.unverified(subject, message.headers, message.data)
                )
    except (NatsError, TimeoutError) as away:
        log.info("%s does not answer: %s", service, away or type(away).__name__)
    finally:
        with contextlib.suppress(NatsError):
            await subscription.unsubscribe()
    return missed


class MissedAnnouncements:
    """Answers for a service. An answer without a body ends the list."""

    def __init__(self, store: EventStore, announce: Announce, key: bytes) -> None:
        self._store = store
        self._announce = announce
        self._key = key

    async def answer(self, client: Client, message: Msg) -> None:
        if not message.data.isdigit() or not message.reply:
            return
        for announced in await asyncio.to_thread(self._after, int(message.data[:18])):
            headers = announced.headers(self._key) | {SUBJECT: announced.subject}
            await client.publish(message.reply, announced.body, headers=headers)
        await client.publish(message.reply, b"")

    def _after(self, position: int) -> list[Announced]:
        found: list[Announced] = []
        size, previous = 0, position
        while not found and (events := self._store.events_after(position, READ_AT_ONCE)):
            for announced in filter(None, map(self._announced, events)):
                size += len(announced.body)
                if found and size > MOST_BYTES:
                    break
                found.append(Announced(announced.position, previous, announced.subject, announced.body))
                previous = announced.position
            position = events[-1].position.number
        return found

    def _announced(self, recorded: RecordedEvent) -> Announced | None:
        event = self._announce(recorded)
        if event is None:
            return None
        return Announced(recorded.position.number, 0, event.subject, event.model_dump_json().encode())
