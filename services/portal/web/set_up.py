"""The pages of an invitation: a person chooses how to sign in from now on, and is in."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import segno
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal.domain.account import Account
from services.portal.domain.refusal import RequestRefused
from services.portal.sign_in.application import SET_UP_LASTS, NotSignedIn, SignIn
from services.portal.sign_in.tokens import digest_of, new_token
from services.portal.web.cookies import ATTEMPT, Cookies
from services.portal.web.sign_in import SignInPages, text_of
from services.portal.web.sign_in_gate import client_of
from shared.web.site import render

NO_INVITATION = (
    "Đường dẫn này đã được dùng, đã hết hạn, hoặc chép chưa đủ. Hãy hỏi người vận hành của tỉnh một đường dẫn mới."
)
WRONG_CODE = "Mã không đúng; hãy nhập mã 6 chữ số mà ứng dụng đang hiện."
WRONG_PASSKEY = "Chưa tạo được khóa. Hãy thử lại, hoặc dùng mật khẩu."


class SetUpPages:
    """The secret of codes and the challenge of a passkey stay here, under a token of the browser."""

    def __init__(self, sign_in: SignIn, cookies: Cookies, entrance: SignInPages) -> None:
        self._sign_in = sign_in
        self._cookies = cookies
        self._entrance = entrance
        self.routes = [
            Route("/moi/{token}", self.page),
            Route("/moi/{token}/mat-khau", self.with_password, methods=["POST"]),
            Route("/moi/{token}/khoa", self.with_passkey, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        account = await self._invited(request)
        if (attempt := await self._attempt(request)) is not None:
            return self._page(request, account, attempt)
        token = new_token()
        attempt = await asyncio.to_thread(self._begin, token, account, request.path_params["token"])
        response = self._page(request, account, attempt)
        self._cookies.write(request, response, ATTEMPT, token)
        self._cookies.probe(response)
        return response

    async def with_password(self, request: Request) -> Response:
        account, attempt, form = await self._begun(request)
        password, code = text_of(form, "mat-khau"), text_of(form, "ma")
        if text_of(form, "nhap-lai") != password:
            return self._page(request, account, attempt, {"nhap-lai": "Hai lần nhập mật khẩu không giống nhau."})
        try:
            await asyncio.to_thread(self._sign_in.check_password, account, password)
        except RequestRefused as refused:
            return self._page(request, account, attempt, {"mat-khau": str(refused)})
        passwords = self._sign_in.passwords
        assert passwords, "the page has no form without a key"
        secret, now = attempt["totp"], self._sign_in.now()
        step = await asyncio.to_thread(passwords.step_of, account.account, secret, code, now)
        if step is None:
            return self._page(request, account, attempt, {"ma": WRONG_CODE})
        keep = partial(passwords.set_up, account.account, password, secret, step, now)
        return await self._let_in(request, "password", keep)

    async def with_passkey(self, request: Request) -> Response:
        account, attempt, form = await self._begun(request)
        answer = (account.account, text_of(form, "tra-loi", longest=None), attempt["challenge"], self._sign_in.now())
        passkey = await asyncio.to_thread(self._sign_in.passkeys.made, *answer)
        if passkey is None:
            return self._page(request, account, attempt, {"": WRONG_PASSKEY})
        return await self._let_in(request, "passkey", partial(self._sign_in.credentials.add_passkey, passkey))

    def _begin(self, token: str, account: Account, invitation: str) -> dict[str, str]:
        options, challenge = self._sign_in.passkeys.registration(account.account, account.name)
        content = {"kind": "set-up", "invitation": digest_of(invitation), "challenge": challenge, "options": options}
        if self._sign_in.passwords:
            content["totp"] = self._sign_in.passwords.new_secret(account.account)
        self._sign_in.attempts.begin(digest_of(token), content, self._sign_in.now(), SET_UP_LASTS)
        return content

    async def _begun(self, request: Request) -> tuple[Account, dict[str, str], Any]:
        account, attempt = await self._invited(request), await self._attempt(request)
        if attempt is None:
            raise HTTPException(400, "Trang đã mở quá lâu. Hãy mở lại đường dẫn mời rồi làm lại.")
        return account, attempt, await request.form()

    async def _invited(self, request: Request) -> Account:
        try:
            return await asyncio.to_thread(self._sign_in.invited, request.path_params["token"])
        except NotSignedIn:
            raise HTTPException(404, NO_INVITATION) from None

    async def _attempt(self, request: Request) -> dict[str, str] | None:
        token = self._cookies.read(request, ATTEMPT) or ""
        found = await asyncio.to_thread(self._sign_in.attempts.content, digest_of(token), self._sign_in.now())
        is_of_invitation = found and found.get("invitation") == digest_of(request.path_params["token"])
        return found if is_of_invitation else None

    async def _let_in(self, request: Request, method: str, keep: Callable[[], None]) -> Response:
        try:
            accepted = (digest_of(request.path_params["token"]), method, client_of(request), keep)
            token = await asyncio.to_thread(self._sign_in.accept, *accepted)
        except NotSignedIn:
            raise HTTPException(404, NO_INVITATION) from None
        return await self._entrance.let_in(request, token, "/")

    def _page(
        self, request: Request, account: Account, attempt: dict[str, str], errors: dict[str, str] | None = None
    ) -> Response:
        fields: dict[str, Any] = {
            "account": account,
            "options": attempt["options"],
            "qr": None,
            "provider": self._entrance.provider,
        }
        if self._sign_in.passwords and "totp" in attempt:
            uri = self._sign_in.passwords.provisioning_uri(account.account, attempt["totp"])
            fields["qr"] = segno.make(uri, error="m").svg_inline(scale=5, border=3)
            fields["secret"] = self._sign_in.passwords.typed_secret(account.account, attempt["totp"])
        invitation = request.path_params["token"]
        return render(
            request, "portal/set_up.html", 422 if errors else 200, invitation=invitation, errors=errors or {}, **fields
        )
