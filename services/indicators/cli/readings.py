"""minhbach readings: what communes measured."""

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.progress import TextColumn

from services.indicators import pushing
from shared.cli import chosen, err, fail, group
from shared.contracts.indicators import ID
from shared.outbox import Outbox
from shared.settings import Settings

if TYPE_CHECKING:  # reading spreadsheets is imported when there is one: it would slow down every other command
    from services.indicators.readings_file import Choices, FileReadings

readings_app = group("What communes measured.")

REFUSED_IN_FULL = 100


@readings_app.command("push")
def push(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON lines")],
    commune: Annotated[str, typer.Option(help="the commune's id, which is the code that it had on 1/7/2025")],
    *,
    all_or_nothing: Annotated[bool, typer.Option(help="send nothing if any row is refused")] = False,
    rejects: Annotated[Path | None, typer.Option(help="an XLSX file for the refused rows, to mend and push")] = None,
    hidden: Annotated[str, typer.Option(help="hidden rows and columns: refuse, include or skip")] = "refuse",
    sheet: Annotated[str | None, typer.Option(help="the sheet to read, where several hold readings")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the receipts")] = False,
) -> None:
    """Send a file of readings and wait for every receipt. Sending the same file again counts nothing twice.

    A row that cannot be read is refused with its place and reason, and the others are sent; the exit code is then 1.
    Interrupted, or with the province away, the readings stay in the outbox and go out with the next push.
    """
    from services.indicators.readings_file import HIDDEN, Choices

    if not re.fullmatch(ID, commune):
        fail(f'"{commune}" is no commune code', 2)
    if rejects and (rejects.suffix.lower() != ".xlsx" or rejects.resolve() == file.resolve()):
        fail(f"{rejects}: the file for refused rows must be another one than {file} and end in .xlsx", 2)
    read = _read(file, Choices(cast("Any", chosen(hidden, HIDDEN, "choice for hidden rows")), sheet))
    _tell_refused(file, read, rejects)
    if not read.readings or (read.refused and all_or_nothing):
        fail(f"Không gửi bản ghi nào; {len(read.refused)} hàng bị từ chối.")
    settings, outbox = Settings.from_env(), Outbox.of(commune)
    pushing.keep(read.readings, outbox)
    sent = asyncio.run(pushing.send(settings.nats_url, commune, outbox))
    if as_json:
        print(json.dumps([r.model_dump(mode="json") for r in sent.receipts], ensure_ascii=False))  # noqa: T201  for programs
    _tell(sent, read)


def _read(file: Path, choices: "Choices") -> "FileReadings":
    from services.indicators.readings_file import FileErrors, read_readings

    try:
        with pushing.progress_of(TextColumn("{task.description}")) as progress:
            reading = progress.add_task("", total=None)
            return read_readings(
                file, choices, lambda rows: progress.update(reading, description=f"{file.name}: {rows} hàng")
            )
    except FileErrors as wrong:
        fail(wrong.errors)


def _tell_refused(file: Path, read: "FileReadings", rejects: Path | None) -> None:
    from services.indicators.readings_file.errors import printable
    from services.indicators.readings_file.rejects import write_rejects

    for note in read.notes:
        err.print(note, markup=False)
    for row in read.refused[:REFUSED_IN_FULL]:
        err.print(f"{printable(file.name, 255)}: {row.place}: {'; '.join(row.reasons)}", markup=False)
    if (more := len(read.refused) - REFUSED_IN_FULL) > 0:
        err.print(f"và {more} hàng khác bị từ chối")
    if rejects and read.refused:
        try:
            write_rejects(rejects, read.refused)
        except OSError as error:
            fail(f"{rejects}: không ghi được ({error.strerror or error})")
        err.print(f"Các hàng bị từ chối được ghi vào {rejects}; sửa xong hãy gửi tệp đó.", markup=False)


def _tell(sent: pushing.Sent, read: "FileReadings") -> None:
    receipts = sent.receipts
    refused = [item for receipt in receipts for item in receipt.refused]
    parked = [receipt for receipt in receipts if receipt.parked]
    for item in refused[:REFUSED_IN_FULL]:
        err.print(f"{item.item}: {item.sentence}", markup=False)
    if (more := len(refused) - REFUSED_IN_FULL) > 0:
        err.print(f"và {more} số liệu khác bị từ chối")
    for receipt in parked:
        err.print(f"Bài gửi {receipt.submission_id} không đọc được ({receipt.parked}).", markup=False)
    for sentence in sent.set_aside:
        err.print(f"{sentence}.", markup=False)
    accepted, duplicates = sum(r.accepted for r in receipts), sum(r.duplicates for r in receipts)
    err.print(f"Ghi nhận {accepted}, trùng {duplicates}, từ chối {len(refused)} số liệu.")
    if read.refused:
        err.print(f"Đã gửi {len(read.readings)} bản ghi của tệp; {len(read.refused)} hàng bị từ chối, không gửi.")
    if refused or parked or sent.set_aside or read.refused:
        raise typer.Exit(1)
