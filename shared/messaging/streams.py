"""All streams and consumers: created and updated by provisioning, and checked by each service at its start.

Subjects are `<owner>.event.<name>.v<n>` for announcements, `intake.<commune>.<kind>.<submission id>` for communes, and
`desk.<commune or province>.<kind>.<submission id>` for accounts of the portal.
"""

import asyncio
import time
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from shared.contracts.seals import checkpoint_subject

BATCH = 500
ACK_WAIT = 60.0
# Of the intake, put back ones included: so many of one commune may wait before they hold up another's.
MOST_WAITING = 20_000
# Of a follower that was killed, the next leader waits for what it had not acknowledged; applying a batch takes seconds.
FOLLOWED_ACK_WAIT = 10.0
SERVICES = ("planning", "indicators", "reporting", "notifications", "portal")

# One more whenever streams or consumers change so that services need the new ones. Each has it in its metadata.
VERSION = 2
VERSION_KEY = "minhbach-version"
# Given to what is new, and left alone afterwards: an operator sets them for the machine and the load.
TUNED = ("max_bytes", "max_age", "max_msg_size", "num_replicas", "duplicate_window")
# NATS 2.15.1 refuses any update that takes this back: streams from before version 1 keep it.
FOR_EVER = "deny_purge"
TUNED_OF_CONSUMERS = ("ack_wait", "max_ack_pending")  # set anew with each version

INTAKE = "intake"
UNLIMITED = -1
CHECKPOINTS = "checkpoints"
DAY = 24 * 3600


def events_stream(service: str) -> str:
    return f"{service}-events"


@dataclass(frozen=True)
class Listener:
    """A durable pull consumer, named after the service that listens and its purpose."""

    stream: str
    name: str
    subjects: tuple[str, ...]
    headers_only: bool = False

    @property
    def service(self) -> str:
        return self.name.split("-")[0]


def events_listener(listener: str, owner: str) -> Listener:
    """The consumer of a service that follows all events of another one, in order."""
    return Listener(events_stream(owner), f"{listener}-{owner}", (f"{owner}.event.>",))


def intake_listener(listener: str, *kinds: str) -> Listener:
    """The consumer of a service that takes submissions of communes."""
    return Listener(INTAKE, f"{listener}-{INTAKE}", tuple(f"{INTAKE}.*.{kind}.*" for kind in kinds))


INTAKE_LISTENERS = (
    intake_listener("planning", "progress"),
    intake_listener("indicators", "readings", "corrections", "withdrawals"),
    intake_listener("reporting", "report"),
)
# The service that takes each kind of submission.
OWNERS = {subject.split(".")[2]: listener.service for listener in INTAKE_LISTENERS for subject in listener.subjects}
# One service sees the subjects of all: it parks every other kind, and bounds what one commune has in the stream.
INTAKE_SUBJECTS = Listener(INTAKE, f"indicators-{INTAKE}-subjects", (f"{INTAKE}.*.*.*",), headers_only=True)

# Who prints checkpoints of histories, and keeps them for that.
CHECKPOINT_LISTENER = Listener(CHECKPOINTS, f"reporting-{CHECKPOINTS}", tuple(map(checkpoint_subject, SERVICES)))

# What accounts of the portal send: the kinds of communes, and commands of the province.
DESK = "desk"


def desk_listener(listener: str, *kinds: str) -> Listener:
    """The consumer of a service that takes what accounts send through the portal."""
    return Listener(DESK, f"{listener}-{DESK}", tuple(f"{DESK}.*.{kind}.*" for kind in kinds))


# What a province decides about its communes.
COMMUNE_COMMANDS = ("register", "establish", "merge", "divide", "rename", "move")
DESK_LISTENERS = (
    desk_listener("planning", "progress", "issue-plan", "amend-plan", "close-plan", *COMMUNE_COMMANDS),
    desk_listener("indicators", "readings", "corrections", "withdrawals", "definitions"),
    desk_listener("reporting", "report", "return", "approve", "remind", "narrative", "publish", "restate"),
)
DESK_OWNERS = {subject.split(".")[2]: listener.service for listener in DESK_LISTENERS for subject in listener.subjects}


