"""minhbach audit key, seal, checkpoints, timestamp: the key that seals, sealing by hand, and what is sealed."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.cli.printing import print_path, say, writing_to
from services.reporting.domain.stores import store_name
from shared.cli import chosen, fail, group
from shared.cli.opening import connected
from shared.cli.options import AsJson
from shared.cli.printing import print_json, print_table
from shared.faults import fault_text
from shared.messaging.streams import SERVICES
from shared.settings import SettingsError, with_stack
from shared.vietnamese import moment_text, number

if TYPE_CHECKING:
    from shared.record.checkpoints import Sealed
    from shared.seals.key_file import SealKey

key_app = group("Khóa dùng để niêm phong các sổ sự kiện.")


@key_app.command("new")
def new_key(
    *,
    out: Annotated[Path, typer.Option(help="tệp khóa mới; chỉ tiến trình niêm phong được đọc tệp này")],
    name: Annotated[str, typer.Option(help="tên khóa, ví dụ minhbach/51; khi thay khóa thì giữ tên cũ")] = "",
    after: Annotated[Path | None, typer.Option(help="tệp khóa đang dùng, khi thay khóa: cả hai khóa cùng ký")] = None,
) -> None:
    """Tạo khóa niêm phong, hoặc khóa thay cho khóa đang dùng; in ra khóa công khai để công bố và lưu nơi khác."""
    from shared.seals.key_file import SealKey, read_key, write_key
    from shared.seals.notes import Signer, WrongNote

    try:
        before = read_key(after) if after else None
    except (OSError, WrongNote):
        fail(f"Không đọc được tệp khóa {after}.", 2)
    if before and name not in ("", before.signer.name):
        fail(f"Khóa thay thế giữ tên cũ: {before.signer.name}.", 2)
    try:
        signer = Signer.new(before.signer.name if before else name or "minhbach")
    except WrongNote:
        fail(f"“{name}” không dùng làm tên khóa được; tên có dạng minhbach/51 (chữ thường, số, dấu . _ - /).", 2)
    key = before.followed_by(signer) if before else SealKey(signer)
    try:
        write_key(out, key)
    except FileExistsError:
        fail(f"Đã có tệp {out}; khóa mới không ghi đè lên tệp nào.", 2)
    except OSError as wrong:
        fail(f"Không ghi được tệp {out}: {fault_text(wrong)}.", 2)
    say(str(key.verifier))


def seal(*, as_json: AsJson = False) -> None:
    """Niêm phong ngay những sự kiện mới của mọi sổ, bằng khóa trong tệp MINHBACH_SEAL_KEY."""
    from shared.record.sealing import SealRefused
    from shared.record.sealing import seal as seal_events

    key, sealed = _key(), list["Sealed"]()
    for service in SERVICES:
        with connected(service, SealRefused) as connection:
            while found := seal_events(connection, service, key):
                sealed.append(found)
                connection.commit()
    if not sealed and not as_json:
        say("Mọi sự kiện đã được niêm phong từ trước.")
    else:
        _print(sealed, as_json)


def checkpoints(
    *,
    service: Annotated[str, typer.Option(help="chỉ sổ này: planning, indicators, reporting, notifications")] = "",
    most: Annotated[int, typer.Option("--last", min=1, max=10_000, help="bao nhiêu niêm phong cuối của mỗi sổ")] = 1,
    as_json: AsJson = False,
) -> None:
    """Các niêm phong cuối của mỗi sổ sự kiện: số sự kiện, mã gốc, thời điểm; --json kèm bản ký để lưu nơi khác."""
    from shared.record.checkpoints import checkpoints_of

    chosen_services = [chosen(service, SERVICES, "sổ sự kiện")] if service else SERVICES
    with connected("reporting", role="auditor") as connection:
        found = [each for name in chosen_services for each in checkpoints_of(connection, name)[-most:]]
    if not found:
        fail("Chưa có niêm phong nào.")
    _print(found, as_json)


def timestamp(
    *,
    authority: Annotated[str, typer.Option(help="địa chỉ của cơ quan cấp dấu thời gian (RFC 3161)")],
    ca: Annotated[Path, typer.Option(help="chứng thư gốc của cơ quan đó, dạng PEM")],
    folder: Annotated[Path, typer.Option("--out", help="thư mục để ghi niêm phong và dấu thời gian")],
) -> None:
    """Xin dấu thời gian cho niêm phong cuối của mỗi sổ; kiểm tra lại được bằng openssl ts -verify."""
    from shared.record.checkpoints import checkpoints_of

    try:
        from services.reporting.audit.proof.timestamps import NotStamped, stamped
    except ImportError:
        fail("Chưa cài gói rfc3161-client, cần cho dấu thời gian.", 2)
    with connected("reporting", NotStamped, role="auditor") as connection, writing_to(folder):
        root = ca.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        for last in [each for service in SERVICES for each in checkpoints_of(connection, service)[-1:]]:
            answer, name = stamped(last.note, authority, root), f"{last.service}-{last.size}"
            (folder / f"{name}.note").write_text(last.note, encoding="utf-8")
            (folder / f"{name}.tsr").write_bytes(answer)
            print_path(folder / f"{name}.tsr")


def _key() -> "SealKey":
    from shared.seals.key_file import key_of

    try:
        key = key_of(with_stack(os.environ).get("MINHBACH_SEAL_KEY"))
    except SettingsError as wrong:
        fail(wrong.vietnamese, 2)
    if key is None:
        fail("Chưa đặt MINHBACH_SEAL_KEY, là tệp khóa niêm phong.", 2)
    return key


def _print(sealed: "list[Sealed]", as_json: bool) -> None:
    if as_json:
        names = ("service", "size", "position", "sealed_at", "note", "previous_size")
        rows = [{name: getattr(each, name) for name in names} | {"root": each.root_text} for each in sealed]
        print_json(rows)
        return
    cells = [
        (
            store_name(each.service),
            number(each.size),
            number(each.position),
            moment_text(each.sealed_at),
            each.root_text,
        )
        for each in sealed
    ]
    print_table(("Sổ", "Sự kiện", "Vị trí", "Niêm phong lúc", "Mã gốc"), cells)
