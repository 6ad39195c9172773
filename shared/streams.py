"""Every stream and consumer there is, made and updated in one place, and checked by each service at its start.

Subjects are `<owner>.event.<name>.v<n>` for announcements and `intake.<commune>.<kind>.<submission id>` for communes.
"""

from dataclasses import dataclass, fields
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

BATCH = 500
ACK_WAIT = 60.0
# Of a follower that was killed, the next leader waits for what it had not acknowledged; applying a batch takes seconds.
FOLLOWED_ACK_WAIT = 10.0
SERVICES = ("planning", "indicators", "reporting", "notifications")

INTAKE = "intake"
DAY = 24 * 3600


def events_stream(service: str) -> str:
    return f"{service}-events"


@dataclass(frozen=True)
class Listener:
    """A durable pull consumer: its name says who listens and what for."""

    stream: str
    name: str
    subjects: tuple[str, ...]

    @property
    def service(self) -> str:
        return self.name.split("-")[0]


def hears(listener: str, owner: str) -> Listener:
    """A service that hears everything another one announces, in order."""
    return Listener(events_stream(owner), f"{listener}-{owner}", (f"{owner}.event.>",))


def takes_in(listener: str, *kinds: str) -> Listener:
    """A service that takes what communes submit."""
    return Listener(INTAKE, f"{listener}-{INTAKE}", tuple(f"{INTAKE}.*.{kind}.*" for kind in kinds))


LISTENERS = (
    takes_in("planning", "progress"),
    takes_in("indicators", "readings", "corrections", "withdrawals"),
    takes_in("reporting", "report"),
    hears("indicators", "planning"),
    hears("reporting", "planning"),
    hears("reporting", "indicators"),
    hears("notifications", "planning"),
    hears("notifications", "indicators"),
    hears("notifications", "reporting"),
)


def _intake() -> StreamConfig:
    # One message a subject: the duplicate key lies inside the commune's own permission. A submission that aged out
    # was never receipted, so its commune still has it.
    return StreamConfig(
        name=INTAKE,
        subjects=[f"{INTAKE}.*.*.*"],
        max_msgs_per_subject=1,
        discard_new_per_subject=True,
        max_age=30 * DAY,
        max_bytes=4 * 1024**3,
        max_msg_size=1024 * 1024,
        **_kept(),
    )


def _events(service: str) -> StreamConfig:
    return StreamConfig(
        name=events_stream(service),
        subjects=[f"{service}.event.>"],
        allow_direct=True,
        max_bytes=4 * 1024**3,
        **_kept(),
    )


def _kept() -> dict[str, Any]:
    return {
        "retention": RetentionPolicy.LIMITS,
        "storage": StorageType.FILE,
        "discard": DiscardPolicy.NEW,
        "deny_delete": True,
        "deny_purge": True,
        "duplicate_window": 120,
    }


def streams() -> list[StreamConfig]:
    return [_intake(), *(_events(service) for service in SERVICES)]


def consumer(listener: Listener) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=listener.name,
        filter_subjects=list(listener.subjects),
        ack_wait=ACK_WAIT if listener.stream == INTAKE else FOLLOWED_ACK_WAIT,
        max_deliver=-1,
        max_ack_pending=BATCH,
    )


class NotProvisioned(RuntimeError):
    """A stream or consumer is missing or is not what this version expects; the operator runs `minhbach provision`."""


async def provision(jetstream: JetStreamContext) -> list[str]:
    """Create what is missing and update what differs; what was done, one line each, nothing when all was right."""
    done = []
    for wanted in streams():
        done += await _provision_stream(jetstream, wanted)
    for listener in LISTENERS:
        done += await _provision_consumer(jetstream, listener)
    return done


async def _provision_stream(jetstream: JetStreamContext, wanted: StreamConfig) -> list[str]:
    assert wanted.name
    try:
        found = (await jetstream.stream_info(wanted.name)).config
    except NotFoundError:
        await jetstream.add_stream(wanted)
        return [f"stream {wanted.name} created"]
    if not _differences(wanted, found):
        return []
    await jetstream.update_stream(wanted)
    return [f"stream {wanted.name} updated"]


async def _provision_consumer(jetstream: JetStreamContext, listener: Listener) -> list[str]:
    wanted = consumer(listener)
    try:
        found = (await jetstream.consumer_info(listener.stream, listener.name)).config
    except NotFoundError:
        await jetstream.add_consumer(listener.stream, wanted)
        return [f"consumer {listener.name} created"]
    if not _differences(wanted, found):
        return []
    await jetstream.add_consumer(listener.stream, wanted)
    return [f"consumer {listener.name} updated"]


async def check(jetstream: JetStreamContext, service: str) -> None:
    """NotProvisioned unless the service's stream and consumers are there and as this version wants them."""
    needed = {events_stream(service)} | {listener.stream for listener in LISTENERS if listener.service == service}
    for wanted in streams():
        if wanted.name in needed:
            await _check(jetstream.stream_info(wanted.name), wanted, f"stream {wanted.name}")
    for listener in LISTENERS:
        if listener.service == service:
            asked = jetstream.consumer_info(listener.stream, listener.name)
            await _check(asked, consumer(listener), f"consumer {listener.name}")


async def _check(asked: Any, wanted: Any, what: str) -> None:
    try:
        found = (await asked).config
    except NotFoundError:
        raise NotProvisioned(f"{what} is missing; run: minhbach provision") from None
    if different := _differences(wanted, found):
        raise NotProvisioned(f"{what} has another {', '.join(different)} than expected; run: minhbach provision")


def _differences(wanted: Any, found: Any) -> list[str]:
    return [
        field.name
        for field in fields(wanted)
        if getattr(wanted, field.name) is not None and getattr(wanted, field.name) != getattr(found, field.name)
    ]