class Door(NamedTuple):
    """Where submissions come in, and their receipts go out: the stream, and the first words of the other subjects."""

    stream: str
    receipt: str
    receipts: str

    def submission(self, scope: str, kind: str, submission_id: str) -> str:
        return f"{self.stream}.{scope}.{kind}.{submission_id}"


INTAKE_DOOR = Door(INTAKE, "receipt", "receipts")
DESK_DOOR = Door(DESK, "desk-receipt", "desk-receipts")

LISTENERS = (
    *INTAKE_LISTENERS,
    *DESK_LISTENERS,
    INTAKE_SUBJECTS,
    events_listener("indicators", "planning"),
    events_listener("reporting", "planning"),
    events_listener("reporting", "indicators"),
    events_listener("notifications", "planning"),
    events_listener("notifications", "indicators"),
    events_listener("notifications", "reporting"),
    CHECKPOINT_LISTENER,
    events_listener("portal", "planning"),
    events_listener("planning", "portal"),
    events_listener("indicators", "portal"),
    events_listener("reporting", "portal"),
    events_listener("notifications", "portal"),
)


def used_by(service: str) -> list[str]:
    """The streams that a service writes or reads."""
    return sorted(
        {events_stream(service), CHECKPOINTS} | {each.stream for each in LISTENERS if each.service == service}
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


def _desk() -> StreamConfig:
    """As the intake, one message a subject; only the portal's user may publish on it."""
    return _intake().evolve(name=DESK, subjects=[f"{DESK}.*.*.*"])


def _events(service: str) -> StreamConfig:
    return StreamConfig(
        name=events_stream(service),
        subjects=[f"{service}.event.>"],
        allow_direct=True,
        max_bytes=4 * 1024**3,
        **_kept(),
    )


def _checkpoints() -> StreamConfig:
    # Each also stands in the database of its service: the stream may lose old ones.
    return StreamConfig(
        name=CHECKPOINTS,
        subjects=[checkpoint_subject(service) for service in SERVICES],
        allow_direct=True,
        max_msgs_per_subject=10_000,
        max_bytes=1024**3,
        **(_kept() | {"discard": DiscardPolicy.OLD}),
    )


def _kept() -> dict[str, Any]:
    return {
        "retention": RetentionPolicy.LIMITS,
        "storage": StorageType.FILE,
        "discard": DiscardPolicy.NEW,
        "max_msgs": UNLIMITED,
        "deny_delete": True,
        "duplicate_window": 120,
        "metadata": {VERSION_KEY: str(VERSION)},
    }


def streams() -> list[StreamConfig]:
    return [_intake(), _desk(), *(_events(service) for service in SERVICES), _checkpoints()]


def consumer(listener: Listener) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=listener.name,
        filter_subjects=list(listener.subjects),
        ack_wait=ACK_WAIT if listener.stream in (INTAKE, DESK) else FOLLOWED_ACK_WAIT,
        max_deliver=-1,
        max_ack_pending=MOST_WAITING if listener.stream in (INTAKE, DESK) else BATCH,
        metadata={VERSION_KEY: str(VERSION)},
        headers_only=listener.headers_only or None,
    )


NO_PEERS = 10005  # the code of an error of the JetStream API: no suitable peers for placement
PLACED_WITHIN = 15.0  # seconds


class NotProvisioned(RuntimeError):
    """A stream or consumer is missing or of an earlier version; the operator runs `minhbach provision`."""


async def provision(jetstream: JetStreamContext, replicas: int | None = None) -> list[str]:
    """Create missing streams and consumers, and update those of an earlier version. Returns a line for each change.

    What an operator tunes is kept: limits, times, and how many servers have a copy, unless `replicas` is given.
    """
    done = []
    for wanted in streams():
        done += await _provision_stream(jetstream, wanted, replicas)
    for listener in LISTENERS:
        done += await _provision_consumer(jetstream, listener)
    return done


