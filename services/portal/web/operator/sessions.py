"""The operator's page of sessions: where an account of the province is signed in, and an end to it."""

import asyncio
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.portal.sign_in.application import SignIn
from services.portal.web.account import confirm_first, device_of
from services.portal.web.operator.scope import NO_ACCOUNT, account_of, operator_of, own_account
from services.portal.web.sign_in import text_of
from services.portal.web.sign_in_gate import client_of, signed_in_of
from services.portal.wording import METHODS
from shared.web.site import render

SESSIONS = "/van-hanh/phien"


class SessionPages:
    """An operator sees the accounts whose grants are in the operator's province, and those without any."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self.routes = [
            Route(f"{SESSIONS}.json", self.as_json),
            Route(SESSIONS, self.page),
            Route(SESSIONS, self.end, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        operator, portal = operator_of(request), self._sign_in.portal
        name = request.query_params.get("tai-khoan", "").strip()
        account = await asyncio.to_thread(own_account, portal, operator, name) if name else None
        errors = {"tai-khoan": NO_ACCOUNT} if name and account is None else {}
        sessions = await asyncio.to_thread(self._sign_in.sessions.of, name, self._sign_in.now()) if account else []
        return render(
            request, "portal/operator_sessions.html", 422 if errors else 200,
            errors=errors, wanted=name, account=account, sessions=sessions, methods=METHODS, device_of=device_of,
            own=signed_in_of(request).session.session, done="xong" in request.query_params,
        )  # fmt: skip

    async def as_json(self, request: Request) -> Response:
        operator_of(request)
        name = request.query_params.get("tai-khoan", "").strip()
        if name:
            await account_of(request, self._sign_in.portal, name)
        sessions = await asyncio.to_thread(self._sign_in.sessions.of, name, self._sign_in.now())
        moments = ("began_at", "seen_at")
        rows = [each._asdict() | {key: getattr(each, key).isoformat() for key in moments} for each in sessions]
        return JSONResponse({"account": name, "sessions": rows})

    async def end(self, request: Request) -> Response:
        """One session of an account, or all of them."""
        operator_of(request)
        form, signed_in = await request.form(), signed_in_of(request)
        name, only = text_of(form, "tai-khoan"), text_of(form, "phien") or None
        back = f"{SESSIONS}?{urlencode({'tai-khoan': name})}"
        if not signed_in.session.is_fresh_at(self._sign_in.now()):
            return confirm_first(back)
        await account_of(request, self._sign_in.portal, name)
        by = signed_in.account.account
        await asyncio.to_thread(self._sign_in.end, name, client_of(request), by, only=only)
        return RedirectResponse(f"{back}&xong=1", 303)
