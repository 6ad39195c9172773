"""Repairs a database that was put back to a backup while NATS kept what was announced since.

The event streams of services that are behind are made again from their event stores, and every service reads the intake
again: what it has decided already stays, what the backup lost is decided once more. An operator runs it, beside the
running services or without them; running it again does no harm.
"""

import asyncio
from dataclasses import dataclass, field

import psycopg
from nats.aio.client import Client
from psycopg import sql

from deploy.provision import provision
from deploy.rebuild import rebuild
from deploy.recover.histories import History, LostEvent
from deploy.recover.intake import have_read_intake, still_in_intake
from shared.messaging.connection import connect
from shared.messaging.streams import DESK, INTAKE, LISTENERS, SERVICES, events_stream
from shared.settings import Settings

__all__ = ["Recovery", "recover"]

READ_AGAIN_WITHIN = 120.0  # seconds


@dataclass
class Recovery:
    """What was done and what cannot be repaired. `read_again` is False while no service reads the intake."""

    behind: dict[str, int] = field(default_factory=dict)
    refilled: dict[str, int] = field(default_factory=dict)
    rebuilt: list[str] = field(default_factory=list)
    read_again: bool = False
    lost_events: list[LostEvent] = field(default_factory=list)
    lost_submissions: list[LostEvent] = field(default_factory=list)


async def recover(settings: Settings, within: float = READ_AGAIN_WITHIN) -> Recovery:
    """DATABASE_URL must be the owner's. Waits for running services to read the intake, `within` seconds at most."""
    await provision(settings)
    client = await connect(settings.nats, connect_timeout=5, max_reconnect_attempts=10)
    histories = [History(settings, service) for service in SERVICES]
    try:
        return await _recover(settings, client, histories, within)
    finally:
        for history in histories:
            history.close()
        await client.close()


async def _recover(settings: Settings, client: Client, histories: list[History], within: float) -> Recovery:
    recovery = Recovery()
    lost: list[tuple[History, LostEvent]] = []
    behind = []
    for history in histories:
        found = await history.lost_events(client)
        if found.events:
            behind.append(history)
            recovery.behind[history.service] = len(found.events)
            lost += [(history, event) for event in found.events]
            if _put_back_followers(settings, history.service, found.last_held):
                recovery.rebuilt.append(history.service)
    for history in behind:
        await client.jetstream().delete_stream(events_stream(history.service))
    for listener in LISTENERS:
        if listener.stream in (INTAKE, DESK):
            await client.jetstream().delete_consumer(listener.stream, listener.name)
    await provision(settings)
    for history in behind:
        recovery.refilled[history.service] = await history.refill(client)
    recovery.read_again = await have_read_intake(client, within)
    if recovery.rebuilt:
        await asyncio.to_thread(rebuild, settings)
    for history, event in lost:
        if event.commune is None or event.submission_id is None:
            if not await asyncio.to_thread(history.holds, event.event_id):
                recovery.lost_events.append(event)
        elif not await _is_decided_again(client, history, event.commune, event.submission_id):
            recovery.lost_submissions.append(event)
    return recovery


async def _is_decided_again(client: Client, history: History, commune: str, submission_id: str) -> bool:
    """Whether a submission has its receipt, or will have it when the intake is read."""
    if await asyncio.to_thread(history.has_receipt, commune, submission_id):
        return True
    return await still_in_intake(client, commune, submission_id)


def _put_back_followers(settings: Settings, source: str, held: int) -> bool:
    """A follower may have applied events that its source lost. True where Reporting's tables must be made again."""
    rebuilt = False
    with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
        for service in {listener.service for listener in LISTENERS if listener.stream == events_stream(source)}:
            tracking = sql.Identifier(service, "tracking")
            moved = connection.execute(
                sql.SQL("UPDATE {} SET position = %s WHERE source = %s AND position > %s").format(tracking),
                (held, source, held),
            )
            if source == "portal":  # a grant that the portal lost is none: all are taken again
                connection.execute(sql.SQL("UPDATE {} SET position = 0 WHERE source = %s").format(tracking), (source,))
                for table in ("grants", "accounts"):
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(service, table)))
            elif service == "reporting":
                rebuilt = rebuilt or moved.rowcount > 0
    return rebuilt
