"""minhbach account key: keys by which programs use an account; issues, lists and revokes them."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.portal.cli.accounts import AccountId, Reason, account_app
from services.portal.cli.opening import opened
from shared.cli import err, group, out
from shared.cli.options import AsJson, By, day_option, today
from shared.cli.printing import print_json
from shared.grants import Actor

if TYPE_CHECKING:
    from services.portal.domain.account import Account
    from services.portal.domain.state import Key

key_app = group("Khóa của chương trình: dùng tài khoản nào, đến ngày nào.")
account_app.add_typer(key_app, name="key")


@key_app.command("issue")
def issue_key(  # noqa: PLR0917  a command's options
    account: AccountId,
    program: Annotated[str, typer.Option(help="tên chương trình dùng khóa; mỗi chương trình một khóa")],
    until: Annotated[date, day_option(help="ngày cuối cùng có hiệu lực, trong vòng 366 ngày")],
    by: By,
    commune: Annotated[str | None, typer.Option(help="chỉ dùng được cho đơn vị có mã định danh này")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="chỉ được hỏi, không được gửi")] = False,
) -> None:
    """Cấp khóa cho một chương trình, với quyền của tài khoản; khóa chỉ hiện ra một lần này."""
    from shared.vietnamese import date_text

    with opened() as portal:
        issued = portal.issue_key(account, program, until, Actor(by), commune, read_only=read_only)
    err.print(
        f"Khóa {issued.key} của {program}, có hiệu lực đến hết {date_text(until)}. Hãy cất ngay: không xem lại được."
    )
    typer.echo(issued.secret)


@key_app.command("revoke")
def revoke_key(
    account: AccountId,
    key: Annotated[str, typer.Argument(metavar="KHÓA", help="mã khóa, ví dụ k-0123456789ab")],
    by: By,
    reason: Reason,
) -> None:
    """Thu hồi một khóa, có hiệu lực ngay."""
    with opened() as portal:
        portal.revoke_key(account, key, reason, Actor(by))
    out.print(f"Khóa {key} đã được thu hồi.")


@key_app.command("list")
def list_keys(
    account: Annotated[str | None, typer.Argument(metavar="TÀI-KHOẢN")] = None, as_json: AsJson = False
) -> None:
    """Các khóa đang có hiệu lực: của tài khoản nào, cho chương trình nào, đến ngày nào."""
    from shared.vietnamese import date_text

    with opened() as portal:
        day = today(portal.clock)
        accounts = [portal.account(account)] if account else portal.accounts_known_at(day)
    found = [(each, key) for each in accounts for key in each.keys_on(day)]
    if as_json:
        print_json([_key_fields(each, key) for each, key in found])
        return
    if not found:
        out.print("Không có khóa nào.")
    for each, key in found:
        limits = [f"chỉ đơn vị {key.commune}"] if key.commune else []
        limits += ["chỉ được hỏi"] if key.read_only else []
        line = f"{key.key}  {key.program}: tài khoản {each.account}, đến hết {date_text(key.until)}"
        out.print("; ".join([line, *limits]), soft_wrap=True)


def _key_fields(account: "Account", key: "Key") -> dict[str, Any]:
    return {"account": account.account} | {name: one for name, one in key._asdict().items() if name != "sha256"}
