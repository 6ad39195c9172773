"""One account in an operator's hands: its grants given and withdrawn, an invitation, its keys, and its end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.portal.domain.account import Account
from services.portal.domain.refusal import RequestRefused
from services.portal.sign_in.application import SignIn
from services.portal.web.account import confirm_first
from services.portal.web.names import named_scope, names_in
from services.portal.web.operator.accounts import ACCOUNTS, NO_DAY, account_fields
from services.portal.web.operator.scope import account_of, is_own_scope, operator_of, provinces_of
from services.portal.web.sign_in import text_of
from services.portal.web.sign_in_gate import signed_in_of
from services.portal.wording import ROLES
from shared.clock import day_of
from shared.grants import SCOPE_OF, Actor, Scope
from shared.vietnamese import collation_key
from shared.web.address import Address
from shared.web.days import day_in
from shared.web.site import render
from shared.web.visitor import visitor_of

ANOTHER_PROVINCE = "Hãy chọn một đơn vị của tỉnh."
NOT_ONESELF = "Không tự giao quyền cho tài khoản của chính mình; hãy nhờ một người vận hành khác."
NOTHING = "Việc này không làm được ở đây; hãy tải lại trang."


class Wrong(Exception):
    """A field of a form, and the sentence at it."""


class Shown(NamedTuple):
    """What is shown this one time and kept nowhere: the link of an invitation, or a key."""

    title: str
    secret: str


class OneAccountPages:
    """Whoever changes what others may do has signed in minutes ago, or signs in again."""

    def __init__(self, sign_in: SignIn, address: Address) -> None:
        self._sign_in = sign_in
        self._portal = sign_in.portal
        self._origin = address.origin
        self._steps: Mapping[str, Callable[[Request, Account, FormData], Awaitable[Shown | None]]] = {
            "give": self._give, "withdraw": self._withdraw, "invite": self._invite, "close": self._close,
            "issue-key": self._issue_key, "revoke-key": self._revoke_key,
        }  # fmt: skip
        path = f"{ACCOUNTS}/{{account}}"
        self.routes = [
            Route(f"{path}.json", self.as_json),
            Route(path, self.page),
            Route(path, self.change, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        return await self._page(request, await account_of(request, self._portal, request.path_params["account"]))

    async def as_json(self, request: Request) -> Response:
        account = await account_of(request, self._portal, request.path_params["account"])
        return JSONResponse(account_fields(account, day_of(self._portal.clock())))

    async def change(self, request: Request) -> Response:
        account = await account_of(request, self._portal, request.path_params["account"])
        if not signed_in_of(request).session.is_fresh_at(self._sign_in.now()):
            return confirm_first(request.url.path)
        form = await request.form()
        step = text_of(form, "step")
        try:
            if step not in self._steps:
                raise Wrong("", NOTHING)
            shown = await self._steps[step](request, account, form)
        except Wrong as wrong:
            return await self._page(request, account, {wrong.args[0]: wrong.args[1]}, form)
        except RequestRefused as refused:
            return await self._page(request, account, {"": str(refused)}, form)
        if shown:  # in no address, which browsers and proxies remember
            return await self._page(request, await account_of(request, self._portal, account.account), shown=shown)
        return RedirectResponse(f"{request.url.path}?xong={step}", 303)

    async def _give(self, request: Request, account: Account, form: FormData) -> None:
        operator, role = operator_of(request), text_of(form, "vai-tro")
        if account.account == operator.account:
            raise Wrong("", NOT_ONESELF)
        if role not in SCOPE_OF:
            raise Wrong("vai-tro", "Hãy chọn một vai trò.")
        kind, commune = SCOPE_OF[role], text_of(form, "don-vi")
        scope = Scope(province=commune) if kind == "province" else Scope(commune or None)
        if kind == "body":
            scope = Scope(commune or None, text_of(form, "co-quan").strip())
            if not scope.body:
                raise Wrong("co-quan", "Hãy ghi tên cơ quan như kế hoạch ghi.")
        if scope == Scope() or not await asyncio.to_thread(is_own_scope, self._portal, operator, scope):
            raise Wrong("don-vi", "Hãy chọn tỉnh." if kind == "province" else ANOTHER_PROVINCE)
        until = _day(form, "quyen-den-het")
        await asyncio.to_thread(self._portal.give, account.account, cast("Any", role), scope, _by(request), None, until)

    async def _withdraw(self, request: Request, account: Account, form: FormData) -> None:
        grant = text_of(form, "quyen")
        if grant not in account.given_by:
            raise Wrong("", NOTHING)
        await asyncio.to_thread(self._portal.withdraw, grant, _reason(form), _by(request))

    async def _invite(self, request: Request, account: Account, form: FormData) -> Shown:
        token = await asyncio.to_thread(self._sign_in.invite, account.account, _by(request))
        title = (
            f"Đường dẫn mời của {account.name}, dùng được một lần trong 24 giờ. Hãy trao tận tay; không xem lại được."
        )
        return Shown(title, f"{self._origin}/moi/{token}")

    async def _close(self, request: Request, account: Account, form: FormData) -> None:
        if account.account == visitor_of(request).account:
            raise Wrong("", "Không tự đóng tài khoản của chính mình.")
        await asyncio.to_thread(self._portal.close_account, account.account, _reason(form), _by(request))

    async def _issue_key(self, request: Request, account: Account, form: FormData) -> Shown:
        until = _day(form, "khoa-den-het")
        if until is None:
            raise Wrong("khoa-den-het", "Hãy ghi ngày hết hạn như 31/12/2026.")
        issued = await asyncio.to_thread(
            self._portal.issue_key, account.account, text_of(form, "chuong-trinh").strip(), until, _by(request),
            read_only=bool(text_of(form, "chi-hoi")),
        )  # fmt: skip
        return Shown(f"Khóa {issued.key}. Hãy cất ngay; không xem lại được.", issued.secret)

    async def _revoke_key(self, request: Request, account: Account, form: FormData) -> None:
        key = text_of(form, "khoa")
        await asyncio.to_thread(self._portal.revoke_key, account.account, key, _reason(form), _by(request))

    async def _page(
        self,
        request: Request,
        account: Account,
        errors: dict[str, str] | None = None,
        typed: Mapping[str, Any] | None = None,
        shown: Shown | None = None,
    ) -> Response:
        provinces, day = provinces_of(operator_of(request)), day_of(self._portal.clock())
        names = await names_in(request, provinces)
        places = [(place, names.get(place, place)) for place in sorted(provinces)]
        communes = sorted(set(names) - provinces, key=lambda place: collation_key(names[place]))
        return render(
            request, "portal/operator_account.html", 422 if errors else 200,
            account=account, errors=errors or {}, typed=typed or {}, shown=shown, done=request.query_params.get("xong"),
            grants=[
                (ROLES[each.role], named_scope(each.scope, names), each)
                for each in account.grants.values()
                if each.until is None or each.until >= day
            ],
            keys=account.keys_on(day), roles=ROLES, places=[*places, *((each, names[each]) for each in communes)],
        )  # fmt: skip


def _by(request: Request) -> Actor:
    visitor = visitor_of(request)
    return Actor(visitor.name, visitor.account)


def _reason(form: FormData) -> str:
    if not (reason := text_of(form, "ly-do").strip()):
        raise Wrong("", "Hãy ghi lý do.")
    return reason


def _day(form: FormData, name: str) -> date | None:
    text = text_of(form, name).strip()
    if text and day_in(text) is None:
        raise Wrong(name, NO_DAY)
    return day_in(text)
