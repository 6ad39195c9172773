"""The pages of signing in and out: a passkey, or a password with a code; one sentence for whatever is wrong."""

import asyncio
import json

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.portal.sign_in.application import NotSignedIn, SignIn, TooSoon
from services.portal.sign_in.tokens import digest_of
from services.portal.web.cookies import ATTEMPT, SESSION, Cookies
from services.portal.web.sign_in_gate import SIGN_IN, client_of, own_path, signed_in_of
from shared.web.site import render
from shared.web.visitor import visitor_if_any

WRONG = "Không đăng nhập được. Hãy kiểm tra tài khoản, mật khẩu và mã; mỗi mã chỉ dùng được một lần."
WRONG_PASSKEY = "Không đăng nhập được bằng khóa này. Hãy thử lại, hoặc dùng cách khác."
TOO_SOON = "Đã thử sai nhiều lần. Hãy đợi {} giây rồi thử lại."
LONGEST_FIELD = 200


class SignInPages:
    def __init__(self, sign_in: SignIn, cookies: Cookies, provider: str | None) -> None:
        self._sign_in = sign_in
        self._cookies = cookies
        self.provider = provider
        self.routes = [
            Route(SIGN_IN, self.page),
            Route(SIGN_IN, self.by_password, methods=["POST"]),
            Route(f"{SIGN_IN}/khoa/cau-hoi", self.question, methods=["POST"]),
            Route(f"{SIGN_IN}/khoa", self.by_passkey, methods=["POST"]),
            Route("/dang-xuat", self.sign_out, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        wanted = own_path(request.query_params.get("tiep", "/"))
        if visitor_if_any(request) and "lai" not in request.query_params:
            return RedirectResponse(wanted, 303)
        visitor = visitor_if_any(request)  # who signs in again
        return self.form(request, wanted, account=visitor.account if visitor else "")

    async def by_password(self, request: Request) -> Response:
        form = await request.form()
        wanted, account = own_path(text_of(form, "tiep")), text_of(form, "tai-khoan")
        if not (self._sign_in.passwords and account and text_of(form, "mat-khau") and text_of(form, "ma")):
            return self.form(request, wanted, WRONG, account)
        fields = (account, text_of(form, "mat-khau"), text_of(form, "ma"), client_of(request))
        try:
            token = await asyncio.to_thread(self._sign_in.by_password, *fields)
        except NotSignedIn:
            return self.form(request, wanted, WRONG, account, 422)
        except TooSoon as wait:
            return self.form(request, wanted, TOO_SOON.format(wait.seconds), account, 429)
        return await self.let_in(request, token, wanted)

    async def question(self, request: Request) -> Response:
        """What the browser hands to a passkey. The challenge stays here, under a token of this browser."""
        try:
            options, token = await asyncio.to_thread(self._sign_in.ask_passkey, client_of(request))
        except TooSoon as wait:
            return JSONResponse({"sentence": TOO_SOON.format(wait.seconds)}, 429)
        response = JSONResponse(json.loads(options))
        self._cookies.write(request, response, ATTEMPT, token)
        return response

    async def by_passkey(self, request: Request) -> Response:
        form = await request.form()
        wanted = own_path(text_of(form, "tiep"))
        try:
            challenge = (await self.attempt(request, "passkey"))["challenge"]
            answer = (text_of(form, "tra-loi", longest=None), challenge, client_of(request))
            token = await asyncio.to_thread(self._sign_in.by_passkey, *answer)
        except NotSignedIn:
            return self.form(request, wanted, WRONG_PASSKEY, status=422)
        except TooSoon as wait:
            return self.form(request, wanted, TOO_SOON.format(wait.seconds), status=429)
        return await self.let_in(request, token, wanted)

    async def sign_out(self, request: Request) -> Response:
        signed_in = signed_in_of(request)
        by, session = signed_in.account.account, signed_in.session.session
        await asyncio.to_thread(self._sign_in.end, by, client_of(request), by, only=session)
        response = RedirectResponse(f"{SIGN_IN}?ra=1", 303)
        self._cookies.delete(response, SESSION)
        return response

    async def let_in(self, request: Request, token: str, wanted: str) -> Response:
        """The session that this browser had before ends: whoever knew its token is out."""
        if (before := getattr(request.state, "signed_in", None)) is not None:
            account, session = before.account.account, before.session.session
            await asyncio.to_thread(self._sign_in.end, account, client_of(request), account, only=session)
        response = RedirectResponse(wanted, 303)
        self._cookies.write(request, response, SESSION, token)
        self._cookies.delete(response, ATTEMPT)
        return response

    async def attempt(self, request: Request, kind: str) -> dict[str, str]:
        """The attempt that this browser began, once. NotSignedIn without one."""
        token = self._cookies.read(request, ATTEMPT) or ""
        found = await asyncio.to_thread(self._sign_in.attempts.take, digest_of(token), self._sign_in.now())
        if found is None or found["kind"] != kind:
            raise NotSignedIn
        return found

    def form(self, request: Request, wanted: str, error: str = "", account: str = "", status: int = 200) -> Response:
        fields = {
            "wanted": wanted,
            "account": account,
            "errors": {"": error} if error else {},
            "provider": self.provider,
            "has_passwords": self._sign_in.passwords is not None,
            "is_signed_out": "ra" in request.query_params,
            "again": "lai" in request.query_params,
        }
        response = render(request, "portal/sign_in.html", status, **fields)
        self._cookies.probe(response)
        return response


def text_of(form: FormData, name: str, longest: int | None = LONGEST_FIELD) -> str:
    """A field of a form as it was typed; empty for a file, for what is longer than any answer or holds a zero byte."""
    value = form.get(name, "")
    if not isinstance(value, str) or "\0" in value:
        return ""
    return value if longest is None or len(value) <= longest else ""
