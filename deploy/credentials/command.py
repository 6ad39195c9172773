"""minhbach commune credentials issue, revoke and list: which commune may send to the broker, and with which key."""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shared.cli import fail, group, out
from shared.cli.options import AsJson, By
from shared.cli.printing import print_json, print_table
from shared.faults import fault_text

if TYPE_CHECKING:
    from deploy.credentials.accounts import CommuneAccounts
    from shared.settings import NatsServers

SHOWN = 3
KINDS = {"nkey": "khóa", "password": "mật khẩu"}

credentials_app = group("Tài khoản của các đơn vị trên máy chủ nhận số liệu (NATS): cấp, thu hồi, xem.")

Communes = Annotated[
    list[str] | None, typer.Argument(metavar="ĐƠN-VỊ", help="mã định danh của đơn vị; có thể nhiều mã")
]


@credentials_app.command("issue")
def issue(
    by: By,
    communes: Communes = None,
    province: Annotated[str | None, typer.Option(help="mọi đơn vị của tỉnh này chưa có khóa")] = None,
    folder: Annotated[Path, typer.Option("--out", help="thư mục nhận các tệp khóa, mỗi đơn vị một tệp")] = Path("khoa"),
    *,
    replace: Annotated[bool, typer.Option("--replace", help="thay mọi khóa cũ; khóa cũ hết hiệu lực ngay")] = False,
) -> None:
    """Cấp khóa cho đơn vị. Tệp khóa chỉ được tạo một lần: hãy giao cho đơn vị rồi xóa bản ở đây."""
    from deploy.credentials.accounts import new_key, remove_seeds, write_seeds
    from deploy.credentials.reload import FOR_NEW_ACCOUNTS

    accounts, servers = _settings()
    chosen = _chosen(communes or [], province)
    with accounts.alone():
        having = {each for each, logins in accounts.logins().items() if any(one.kind == "nkey" for one in logins)}
        if not province and not replace and (already := sorted(having & set(chosen))):
            fail(f"Đơn vị {already[0]} đã có khóa; muốn thay khóa thì thêm --replace.")
        chosen = [each for each in chosen if replace or each not in having]
        keys = {commune: new_key() for commune in chosen}
        try:
            files = write_seeds(folder, {commune: seed for commune, (_, seed) in keys.items()})
        except OSError as wrong:
            fail(f"Không ghi được tệp khóa {wrong.filename}: {fault_text(wrong)}. Chưa có khóa nào được cấp.")
        try:
            at = datetime.now(UTC)
            if replace:
                accounts.revoke(having & set(chosen), at, by, "thay khóa")
            accounts.issue({commune: public for commune, (public, _) in keys.items()}, "nkey", at, by)
        except BaseException:
            remove_seeds(files)
            raise
    _reload(servers, FOR_NEW_ACCOUNTS)
    out.print(f"Đã cấp khóa cho {len(files)} đơn vị; các tệp ở {folder}, chỉ chủ sở hữu đọc được.")
    for commune in chosen[:SHOWN]:
        out.print(f"Đơn vị {commune} đặt: NATS_NKEY={files[commune]} MINHBACH_COMMUNE={commune}", soft_wrap=True)


@credentials_app.command("revoke")
def revoke(
    communes: Annotated[list[str], typer.Argument(metavar="ĐƠN-VỊ", help="mã định danh của đơn vị; có thể nhiều mã")],
    by: By,
    reason: Annotated[str, typer.Option(help="lý do")],
) -> None:
    """Thu hồi mọi khóa của đơn vị; kết nối đang mở bị ngắt ngay."""
    accounts, servers = _settings()
    with accounts.alone():
        having = accounts.logins()
        if unknown := [each for each in communes if each not in having]:
            fail(f"Đơn vị {unknown[0]} không có khóa nào đang có hiệu lực.")
        accounts.revoke(dict.fromkeys(communes), datetime.now(UTC), by, reason)
    _reload(servers)
    out.print(f"Đã thu hồi khóa của {len(set(communes))} đơn vị; kết nối đang mở đã bị ngắt.")


@credentials_app.command("list")
def list_credentials(as_json: AsJson = False) -> None:
    """Các đơn vị đang có khóa: từ khi nào, ai cấp."""
    from shared.clock import day_of
    from shared.vietnamese import date_text

    accounts, _ = _settings()
    found = [each for _, logins in sorted(accounts.logins().items()) for each in logins]
    if as_json:
        # A password is a secret, and a public key is none.
        print_json([each._asdict() | ({"login": None} if each.kind == "password" else {}) for each in found])
        return
    rows = [(each.commune, KINDS[each.kind], date_text(day_of(each.issued_at)), each.by) for each in found]
    print_table(("Đơn vị", "Loại", "Từ ngày", "Người cấp"), rows, fixed=("Đơn vị",))


def _settings() -> "tuple[CommuneAccounts, NatsServers]":
    from deploy.credentials.accounts import CommuneAccounts
    from shared.settings import NatsServers, SettingsError, with_stack

    env = with_stack(os.environ)
    folder = env.get("MINHBACH_NATS_COMMUNES")
    if not folder:
        fail("Chưa đặt MINHBACH_NATS_COMMUNES, và ở thư mục này không có hệ thống nào đang chạy (minhbach up)", 2)
    try:
        return CommuneAccounts(Path(folder)), NatsServers.from_env({**env, "NATS_URL": env.get("NATS_RELOAD_URL", "")})
    except SettingsError as wrong:
        fail(wrong.vietnamese.replace("NATS_URL", "NATS_RELOAD_URL"), 2)


def _chosen(communes: Sequence[str], province: str | None) -> list[str]:
    """The ids, each once, all registered."""
    from services.planning.cli.opening import opened

    if not communes and not province:
        fail("Hãy nêu mã đơn vị hoặc --province.", 2)
    with opened() as planning:
        known = planning.communes.ids()
        of_province = [each.commune for each in planning.communes.of(province)] if province else []
    if province and not of_province:
        fail(f"Tỉnh {province} chưa có đơn vị nào đăng ký.")
    if unknown := [each for each in communes if each not in known]:
        fail(f"Chưa có đơn vị nào đăng ký mang mã {unknown[0]}.")
    return list(dict.fromkeys([*communes, *of_province]))


def _reload(servers: "NatsServers", times: int = 1) -> None:
    from deploy.credentials.reload import NotReloaded, reload

    try:
        asyncio.run(reload(servers, times))
    except NotReloaded as reason:
        fail(f"Đã ghi, nhưng máy chủ NATS chưa đọc lại danh sách tài khoản ({reason}); nó đọc khi khởi động lại.")
