"""minhbach readings correct | withdraw: one reading by its id or its day and field, or many from a file."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from pydantic import ValidationError

from services.indicators.cli.readings.files import field_named, item_at, measure_named, own_names, print_mistakes
from services.indicators.cli.readings.push import READINGS_A_SUBMISSION
from services.indicators.cli.readings.unusual import print_unusual_corrections
from shared.cli import fail
from shared.cli.options import AsJson, day_option
from shared.cli.printing import print_json
from shared.cli.sending import Outgoing, OwnCommune
from shared.contracts import Submission
from shared.contracts.indicators import Correction, CorrectReadings, Withdrawal, WithdrawReadings

if TYPE_CHECKING:
    from services.indicators.readings_file.changes import Change, FileChanges

ReadingId = Annotated[
    str | None, typer.Argument(metavar="MÃ", help="mã số liệu, như readings list cho biết; hoặc dùng --day")
]
Day = Annotated[date | None, day_option("--day", help="ngày của số liệu, thay cho mã; thêm --field nếu có lĩnh vực")]
FieldName = Annotated[str, typer.Option("--field", help="lĩnh vực của số liệu: tên hoặc mã, ví dụ “Đất đai”")]
File = Annotated[
    Path | None,
    typer.Option(
        "--file", metavar="TỆP",
        help="nhiều số liệu: CSV, XLSX có cột Mã số liệu, hoặc Ngày và Lĩnh vực; thêm được cột Lý do, Người sửa",
    ),
]  # fmt: skip
By = Annotated[str, typer.Option(help="người thực hiện, được lưu cùng số liệu")]
Reason = Annotated[str, typer.Option(help="lý do, được lưu cùng số liệu")]
Sheet = Annotated[str | None, typer.Option(help="trang tính cần đọc, khi nhiều trang có số liệu")]


def correct(
    reading: ReadingId = None,
    *,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SỐ_ĐO=SỐ", help='số đúng, ví dụ "Số hồ sơ TTHC tiếp nhận=12"; dùng nhiều lần'),
    ] = None,
    day: Day = None,
    field: FieldName = "",
    file: File = None,
    by: By = "",
    reason: Reason = "",
    commune: OwnCommune = None,
    sheet: Sheet = None,
    as_json: AsJson = False,
) -> None:
    """Đính chính số liệu đã gửi: số đúng thay số cũ; số cũ, lý do và người sửa được giữ lại.

    Số đo không nêu được giữ nguyên. Gửi lại cùng một đính chính thì không đổi gì thêm.
    """
    outgoing = Outgoing.of(commune)
    named = NamedReadings(reading, day, field, file, sheet)
    read = _changes(outgoing, named, by, reason, values or [])

    def submission(part: "Sequence[Change]") -> Submission:
        return CorrectReadings(corrections=tuple(Correction.model_validate(one._asdict()) for one in part))

    _send(outgoing, read, submission, file, as_json=as_json)


def withdraw(
    reading: ReadingId = None,
    *,
    day: Day = None,
    field: FieldName = "",
    file: File = None,
    by: By = "",
    reason: Reason = "",
    commune: OwnCommune = None,
    sheet: Sheet = None,
    as_json: AsJson = False,
) -> None:
    """Rút số liệu đã gửi: từ nay không tính nữa; số cũ, lý do và người rút được giữ lại."""
    outgoing = Outgoing.of(commune)
    named = NamedReadings(reading, day, field, file, sheet)
    read = _changes(outgoing, named, by, reason, None)

    def submission(part: "Sequence[Change]") -> Submission:
        changes = ({"reading_id": one.reading_id, "reason": one.reason, "by": one.by} for one in part)
        return WithdrawReadings(withdrawals=tuple(Withdrawal.model_validate(one) for one in changes))

    _send(outgoing, read, submission, file, as_json=as_json)


class NamedReadings(NamedTuple):
    """The readings to change as a person names them: one by its id, or by its day and field; or many in a file."""

    reading: str | None
    day: date | None
    field: str
    file: Path | None
    sheet: str | None


def _changes(outgoing: Outgoing, named: NamedReadings, by: str, reason: str, values: list[str] | None) -> "FileChanges":
    """`values` are the new counts as typed, None where readings are withdrawn."""
    from services.indicators.readings_file.changes import Change, FileChanges

    if named.file:
        if named.reading or named.day or values:
            fail("Với --file, hãy nêu số liệu trong tệp, không nêu thêm mã, --day hay --set", 2)
        return _read(named.file, outgoing, named.sheet, by, reason, withdraw=values is None)
    reading_id = reading_id_of(named.reading, named.day, named.field, outgoing.commune)
    counts = {} if values is None else _values(values)
    if not by.strip() or not reason.strip():
        fail("Hãy nêu người thực hiện (--by) và lý do (--reason)", 2)
    return FileChanges([Change(reading_id, counts, reason, by)], [], [], {})


def _read(file: Path, outgoing: Outgoing, sheet: str | None, by: str, reason: str, *, withdraw: bool) -> "FileChanges":
    from services.indicators.readings_file import Choices, FileErrors
    from services.indicators.readings_file.changes import read_changes

    choices = Choices(sheet=sheet, own=own_names(outgoing.commune))
    try:
        return read_changes(file, choices, by=by, reason=reason, withdraw=withdraw)
    except FileErrors as wrong:
        fail(wrong.errors)


def reading_id_of(reading: str | None, day: date | None, field: str, commune: str) -> str:
    """The id that a person gave, or that of a day and a field. Ends the command (2) where neither is there."""
    from services.indicators.readings_file.entries import derived_id

    if reading and not day and not field:
        return reading
    if reading or not day:
        fail("Hãy nêu mã số liệu, hoặc --day NGÀY (kèm --field LĨNH_VỰC), hoặc --file TỆP", 2)
    return derived_id(day, field_named(field, commune) if field else None)


def _values(texts: list[str]) -> dict[str, int]:
    from services.indicators.readings_file.values.cells import CellError
    from services.indicators.readings_file.values.whole_counts import count_in

    values: dict[str, int] = {}
    for text in texts:
        name, _, count = text.rpartition("=")
        try:
            values[measure_named(name)] = count_in(count)
        except CellError as wrong:
            fail(f'"{text}": {wrong}; hãy viết như "files-received=12"', 2)
    if not values:
        fail("Hãy nêu số đúng bằng --set SỐ_ĐO=SỐ", 2)
    return values


def _send(
    outgoing: Outgoing, read: "FileChanges", submission: "Callable[[Sequence[Change]], Submission]", file: Path | None,
    *, as_json: bool,
) -> None:  # fmt: skip
    if file:
        print_mistakes(file, read.refused, read.notes)
    changes = read.changes
    parts = [changes[at : at + READINGS_A_SUBMISSION] for at in range(0, len(changes), READINGS_A_SUBMISSION)]
    if not parts:
        fail(f"Không gửi gì; {len(read.refused)} hàng bị từ chối.")
    try:
        submissions = [submission(part) for part in parts]
    except ValidationError as wrong:
        fail(f"{wrong.errors()[0]['loc'][-1]}: không đúng dạng quy định hoặc quá dài", 2)
    sent = outgoing.send(submissions, quiet=as_json, place=lambda item: item_at(item, read.places.get(item)))
    if as_json:
        print_json([receipt.model_dump(mode="json") for receipt in sent.all])
    if sent.is_complete:
        refused = {each.item for receipt in sent.own for each in receipt.refused}
        counts = {one.reading_id: one.values for one in changes if one.values and one.reading_id not in refused}
        print_unusual_corrections(outgoing, counts, lambda item: item_at(item, read.places.get(item)))
    sent.end()
    if read.refused:
        raise typer.Exit(1)
