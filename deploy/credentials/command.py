"""minhbach commune credentials issue, revoke, list, take-over and follow: with which key each commune sends."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.portal.cli.opening import opened
from shared.cli import fail, group, out
from shared.cli.options import AsJson, By, today
from shared.cli.printing import print_json, print_table
from shared.faults import fault_text
from shared.grants import Actor

if TYPE_CHECKING:
    from deploy.credentials.accounts import CommuneAccounts
    from services.portal.application import Portal
    from services.portal.application.broker_keys import BrokerKeys
    from shared.messaging.broker_accounts import Held

SHOWN = 3
REPLACED = "thay khóa"
FOLLOWED_WITHIN = 60.0  # seconds
ASKED_EVERY = 0.2
NOT_FOLLOWED = (
    "Đã ghi, nhưng máy chủ NATS chưa có thay đổi này: chương trình giữ tài khoản của máy chủ không chạy hoặc chưa xong"
    " (minhbach commune credentials follow)."
)
NOT_RECORDED = (
    "Đơn vị {} còn khóa chưa ghi ở cổng, cấp từ phiên bản trước; hãy chạy: minhbach commune credentials take-over"
    " rồi làm lại."
)
STATES = {True: "đang dùng được", False: "máy chủ chưa nhận", None: "chưa hỏi được máy chủ"}
ONLY_AT_BROKER = "đang dùng được, chưa ghi ở cổng"

credentials_app = group("Khóa của các đơn vị ở máy chủ nhận số liệu (NATS): cấp, thu hồi, xem.")

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
    from deploy.credentials.seeds import remove_seeds, write_seeds
    from services.portal.application.broker_keys import new_key

    with _opened() as (portal, keys):
        chosen = _chosen(portal, keys, communes or [], province, replace=replace)
        if not chosen:
            out.print("Mọi đơn vị của tỉnh đã có khóa.")
            return
        _check_recorded(keys, chosen)
        made = {commune: new_key() for commune in chosen}
        try:
            files = write_seeds(folder, {commune: key.seed for commune, key in made.items()})
        except OSError as wrong:
            fail(f"Không ghi được tệp khóa {wrong.filename}: {fault_text(wrong)}. Chưa có khóa nào được cấp.")
        try:
            public = {commune: key.public_key for commune, key in made.items()}
            keys.issue(public, Actor(by), replacing=REPLACED if replace else None)
        except BaseException:
            remove_seeds(files)
            raise
    wanted = {commune: frozenset({key.public_key}) for commune, key in made.items()}
    _await(chosen, lambda held: all(held.get(each) == wanted[each] for each in chosen))
    out.print(f"Đã cấp khóa cho {len(files)} đơn vị; các tệp ở {folder}, chỉ chủ sở hữu đọc được.")
    for commune in chosen[:SHOWN]:
        out.print(f"Đơn vị {commune} đặt: NATS_NKEY={files[commune]} MINHBACH_COMMUNE={commune}", soft_wrap=True)


@credentials_app.command("revoke")
def revoke(
    communes: Annotated[list[str], typer.Argument(metavar="ĐƠN-VỊ", help="mã định danh của đơn vị; có thể nhiều mã")],
    by: By,
    reason: Annotated[str, typer.Option(help="lý do")],
) -> None:
    """Thu hồi mọi khóa của đơn vị; kết nối đang mở bằng khóa bị ngắt ngay."""
    with _opened() as (_, keys):
        _check_recorded(keys, communes)
        keys.revoke(communes, reason, Actor(by))
    _await(communes, lambda held: not any(held.values()))
    out.print(f"Đã thu hồi khóa của {len(set(communes))} đơn vị; kết nối đang mở bằng khóa đã bị ngắt.")


@credentials_app.command("list")
def list_credentials(
    province: Annotated[str | None, typer.Option(help="chỉ các đơn vị của tỉnh này")] = None, as_json: AsJson = False
) -> None:
    """Các đơn vị đang có khóa: từ khi nào, ai cấp, máy chủ đã nhận chưa."""
    from shared.clock import day_of
    from shared.vietnamese import date_text

    with _opened() as (portal, keys):
        communes = keys.communes_of(province, today(portal.clock)) if province else keys.communes()
        found = [each for of_one in keys.in_force(communes).values() for each in of_one]
        held = asyncio.run(_held(communes))
        not_recorded = _not_recorded(keys, communes, held)
    rows = [(each, None if held is None else each.public_key in held.get(each.commune, ())) for each in found]
    if as_json:
        print_json([_fields(each) | {"at_broker": is_held} for each, is_held in rows])
        return
    table = [(each.commune, date_text(day_of(each.issued_at)), each.by.name, STATES[is_held]) for each, is_held in rows]
    table += [(commune, "–", "–", ONLY_AT_BROKER) for commune in not_recorded]
    print_table(("Đơn vị", "Từ ngày", "Người cấp", "Ở máy chủ"), table, fixed=("Đơn vị",))


@credentials_app.command("take-over")
def take_over_earlier() -> None:
    """Ghi vào sổ của cổng các khóa đã cấp trước khi cổng ghi; chạy lại không đổi gì."""
    from deploy.credentials.take_over import take_over

    accounts = _accounts()
    with _opened() as (portal, _):
        number = take_over(portal, accounts)
    out.print(f"Đã ghi {number} khóa vào sổ của cổng." if number else "Không còn khóa nào chưa ghi ở cổng.")


@credentials_app.command("follow")
def follow_portal() -> None:
    """Giữ tệp tài khoản của máy chủ NATS đúng như cổng đã ghi; chạy cạnh máy chủ, đến khi bị dừng."""
    from deploy.credentials.keeper import main

    main()


def _fields(key: Any) -> dict[str, Any]:
    return {
        "commune": key.commune, "number": key.number, "public_key": key.public_key,
        "issued_at": key.issued_at.isoformat(),
        "by": key.by.name, "by_account": key.by.account,
    }  # fmt: skip


def _check_recorded(keys: "BrokerKeys", communes: Sequence[str]) -> None:
    """Ends the command (1) where one has a key that the portal does not know, and so cannot end."""
    if unknown := _not_recorded(keys, communes, asyncio.run(_held(communes))):
        fail(NOT_RECORDED.format(unknown[0]))


def _not_recorded(keys: "BrokerKeys", communes: Sequence[str], held: "Held | None") -> list[str]:
    """Those with a key at the broker that the portal never recorded; none where the broker cannot be asked."""
    recorded = {each.public_key for each in keys.of(communes)}
    return [commune for commune in communes if held and held.get(commune, frozenset()) - recorded]


@contextmanager
def _opened() -> "Iterator[tuple[Portal, BrokerKeys]]":
    from services.portal.application.broker_keys import BrokerKeys

    with opened() as portal:
        yield portal, BrokerKeys(portal)


def _accounts() -> "CommuneAccounts":
    from deploy.credentials.accounts import CommuneAccounts
    from shared.settings import with_stack

    folder = with_stack(os.environ).get("MINHBACH_NATS_COMMUNES")
    if not folder:
        fail("Chưa đặt MINHBACH_NATS_COMMUNES, và ở thư mục này không có hệ thống nào đang chạy (minhbach up)", 2)
    return CommuneAccounts(Path(folder))


def _chosen(
    portal: "Portal", keys: "BrokerKeys", communes: Sequence[str], province: str | None, *, replace: bool
) -> list[str]:
    """The ids, each once; of a province those without a key."""
    if not communes and not province:
        fail("Hãy nêu mã đơn vị hoặc --province.", 2)
    day: date = today(portal.clock)
    of_province = portal.places.of_province(province, day) if province else []
    if province and not of_province:
        fail(f"Tỉnh {province} chưa có đơn vị nào đăng ký.")
    having = {} if replace else keys.in_force(of_province)
    return list(dict.fromkeys([*communes, *(each for each in of_province if each not in having)]))


def _await(communes: Sequence[str], is_done: "Callable[[Held], bool]") -> None:
    """Until the broker has what was decided. Ends the command (1) where it does not within a minute."""
    deadline = time.monotonic() + FOLLOWED_WITHIN
    while True:
        held = asyncio.run(_held(communes))
        if held is not None and is_done(held):
            return
        if time.monotonic() > deadline:
            fail(NOT_FOLLOWED)
        time.sleep(ASKED_EVERY)


async def _held(communes: Sequence[str]) -> "Held | None":
    """As of the portal, whose user may ask this, or of the operator. None where the broker cannot be reached."""
    from nats.errors import Error as NatsError

    from shared.messaging.broker_accounts import held_keys
    from shared.messaging.connection import connect
    from shared.settings import NatsServers, with_stack

    servers = NatsServers.from_env(with_stack(os.environ))
    try:
        client = await connect(servers, "portal", connect_timeout=5, max_reconnect_attempts=1, reconnect_time_wait=0.2)
    except (NatsError, OSError, TimeoutError):
        return None
    try:
        return await held_keys(client, communes)
    finally:
        await client.close()
