"""Lists the streams, and trims event streams of what every follower has applied; the event stores keep everything.

Streams of earlier versions have `deny_purge`, which NATS 2.15.1 never takes back. Their event streams are trimmed by a
limit for a moment, and the intake is made again.
"""

from typing import NamedTuple

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo, DiscardPolicy, StreamInfo
from nats.js.errors import APIError, NotFoundError

from shared.messaging.streams import INTAKE, LISTENERS, SERVICES, UNLIMITED, events_stream, streams

# What may come while a stream is limited pushes older messages out; so many more are kept than have to be.
KEPT_BESIDES = 300


class StreamState(NamedTuple):
    """`unapplied` are the messages that some follower has not acknowledged."""

    name: str
    messages: int
    size_bytes: int
    limit_bytes: int
    replicas: int
    unapplied: int


async def stream_states(client: Client) -> list[StreamState]:
    found = []
    for configured in streams():
        assert configured.name
        info = await client.jetstream().stream_info(configured.name)
        waiting = info.state.last_seq - await _applied(client, configured.name, info.state.last_seq)
        limit, replicas = info.config.max_bytes or 0, info.config.num_replicas or 1
        found.append(
            StreamState(configured.name, info.state.messages, info.state.bytes, limit, replicas, max(0, waiting))
        )
    return found


async def trim(client: Client) -> list[str]:
    """Delete from each event stream what all followers have applied, except its last message. A line for each stream.

    The last message tells the relay where to go on.
    """
    return [await _trim(client, events_stream(service)) for service in SERVICES]


async def clear_intake(client: Client, commune: str) -> str:
    """Delete a commune's submissions from the intake; a line for the operator.

    Those that have a receipt are in the stores. Those without one are sent again by the commune's machine.
    """
    jetstream = client.jetstream()
    before = (await jetstream.stream_info(INTAKE)).state.messages
    try:
        await jetstream.purge_stream(INTAKE, subject=f"{INTAKE}.{commune}.>")
    except APIError as refused:
        return f"{INTAKE}: not cleared ({refused.description}); run: minhbach stream renew"
    left = (await jetstream.stream_info(INTAKE)).state.messages
    return f"{INTAKE}: {before - left} submissions of commune {commune} deleted, {left} of others kept"


class NotRenewed(Exception):
    """The intake cannot be made again now. The message is for the operator."""


async def renew_intake(client: Client) -> str:
    """Make an intake of an earlier version again, so that it can be cleared; a line for the operator.

    NotRenewed while submissions wait for their service. What comes in between is sent again by its commune's machine.
    """
    jetstream = client.jetstream()
    found = await jetstream.stream_info(INTAKE)
    if not found.config.deny_purge:
        return f"{INTAKE}: nothing to do, it can be cleared"
    consumers = await _intake_consumers(jetstream)
    if waiting := max(((c.num_pending or 0) + (c.num_ack_pending or 0) for c in consumers), default=0):
        raise NotRenewed(f"{INTAKE}: {waiting} submissions wait for their services, which have to run; try again then")
    await jetstream.delete_stream(INTAKE)
    await jetstream.add_stream(found.config.evolve(deny_purge=False))
    for consumer in consumers:
        await jetstream.add_consumer(INTAKE, consumer.config)
    return f"{INTAKE}: made again without its {found.state.messages} submissions, which have their receipts"


async def _intake_consumers(jetstream: JetStreamContext) -> list[ConsumerInfo]:
    found = []
    for listener in LISTENERS:
        if listener.stream == INTAKE:
            try:
                found.append(await jetstream.consumer_info(INTAKE, listener.name))
            except NotFoundError as missing:
                raise NotRenewed("a consumer is missing; run minhbach provision first") from missing
    return found


async def _trim(client: Client, stream: str) -> str:
    jetstream = client.jetstream()
    info = await jetstream.stream_info(stream)
    state = info.state
    first_kept = min(await _applied(client, stream, state.last_seq) + 1, state.last_seq)
    if info.config.deny_purge:
        first_kept -= KEPT_BESIDES
    if first_kept <= state.first_seq:
        return f"{stream}: nothing to trim"
    if info.config.deny_purge:
        await _keep_newest(jetstream, info, state.last_seq - first_kept + 1)
    else:
        await jetstream.purge_stream(stream, seq=first_kept)
    left = (await jetstream.stream_info(stream)).state
    return f"{stream}: {state.messages - left.messages} messages trimmed, {left.messages} kept"


async def _keep_newest(jetstream: JetStreamContext, stream: StreamInfo, messages: int) -> None:
    """A limit with the policy `old` deletes what is older, also where purging is forbidden. Then both are taken back.

    If this ends in between, provisioning takes them back.
    """
    await jetstream.update_stream(stream.config.evolve(max_msgs=messages, discard=DiscardPolicy.OLD))
    await jetstream.update_stream(stream.config.evolve(max_msgs=UNLIMITED, discard=DiscardPolicy.NEW))


async def _applied(client: Client, stream: str, last: int) -> int:
    """The sequence up to which every follower has acknowledged."""
    names = [listener.name for listener in LISTENERS if listener.stream == stream]
    infos = [await client.jetstream().consumer_info(stream, name) for name in names]
    return min([info.ack_floor.stream_seq for info in infos if info.ack_floor], default=last)
