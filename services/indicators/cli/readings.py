"""minhbach readings: what communes measured."""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.progress import Progress

from shared.cli import err, fail, group
from shared.contracts import Receipt
from shared.contracts.indicators import ID, Reading, RecordReadings
from shared.outbox import Kept, Outbox
from shared.settings import Settings

readings_app = group("What communes measured.")

READINGS_A_SUBMISSION = 100


@readings_app.command("push")
def push(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON lines")],
    commune: Annotated[str, typer.Option(help="the commune's id, which is the code that it had on 1/7/2025")],
    as_json: Annotated[bool, typer.Option("--json", help="print the receipts")] = False,
) -> None:
    """Send a file of readings and wait for every receipt. Sending the same file again counts nothing twice.

    Interrupted, or with the province away, the readings stay in the outbox and go out with the next push.
    """
    from services.indicators.readings_file import FileErrors, read_readings

    try:
        readings = read_readings(file)
    except FileErrors as wrong:
        fail(wrong.errors)
    if not re.fullmatch(ID, commune):
        fail(f'"{commune}" is no commune code', 2)
    outbox = Outbox.of(commune)
    for part in _parts(readings):
        body = RecordReadings(readings=tuple(part)).model_dump_json().encode()
        outbox.keep(Kept(RecordReadings.kind, uuid4().hex, body))
    receipts = asyncio.run(_send(Settings.from_env().nats_url, commune, outbox))
    if as_json:
        print(json.dumps([r.model_dump(mode="json") for r in receipts], ensure_ascii=False))  # noqa: T201  for programs
    _tell(receipts)


async def _send(nats_url: str, commune: str, outbox: Outbox) -> list[Receipt]:
    """Send all that the outbox keeps, also from an earlier push that was interrupted."""
    import nats

    from shared.sender import Sender

    waiting = list(outbox.waiting())
    client = await nats.connect(nats_url, connect_timeout=5, allow_reconnect=True, max_reconnect_attempts=3)
    try:
        with Progress(console=err, transient=True) as progress:
            sending = progress.add_task(f"{len(waiting)} submissions of {commune}", total=len(waiting))

            async def send(kept: Kept) -> Receipt:
                receipt = await sender.send_raw(commune, kept.kind, kept.submission_id, kept.body)
                outbox.drop(kept)
                progress.advance(sending)
                return receipt

            async with Sender(client, commune) as sender:
                return list(await asyncio.gather(*(send(kept) for kept in waiting)))
    finally:
        await client.close()


def _parts(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    remaining = iter(readings)
    while part := list(islice(remaining, READINGS_A_SUBMISSION)):
        yield part


def _tell(receipts: list[Receipt]) -> None:
    refused: list[Any] = [item for receipt in receipts for item in receipt.refused]
    for item in refused:
        err.print(f"{item.item}: {item.sentence}", markup=False)
    accepted, duplicates = sum(r.accepted for r in receipts), sum(r.duplicates for r in receipts)
    err.print(f"Ghi nhận {accepted}, trùng {duplicates}, từ chối {len(refused)} số liệu.")
    if refused:
        raise typer.Exit(1)
