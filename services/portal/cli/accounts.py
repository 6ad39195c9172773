"""minhbach account: who may speak for whom; opens and closes accounts, gives and withdraws what they may do."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from services.portal.cli.opening import opened
from services.portal.wording import ROLES, scope_text
from shared.cli import chosen, group, out
from shared.cli.options import AsJson, By, KnownAt, day_option, today
from shared.cli.printing import print_json
from shared.grants import SCOPE_OF, Actor, Scope

if TYPE_CHECKING:
    from services.portal.domain.account import Account
    from shared.grants import Grant

ROLE_HELP = "vai trò: " + ", ".join(f"{role} ({title})" for role, title in ROLES.items())

account_app = group("Tài khoản: ai được làm gì, cho đơn vị nào, từ ngày nào đến ngày nào.")

AccountId = Annotated[str, typer.Argument(metavar="TÀI-KHOẢN", help="tên tài khoản, ví dụ nguyen-van-a")]
Reason = Annotated[str, typer.Option(help="lý do")]
Until = Annotated[date | None, day_option(help="ngày cuối cùng có hiệu lực; nếu bỏ trống là không có hạn")]


@account_app.command("open")
def open_account(
    account: AccountId,
    name: Annotated[str, typer.Option(help="họ tên của người có tài khoản")],
    by: By,
    until: Until = None,
) -> None:
    """Mở một tài khoản; chưa được làm gì cho đến khi được giao quyền."""
    with opened() as portal:
        portal.open_account(account, name, Actor(by), until)
    out.print(f"Tài khoản {account} của {name} đã mở.")


@account_app.command("grant")
def grant(  # noqa: PLR0917  a command's options
    account: AccountId,
    role: Annotated[str, typer.Option(help=ROLE_HELP)],
    by: By,
    commune: Annotated[str | None, typer.Option(help="cho đơn vị có mã định danh này")] = None,
    body: Annotated[str | None, typer.Option(help="cho cơ quan này của đơn vị, như kế hoạch ghi")] = None,
    province: Annotated[str | None, typer.Option(help="cho tỉnh có mã này")] = None,
    since: Annotated[
        date | None, day_option("--from", help="ngày đầu tiên có hiệu lực; nếu bỏ trống là hôm nay")
    ] = None,
    until: Until = None,
) -> None:
    """Giao một vai trò cho một tài khoản: ở một đơn vị, một cơ quan của đơn vị, hoặc một tỉnh."""
    chosen(role, list(SCOPE_OF), "vai trò")
    with opened() as portal:
        given = portal.give(account, cast("Any", role), Scope(commune, body, province), Actor(by), since, until)
    out.print(f"Đã giao quyền {given}: {ROLES[role]}, {scope_text(Scope(commune, body, province))}.")


@account_app.command("withdraw")
def withdraw(
    grant_id: Annotated[str, typer.Argument(metavar="QUYỀN", help="mã quyền, ví dụ nguyen-van-a.1")],
    by: By,
    reason: Reason,
) -> None:
    """Thu hồi một quyền, có hiệu lực ngay."""
    with opened() as portal:
        portal.withdraw(grant_id, reason, Actor(by))
    out.print(f"Quyền {grant_id} đã được thu hồi.")


@account_app.command("close")
def close(account: AccountId, by: By, reason: Reason) -> None:
    """Đóng một tài khoản với mọi quyền và khóa của nó; không mở lại được."""
    with opened() as portal:
        portal.close_account(account, reason, Actor(by))
    out.print(f"Tài khoản {account} đã đóng.")


@account_app.command("list")
def list_accounts(
    role: Annotated[str | None, typer.Option(help=f"chỉ {ROLE_HELP}")] = None,
    commune: Annotated[str | None, typer.Option(help="chỉ những quyền bao gồm đơn vị có mã định danh này")] = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Các quyền có hiệu lực hôm nay hoặc vào một ngày khác: ai có, ai giao, đến ngày nào."""
    if role:
        chosen(role, list(SCOPE_OF), "vai trò")
    with opened() as portal:
        day = known_at or today(portal.clock)
        found = portal.grants_known_at(day, role, commune)
        everybody = portal.accounts_known_at(day) if not (role or commune) else []
    idle = [each for each in everybody if not each.is_closed and each not in [account for account, _ in found]]
    if as_json:
        print_json([*(_fields(*each) for each in found), *(_fields(each) for each in idle)])
        return
    if not found and not idle:
        out.print("Không có quyền nào như vậy.")
        return
    for account, grant in found:
        out.print(_lines(account, grant), soft_wrap=True)
    for account in idle:
        out.print(f"{account.account}  {account.name}: chưa được giao quyền", soft_wrap=True)


def _fields(account: "Account", grant: "Grant | None" = None) -> dict[str, Any]:
    fields: dict[str, Any] = {"account": account.account, "name": account.name, "until": account.until, "grant": None}
    if grant:
        by = account.given_by[grant.grant]
        fields["grant"] = {
            "grant": grant.grant, "role": grant.role, **vars(grant.scope), "in_force_from": grant.in_force_from,
            "until": grant.until, "by": by.name, "by_account": by.account,
        }  # fmt: skip
    return fields


def _lines(account: "Account", grant: "Grant") -> str:
    from shared.vietnamese import date_text

    by = account.given_by[grant.grant]
    giver = by.name if by.account else f"{by.name} (gõ tại máy của tỉnh)"
    days = f"từ {date_text(grant.in_force_from)}" + (f" đến hết {date_text(grant.until)}" if grant.until else "")
    role = f"{ROLES[grant.role]}, {scope_text(grant.scope)}"
    return f"{grant.grant}  {account.name}: {role}\n    {days}; người giao: {giver}"