async def _provision_stream(jetstream: JetStreamContext, wanted: StreamConfig, replicas: int | None) -> list[str]:
    assert wanted.name
    try:
        found = (await jetstream.stream_info(wanted.name)).config
    except NotFoundError:
        await _create(jetstream, wanted.evolve(num_replicas=replicas or await _most_replicas(jetstream)))
        return [f"stream {wanted.name} created"]
    changes = _differences(wanted, found)
    if replicas and replicas != found.num_replicas:
        changes["num_replicas"] = replicas
    if changes:
        await jetstream.update_stream(found.evolve(**changes))
    done = [f"stream {wanted.name} updated"] if changes else []
    if wanted.name == INTAKE and found.deny_purge:
        done.append(f"stream {INTAKE} is of an earlier version, and cannot be cleared; run: minhbach stream renew")
    return done


async def _create(jetstream: JetStreamContext, wanted: StreamConfig) -> None:
    """A cluster takes a moment to give back the room of a deleted stream, and to know a server that returns."""
    until = time.monotonic() + PLACED_WITHIN
    while True:
        try:
            await jetstream.add_stream(wanted)
        except APIError as refused:
            if refused.err_code != NO_PEERS or time.monotonic() > until:
                raise
            await asyncio.sleep(0.2)
        else:
            return


async def _most_replicas(jetstream: JetStreamContext) -> int:
    """Those of the streams that are there: one that was deleted and is made again has as many copies as before."""
    own = {wanted.name for wanted in streams()}
    infos = await jetstream.streams_info()
    return max((info.config.num_replicas or 1 for info in infos if info.config.name in own), default=1)


async def _provision_consumer(jetstream: JetStreamContext, listener: Listener) -> list[str]:
    wanted = consumer(listener)
    try:
        found = (await jetstream.consumer_info(listener.stream, listener.name)).config
    except NotFoundError:
        await jetstream.add_consumer(listener.stream, wanted)
        return [f"consumer {listener.name} created"]
    if not (changes := _differences(wanted, found)):
        return []
    await jetstream.add_consumer(listener.stream, found.evolve(**changes))
    return [f"consumer {listener.name} updated"]


async def check(jetstream: JetStreamContext, service: str) -> None:
    """NotProvisioned unless the service's streams and consumers are there, of this version or a later one."""
    for name in used_by(service):
        await _check(jetstream.stream_info(name), f"stream {name}")
    for listener in LISTENERS:
        if listener.service == service:
            await _check(jetstream.consumer_info(listener.stream, listener.name), f"consumer {listener.name}")


async def _check(request: Any, name: str) -> None:
    try:
        found = (await request).config
    except NotFoundError:
        raise NotProvisioned(f"{name} is missing; run: minhbach provision") from None
    if _version(found) < VERSION:
        raise NotProvisioned(f"{name} is of an earlier version; run: minhbach provision")


def _version(found: StreamConfig | ConsumerConfig) -> int:
    text = (found.metadata or {}).get(VERSION_KEY, "")
    return int(text) if text.isdigit() else 0


def _differences(wanted: Any, found: Any) -> dict[str, Any]:
    """What is to be changed of a stream or consumer that exists, by the names of its fields."""
    if _version(found) > VERSION:  # a later version has provisioned it: an upgrade is under way
        return {}
    kept = (*TUNED, *(TUNED_OF_CONSUMERS if _version(found) == VERSION else ()), FOR_EVER, "metadata")
    changes = {
        field.name: getattr(wanted, field.name)
        for field in fields(wanted)
        if field.name not in kept
        and getattr(wanted, field.name) is not None
        and getattr(wanted, field.name) != getattr(found, field.name)
    }
    if _version(found) < VERSION:
        changes["metadata"] = {**(found.metadata or {}), **wanted.metadata}
    return changes
