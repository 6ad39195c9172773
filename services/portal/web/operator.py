"""The operator's page of sessions: where an account of the province is signed in, and an end to it."""

import asyncio
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.portal.domain.account import Account
from services.portal.domain.refusal import RequestRefused
from services.portal.sign_in.application import SignIn
from services.portal.web.account import confirm_first, device_of
from services.portal.web.gate import client_of, signed_in_of
from services.portal.web.sign_in import text_of
from services.portal.wording import METHODS
from shared.clock import day_of
from shared.web.site import Link, render
from shared.web.visitor import Visitor, visitor_of

SESSIONS = "/van-hanh/phien"
NO_ACCOUNT = "Tỉnh không có tài khoản nào tên như vậy."


class OperatorPages:
    """An operator sees the accounts whose grants are in the operator's province, and those without any."""

    links = (Link("Các phiên", SESSIONS, ("operator",)),)

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self.routes = [Route(SESSIONS, self.page), Route(SESSIONS, self.end, methods=["POST"])]

    async def page(self, request: Request) -> Response:
        _check_operator(request)
        name = request.query_params.get("tai-khoan", "").strip()
        account = await asyncio.to_thread(self._account, visitor_of(request), name) if name else None
        errors = {"tai-khoan": NO_ACCOUNT} if name and account is None else {}
        sessions = await asyncio.to_thread(self._sign_in.sessions.of, name, self._sign_in.now()) if account else []
        return render(
            request, "portal/operator.html", 422 if errors else 200,
            errors=errors, wanted=name, account=account, sessions=sessions, methods=METHODS, device_of=device_of,
            own=signed_in_of(request).session.session, done="xong" in request.query_params,
        )  # fmt: skip

    async def end(self, request: Request) -> Response:
        """One session of an account, or all of them."""
        _check_operator(request)
        form, signed_in = await request.form(), signed_in_of(request)
        name, only = text_of(form, "tai-khoan"), text_of(form, "phien") or None
        back = f"{SESSIONS}?{urlencode({'tai-khoan': name})}"
        if not signed_in.session.is_fresh_at(self._sign_in.now()):
            return confirm_first(back)
        if await asyncio.to_thread(self._account, visitor_of(request), name) is None:
            raise HTTPException(404, NO_ACCOUNT)
        by = signed_in.account.account
        await asyncio.to_thread(self._sign_in.end, name, client_of(request), by, only=only)
        return RedirectResponse(f"{back}&xong=1", 303)

    def _account(self, operator: Visitor, name: str) -> Account | None:
        portal = self._sign_in.portal
        try:
            account = portal.account(name)
        except RequestRefused:
            return None
        day = day_of(portal.clock())
        own = {grant.scope.province for grant in operator.grants_of("operator")}
        provinces = {portal.province_of(grant, day) for grant in account.grants_on(day)}
        return account if not provinces or provinces & own else None


def _check_operator(request: Request) -> None:
    if not visitor_of(request).has_role("operator"):
        raise HTTPException(403)
