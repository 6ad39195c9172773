"""The commands of Indicators: define what is measured, and send what was."""

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
from rich.table import Table

from services.indicators.catalogue import STANDARD, CatalogueErrors, read_catalogue
from shared.cli import err, fail, group, out
from shared.contracts import Receipt
from shared.contracts.indicators import ID, Reading, RecordReadings
from shared.outbox import Kept, Outbox
from shared.settings import Settings

indicator_app = group("What is measured, and what the indicators mean.")
readings_app = group("What communes measured.")

READINGS_A_SUBMISSION = 100


@indicator_app.command("define")
def define(
    file: Annotated[Path, typer.Argument(help="a catalogue; the standard one when none is given")] = STANDARD,
) -> None:
    """Define, or revise, the fields, measures and indicators of a catalogue file; safe to run again."""
    from services.indicators.application import Indicators
    from shared.process import open_pool

    try:
        entries = read_catalogue(file)
    except CatalogueErrors as wrong:
        fail(wrong.errors)
    settings = Settings.from_env()
    with open_pool(settings, "indicators") as pool:
        indicators = Indicators(settings, pool)
        changed = sum(indicators.define(*entry) for entry in entries)
        indicators.close()
    out.print(f"{len(entries)} definitions read, {changed} of them new or revised.")


@indicator_app.command("list")
def list_indicators(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """The indicators in force, with their formulas."""
    from shared.process import open_pool

    with open_pool(Settings.from_env(), "indicators", size=1) as pool, pool.connection() as connection:
        rows = connection.execute(
            "SELECT DISTINCT ON (name) name, revision, definition, in_force_from FROM definitions"
            " WHERE kind = 'indicator' ORDER BY name, revision DESC"
        ).fetchall()
    listed = [{"indicator": n, "version": v, **d, "in_force_from": f.isoformat()} for n, v, d, f in rows]
    if as_json:
        print(json.dumps(listed, ensure_ascii=False, indent=2))  # noqa: T201  JSON is for programs: not wrapped
        return
    table = Table("indicator", "v", "name", "formula", box=None)
    for row in listed:
        formula = f"{' + '.join(row['numerator'])} / {' + '.join(row['denominator'])}"
        table.add_row(row["indicator"], str(row["version"]), row["name"], formula)
    out.print(table)


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
