"""Runs `minhbach why` against the servers that the environment names or that run in this folder."""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import psycopg
import typer
from eventsourcing.persistence import PersistenceError
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from deploy.why import InStream, Settled, Trace
from deploy.why.broker import messages_of
from deploy.why.stores import SUBMISSIONS, settled_in
from shared.cli import fail, out
from shared.cli.printing import print_json
from shared.commune_client.outbox import all_entries
from shared.messaging.connection import connect
from shared.settings import NatsServers, Settings, SettingsError, with_stack
from shared.tracing import SUBMISSION_ID


def trace_and_print(submission_id: str, *, as_json: bool) -> None:
    """Exit code 1 where nobody knows the submission."""
    if not SUBMISSION_ID.fullmatch(submission_id):
        fail(f'"{submission_id}" is no id of a submission', 2)
    trace = trace_of(submission_id)
    if as_json:
        print_json(_fields(trace))
    else:
        for line in lines(trace):
            out.print(line, markup=False, highlight=False, soft_wrap=True)
    if not trace.is_known:
        raise typer.Exit(1)


def trace_of(submission_id: str) -> Trace:
    """What does not answer is named in the trace: a commune's machine has an outbox and no database."""
    kept = [entry for entry in all_entries() if entry.submission_id == submission_id]
    away: list[str] = []
    stream: list[InStream] = []
    settled: list[Settled] = []
    try:
        stream = asyncio.run(_in_stream(submission_id))
    except (NatsError, APIError, OSError, ValueError, SettingsError):
        away.append("the broker")
    try:
        settings = Settings.from_env()
        for service in SUBMISSIONS:
            settled += settled_in(settings, service, submission_id)
    except (psycopg.Error, PersistenceError, SettingsError):
        away.append("the database, as its owner")
    return Trace(submission_id, kept, stream, settled, away)


async def _in_stream(submission_id: str) -> list[InStream]:
    servers = NatsServers.from_env(with_stack(os.environ))
    client = await connect(servers, connect_timeout=5, max_reconnect_attempts=1, allow_reconnect=False)
    try:
        return await messages_of(client, submission_id)
    finally:
        with contextlib.suppress(NatsError):
            await client.close()


def lines(trace: Trace) -> Iterator[str]:
    yield f"{trace.submission_id}: {trace.verdict}"
    for entry in trace.kept:
        state = "set aside" if entry.refused else f"waits for {entry.server or 'any broker'}"
        since = f"since {entry.kept_at:%Y-%m-%d %H:%M}"
        yield f"  outbox    commune {entry.commune}, {entry.kind}, {since}, {state}: {entry.path}"
    for message in trace.stream:
        state = f"taken by {message.service}" if message.is_taken else f"waits for {message.service}"
        yield (
            f"  stream    commune {message.commune}, {message.kind}, sequence {message.sequence},"
            f" {message.sent_at:%Y-%m-%d %H:%M} UTC, {state}"
        )
    for settled in trace.settled:
        yield from _decision(settled)
    for each in trace.away:
        yield f"  no answer {each}"


def _decision(settled: Settled) -> Iterator[str]:
    receipt, when = settled.receipt, f"{settled.receipt.recorded_at:%Y-%m-%d %H:%M} UTC"
    counts = f"{receipt.accepted} recorded, {receipt.duplicates} known before, {len(receipt.refused)} refused"
    yield f"  receipt   {settled.service}, commune {receipt.commune}, {receipt.kind}, {when}: {counts}"
    for item in receipt.refused:
        yield f"  refused   {item.item} ({item.rule}): {item.sentence}"
    if receipt.parked:
        yield f"  parked    {receipt.parked}; the body is {'kept' if settled.body_kept else 'not kept'}"
    for service, position in settled.followed.items() if settled.position else ():
        state = "applied" if position >= settled.position else f"not applied yet, it is at {position}"
        yield f"  counted   event {settled.position} of {settled.service}: {state} by {service}"


def _fields(trace: Trace) -> dict[str, Any]:
    return {
        "submission_id": trace.submission_id,
        "verdict": trace.verdict,
        "outbox": [{**entry._asdict(), "refused": entry.refused} for entry in trace.kept],
        "stream": [asdict(message) for message in trace.stream],
        "settled": [
            {
                **asdict(settled),
                "receipt": settled.receipt.model_dump(mode="json"),
                "counted_by": settled.decided.counted_by,
            }
            for settled in trace.settled
        ],
        "away": trace.away,
    }
