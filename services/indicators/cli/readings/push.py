"""minhbach readings push: a commune's file of readings is read, and sent like every commune's submission."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.progress import TextColumn

from services.indicators.cli.readings.files import check_rejects, item_at, own_names, print_mistakes
from services.indicators.cli.readings.unusual import print_unusual_sent
from shared.cli import chosen, err, fail
from shared.cli.options import AsJson, day_option
from shared.cli.printing import print_json, progress_bar
from shared.cli.sending import Outgoing, OwnCommune
from shared.contracts.indicators import Reading, RecordReadings
from shared.faults import fault_text

if TYPE_CHECKING:  # reading spreadsheets is imported when there is one: it would slow down every other command
    from services.indicators.readings_file import Choices, FileReadings, RefusedRow

# The largest reading that the contract allows takes 6 KB, so that the broker's limit of 1 MB is never met.
READINGS_A_SUBMISSION = 100


def push(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="CSV, XLSX hoặc JSON từng dòng")],
    *,
    commune: OwnCommune = None,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="không gửi gì nếu có hàng bị từ chối")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="tệp XLSX để ghi các hàng bị từ chối, sửa xong thì gửi tệp đó")
    ] = None,
    hidden: Annotated[
        str, typer.Option(help="hàng và cột ẩn: refuse (từ chối), include (tính cả) hoặc skip (bỏ qua)")
    ] = "refuse",
    sheet: Annotated[str | None, typer.Option(help="trang tính cần đọc, khi nhiều trang có số liệu")] = None,
    day: Annotated[
        date | None, day_option("--day", help="ngày của mọi hàng, khi bảng không có cột Ngày; ví dụ 14/9/2025")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Gửi một tệp số liệu và chờ đủ biên nhận; gửi lại cùng một tệp thì không tính hai lần.

    Hàng không đọc được bị từ chối, kèm vị trí và lý do; các hàng khác vẫn được gửi, và mã thoát là 1. Khi bị ngắt giữa
    chừng hoặc chưa kết nối được với tỉnh, số liệu được giữ lại và gửi cùng lệnh gửi tiếp theo.
    """
    from services.indicators.readings_file import HIDDEN, Choices

    outgoing = Outgoing.of(commune)
    if rejects:
        check_rejects(rejects)
        if rejects.resolve() == file.resolve():
            fail(f"{rejects}: tệp ghi các hàng bị từ chối phải khác tệp được gửi", 2)
    own = own_names(outgoing.commune)
    read = _read(file, Choices(cast("Any", chosen(hidden, HIDDEN, "cách xử lý hàng ẩn")), sheet, day, own))
    print_mistakes(file, read.refused, read.notes)
    _write_rejects(rejects, read.refused)
    if not read.readings or (read.refused and all_or_nothing):
        fail(f"Không gửi bản ghi nào; {len(read.refused)} hàng bị từ chối.")
    sent = outgoing.send(submissions_of(read.readings), quiet=as_json, place=lambda item: _place(read, item))
    if as_json:
        print_json([receipt.model_dump(mode="json") for receipt in sent.all])
    late = read.refused_later(item for receipt in sent.own for item in receipt.refused)
    if late:
        _write_rejects(rejects, [*read.refused, *late])
    if sent.is_complete:
        print_unusual_sent(outgoing, read.readings, lambda item: _place(read, item))
    if (read.refused or late) and sent.is_complete:
        refused = f"{len(read.refused)} không đọc được, không gửi; {len(late)} tỉnh từ chối"
        err.print(f"Tệp có {len(read.refused) + len(late)} hàng phải sửa: {refused}.")
    if rejects and (read.refused or late):
        err.print(f"Các hàng phải sửa được ghi vào {rejects}; sửa xong hãy gửi tệp đó.", markup=False)
    if rejects and not sent.is_complete:
        err.print(f"Khi có đủ biên nhận, ghi cả hàng mà tỉnh từ chối bằng: minhbach readings list --rejects {rejects}")
    sent.end()
    if read.refused:
        raise typer.Exit(1)


def submissions_of(readings: Iterable[Reading]) -> Iterator[RecordReadings]:
    """A hundred readings to a submission."""
    remaining = iter(readings)
    while part := tuple(islice(remaining, READINGS_A_SUBMISSION)):
        yield RecordReadings(readings=part)


def _read(file: Path, choices: "Choices") -> "FileReadings":
    from services.indicators.readings_file import FileErrors, read_readings

    try:
        with progress_bar(TextColumn("{task.description}")) as progress:
            reading = progress.add_task("", total=None)
            return read_readings(
                file, choices, lambda rows: progress.update(reading, description=f"{file.name}: {rows} hàng")
            )
    except FileErrors as wrong:
        fail(wrong.errors)


def _place(read: "FileReadings", item: str) -> str:
    """A reading that the province refused, by its place in the file."""
    row = read.row_of(item)
    return item_at(item, row and row.place)


def _write_rejects(rejects: Path | None, refused: "list[RefusedRow]") -> None:
    from services.indicators.readings_file.refused_rows import write_refused_rows

    if rejects and refused:
        try:
            write_refused_rows(rejects, refused)
        except OSError as error:
            fail(f"{rejects}: không ghi được ({fault_text(error)})")
