"""The intake and the desk in a recovery: do they still hold a submission, and have the services read them."""

import asyncio
import time

from nats.aio.client import Client

from shared.messaging.intake.inbox import OF_ACCOUNTS
from shared.messaging.streams import DESK, INTAKE, LISTENERS

LOOKED_AT_EVERY = 0.5  # seconds
STARTED_WITHIN = 30.0  # seconds; a running service asks for messages every five, on a busy machine later


async def still_in_intake(client: Client, commune: str, submission_id: str) -> bool:
    """Whether the stream through which it came holds a submission of this id: both keep them for 30 days."""
    stream = DESK if submission_id.startswith(OF_ACCOUNTS) else INTAKE
    subject = f"{stream}.{commune}.*.{submission_id.removeprefix(OF_ACCOUNTS)}"
    found = await client.jetstream().stream_info(stream, subjects_filter=subject)
    return bool(found.state.subjects)


async def have_read_intake(client: Client, within: float) -> bool:
    """Wait until every consumer has taken all; False where no service takes anything, or not in time."""
    started, deadline = time.monotonic(), time.monotonic() + within
    listeners = [listener for listener in LISTENERS if listener.stream in (INTAKE, DESK)]
    while time.monotonic() < deadline:
        consumers = [await client.jetstream().consumer_info(each.stream, each.name) for each in listeners]
        if all(not (c.num_pending or c.num_ack_pending) for c in consumers):
            return True
        taken = any(c.num_waiting or c.num_ack_pending for c in consumers)
        if not taken and time.monotonic() - started > STARTED_WITHIN:
            return False
        await asyncio.sleep(LOOKED_AT_EVERY)
    return False
