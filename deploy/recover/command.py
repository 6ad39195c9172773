"""Runs `minhbach recover` on the running servers or those of a folder, and prints what it did and what is lost."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from deploy.embedded.stack import Stack
from deploy.recover import Recovery
from deploy.recover import recover as repair
from shared.cli import err, out
from shared.settings import Settings, SettingsError


def recover_and_print(data: Path, lost: Path) -> None:
    """Events that the database lost are kept in the file `lost`, one a line."""
    with _settings(data) as settings:
        recovery = asyncio.run(repair(settings))
    for line in summary(recovery):
        out.print(line, markup=False)
    if recovery.lost_submissions or recovery.lost_events:
        keep_lost(recovery, lost)
        err.print(f"The announcements of what is lost are kept in {lost}", markup=False)


@contextmanager
def _settings(data: Path) -> Iterator[Settings]:
    """Of the servers that the environment names or that run here; else servers are started on the folder."""
    try:
        settings = Settings.from_env()
    except SettingsError:
        if not (data / "secrets").exists():
            raise
        with Stack(data, services=()) as stack:
            yield stack.settings()
    else:
        yield settings


def summary(recovery: Recovery) -> list[str]:
    """What was done, and each loss, a line each."""
    lines = [
        f"{service}: {count} announced events were not in its event store" for service, count in recovery.behind.items()
    ] or ["Every event store holds what its stream announced"]
    lines += [
        f"{service}: its stream is made again from its event store, up to position {position}"
        for service, position in recovery.refilled.items()
    ]
    lines += [f"{service}: reporting's tables held lost events and are made again" for service in recovery.rebuilt]
    lines.append(
        "The services have read the intake again"
        if recovery.read_again
        else "The intake will be read again by the services; when they have, what follows from it is no longer lost"
    )
    lines += [
        f"lost: submission {event.submission_id} of commune {event.commune}, receipted {event.recorded_at}"
        for event in recovery.lost_submissions
    ]
    lines += [
        f"lost: {event.subject} {event.event_id}"
        + (f" of commune {event.commune}" if event.commune else "")
        + f", recorded {event.recorded_at}"
        for event in recovery.lost_events
    ]
    return lines


def keep_lost(recovery: Recovery, path: Path) -> None:
    """Append the lost announcements to a file, one a line."""
    with path.open("a", encoding="utf-8") as file:
        for event in (*recovery.lost_submissions, *recovery.lost_events):
            file.write(json.dumps(asdict(event) | {"body": event.body.decode()}, ensure_ascii=False) + "\n")
