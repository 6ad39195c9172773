"""What the intake and the portal's desk hold of a submission, and whether its service has taken it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

from nats.aio.client import Client

from deploy.why import InStream
from shared.messaging.streams import (
    DESK,
    DESK_LISTENERS,
    DESK_OWNERS,
    INTAKE,
    INTAKE_LISTENERS,
    INTAKE_SUBJECTS,
    OWNERS,
    Listener,
)

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


async def messages_of(client: Client, submission_id: str) -> list[InStream]:
    """One for each stream, commune and kind that has the id."""
    return [
        *[each async for each in _in(client, INTAKE, submission_id, INTAKE_LISTENERS, OWNERS)],
        *[each async for each in _in(client, DESK, submission_id, DESK_LISTENERS, DESK_OWNERS)],
    ]


async def _in(
    client: Client, stream: str, submission_id: str, listeners: Sequence[Listener], owners: Mapping[str, str]
) -> AsyncIterator[InStream]:
    jetstream, by_service = client.jetstream(), {listener.service: listener for listener in listeners}
    found = await jetstream.stream_info(stream, subjects_filter=f"{stream}.*.*.{submission_id}")
    for subject in sorted(found.state.subjects or ()):
        _, commune, kind, _ = subject.split(".")
        listener = by_service[owners[kind]] if kind in owners else INTAKE_SUBJECTS
        message = await jetstream.get_last_msg(stream, subject)
        consumer = await jetstream.consumer_info(listener.stream, listener.name)
        taken = (consumer.ack_floor.stream_seq if consumer.ack_floor else 0) or 0
        sequence = message.seq or 0
        yield InStream(
            commune,
            kind,
            listener.service,
            sequence,
            message.time or NEVER,
            is_taken=sequence <= taken,
            redelivered=consumer.num_redelivered or 0,
        )
