"""Creates and updates streams and consumers for `minhbach provision`; each service checks them at its start."""

import asyncio
import logging
import time
from dataclasses import fields
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, StreamConfig
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from shared.messaging.streams import INTAKE, LISTENERS, VERSION, VERSION_KEY, Listener, consumer, streams, used_by

# Given to what is new, and left alone afterwards: an operator sets them for the machine and the load.
TUNED = ("max_bytes", "max_age", "max_msg_size", "num_replicas", "duplicate_window")
# NATS 2.15.1 refuses any update that takes this back: streams from before version 1 keep it.
FOR_EVER = "deny_purge"
TUNED_OF_CONSUMERS = ("ack_wait", "max_ack_pending")  # set anew with each version
NO_PEERS = 10005  # the code of an error of the JetStream API: no suitable peers for placement
PLACED_WITHIN = 15.0  # seconds

log = logging.getLogger(__name__)


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
    await _check_consumers(jetstream, service)


async def wait_until_checked(jetstream: JetStreamContext, service: str) -> None:
    """The same, once JetStream answers: a server that starts, or reads its accounts again, takes connections before."""
    while True:
        try:
            return await check(jetstream, service)
        except (ServiceUnavailableError, TimeoutError) as away:
            log.warning("NATS cannot be looked at yet: %s", str(away) or type(away).__name__)
            await asyncio.sleep(1)


async def check_again(jetstream: JetStreamContext, service: str) -> None:
    """`check` with fewer requests, for what was there before: a stream takes its consumers with it."""
    consumed = {listener.stream for listener in LISTENERS if listener.service == service}
    for name in used_by(service):
        if name not in consumed:
            await _check(jetstream.stream_info(name), f"stream {name}")
    await _check_consumers(jetstream, service)


async def _check_consumers(jetstream: JetStreamContext, service: str) -> None:
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
