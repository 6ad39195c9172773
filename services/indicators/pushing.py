"""Sends a commune's readings: from its file into its outbox, from there to the province, until each has a receipt."""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from uuid import uuid4

from rich.progress import Progress, ProgressColumn

from shared.cli import err
from shared.contracts import Receipt
from shared.contracts.indicators import Reading, RecordReadings
from shared.outbox import Kept, Outbox

# The largest reading that the contract allows takes 6 KB, so that the broker's limit of 1 MB is never met.
READINGS_A_SUBMISSION = 100


class Sent(NamedTuple):
    """The receipts, and a sentence for each submission that the broker will never take."""

    receipts: list[Receipt]
    set_aside: list[str]


def keep(readings: Iterable[Reading], outbox: Outbox) -> None:
    """Put readings into the outbox, a hundred to a submission."""
    for part in parts(readings):
        outbox.keep(Kept(RecordReadings.kind, uuid4().hex, part.model_dump_json().encode()))


def parts(readings: Iterable[Reading]) -> Iterator[RecordReadings]:
    remaining = iter(readings)
    while part := tuple(islice(remaining, READINGS_A_SUBMISSION)):
        yield RecordReadings(readings=part)


async def send(nats_url: str, commune: str, outbox: Outbox) -> Sent:
    """Send all that the outbox keeps, also from an earlier push that was interrupted. One that fails costs no other."""
    import nats
    from nats.errors import MaxPayloadError

    from shared.publishing import PublishRefused
    from shared.sender import Sender

    waiting = list(outbox.waiting())
    client = await nats.connect(nats_url, connect_timeout=5, allow_reconnect=True, max_reconnect_attempts=3)
    try:
        with progress_of() as progress:
            sending = progress.add_task(f"{commune}: {len(waiting)} bài gửi", total=len(waiting))

            async def one(kept: Kept) -> Receipt | str:
                try:
                    receipt = await sender.send_raw(commune, kept.kind, kept.submission_id, kept.body)
                except (ValueError, MaxPayloadError, PublishRefused) as refused:
                    return f"{_why(refused)}; giữ lại ở {outbox.set_aside(kept)}"
                finally:
                    progress.advance(sending)
                outbox.drop(kept)
                return receipt

            async with Sender(client, commune) as sender:
                answers = await asyncio.gather(*(one(kept) for kept in waiting))
    finally:
        await client.close()
    return Sent([a for a in answers if isinstance(a, Receipt)], [a for a in answers if isinstance(a, str)])


def progress_of(*columns: ProgressColumn) -> Progress:
    """What a clerk sees while it lasts; nothing where nobody looks at a terminal."""
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


def _why(refused: Exception) -> str:
    if isinstance(refused, ValueError):
        return f"Một bài gửi không gửi được ({refused})"
    return "Một bài gửi lớn hơn mức máy chủ nhận (1 MB) nên không gửi được"
