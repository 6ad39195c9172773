"""The accounts of an operator's province, with what each may do; another one is opened here."""

import asyncio
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.portal.domain.account import Account
from services.portal.domain.refusal import RequestRefused
from services.portal.rows import grant_row, key_row
from services.portal.sign_in.application import SignIn
from services.portal.web.account import confirm_first
from services.portal.web.names import named_scope, names_in
from services.portal.web.operator.scope import operator_of, own_accounts, provinces_of
from services.portal.web.sign_in import text_of
from services.portal.web.sign_in_gate import signed_in_of
from services.portal.wording import ROLES
from shared.clock import day_of
from shared.grants import Actor
from shared.vietnamese import collation_key
from shared.web.days import day_in
from shared.web.site import Link, render

ACCOUNTS = "/van-hanh/tai-khoan"
NO_DAY = "Hãy ghi ngày như 31/12/2026, hoặc để trống."


class AccountsPages:
    links = (Link("Tài khoản của tỉnh", ACCOUNTS, ("operator",)),)

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self.routes = [
            Route(f"{ACCOUNTS}.json", self.as_json),
            Route(ACCOUNTS, self.page),
            Route(ACCOUNTS, self.open, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        return await self._page(request)

    async def as_json(self, request: Request) -> Response:
        portal, operator = self._sign_in.portal, operator_of(request)
        found = await asyncio.to_thread(own_accounts, portal, operator)
        return JSONResponse([account_fields(each, day_of(portal.clock())) for each in sorted(found, key=_order)])

    async def open(self, request: Request) -> Response:
        operator_of(request)
        signed_in, form = signed_in_of(request), await request.form()
        if not signed_in.session.is_fresh_at(self._sign_in.now()):
            return confirm_first(ACCOUNTS)
        typed = {name: text_of(form, name).strip() for name in ("tai-khoan", "ho-ten", "den-het")}
        until = day_in(typed["den-het"])
        if typed["den-het"] and until is None:
            return await self._page(request, {"den-het": NO_DAY}, typed)
        by = Actor(signed_in.account.name, signed_in.account.account)
        opened = (typed["tai-khoan"], typed["ho-ten"], by, until)
        try:
            await asyncio.to_thread(self._sign_in.portal.open_account, *opened)
        except RequestRefused as refused:
            return await self._page(request, {"tai-khoan": str(refused)}, typed)
        return RedirectResponse(f"{ACCOUNTS}/{typed['tai-khoan']}?xong=mo", 303)

    async def _page(
        self, request: Request, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None
    ) -> Response:
        portal, operator = self._sign_in.portal, operator_of(request)
        day = day_of(portal.clock())
        found = await asyncio.to_thread(own_accounts, portal, operator)
        names = await names_in(request, provinces_of(operator))
        places = sorted(provinces_of(operator))
        rows = [
            (each, [f"{ROLES[grant.role]}, {named_scope(grant.scope, names)}" for grant in each.grants_on(day)])
            for each in sorted(found, key=_order)
        ]
        return render(
            request, "portal/operator_accounts.html", 422 if errors else 200,
            errors=errors or {}, typed=typed or {}, rows=rows,
            places=[(place, names.get(place, place)) for place in places],
        )  # fmt: skip


def account_fields(account: Account, day: date) -> dict[str, Any]:
    """What a page of an account shows of it on a day."""
    grants = (each for each in account.grants.values() if each.until is None or each.until >= day)
    return {
        "account": account.account, "name": account.name, "is_closed": account.is_closed,
        "until": account.until and account.until.isoformat(),
        "grants": [grant_row(account, each).model_dump(mode="json") for each in grants],
        "keys": [key_row(each).model_dump(mode="json") for each in account.keys_on(day)],
    }  # fmt: skip


def _order(account: Account) -> tuple[bool, object]:
    """Closed ones last."""
    return account.is_closed, collation_key(account.name)
