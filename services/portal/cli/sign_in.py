"""minhbach account invite, sessions and end-session: links to set up how to sign in, and who is signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from services.portal.cli.accounts import AccountId, account_app
from services.portal.cli.opening import opened
from services.portal.wording import METHODS
from shared.cli import fail, out
from shared.cli.options import AsJson, By
from shared.cli.printing import print_json, print_table
from shared.grants import Actor

if TYPE_CHECKING:
    from services.portal.sign_in.application import SignIn

ALL = "all"


@account_app.command("invite")
def invite(
    account: AccountId,
    by: By,
    hours: Annotated[int, typer.Option(min=1, max=168, help="hiệu lực, tính bằng giờ")] = 24,
    as_json: AsJson = False,
) -> None:
    """Tạo đường dẫn dùng một lần để người có tài khoản chọn cách đăng nhập; hãy trao tận tay người đó."""
    from shared.settings import Settings
    from shared.vietnamese import moment_text
    from shared.web.address import Address

    with _opened() as sign_in:
        until = sign_in.now() + timedelta(hours=hours)
        token = sign_in.invite(account, Actor(by), timedelta(hours=hours))
    link = f"{Address.of(Settings.from_env()).origin}/moi/{token}"
    if as_json:
        print_json({"account": account, "link": link, "until": until})
    else:
        out.print(link, markup=False, soft_wrap=True)
        out.print(f"Chỉ dùng được một lần, đến {moment_text(until)}, cho tài khoản {account}.", markup=False)


@account_app.command("sessions")
def sessions(account: AccountId, as_json: AsJson = False) -> None:
    """Các phiên đang đăng nhập của một tài khoản."""
    from shared.vietnamese import moment_text

    with _opened() as sign_in:
        sign_in.portal.account(account)
        found = sign_in.sessions.of(account, sign_in.now())
    if as_json:
        print_json([each._asdict() for each in found])
    elif not found:
        out.print(f"Tài khoản {account} không đăng nhập ở đâu.", markup=False)
    else:
        rows = [
            (each.session, METHODS[each.method], each.address, moment_text(each.began_at), moment_text(each.seen_at))
            for each in found
        ]
        print_table(("Phiên", "Cách đăng nhập", "Địa chỉ", "Bắt đầu", "Lần cuối"), rows, fixed=("Phiên",))


@account_app.command("end-session")
def end_session(
    account: AccountId,
    session: Annotated[str, typer.Argument(metavar="PHIÊN", help="mã phiên của lệnh sessions, hoặc all")],
    by: By,
) -> None:
    """Kết thúc một phiên hoặc mọi phiên (all) của một tài khoản, có hiệu lực ngay."""
    from services.portal.read_models.sessions import Client

    with _opened() as sign_in:
        sign_in.portal.account(account)
        ended = sign_in.end(account, Client("", ""), by, only=None if session == ALL else session)
    if not ended and session != ALL:
        fail(f"Tài khoản {account} không có phiên {session}.")
    out.print(f"Đã kết thúc {ended} phiên của tài khoản {account}.", markup=False)


@contextmanager
def _opened() -> "Iterator[SignIn]":
    from services.portal.sign_in.application import SignIn
    from shared.settings import Settings
    from shared.web.address import Address

    with opened() as portal:
        yield SignIn(portal, portal.accounts.pool, Address.of(Settings.from_env()), None)
