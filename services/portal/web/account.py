"""The page of one's own account: what it may do, where it is signed in, and how it is opened."""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.portal.domain.refusal import RequestRefused
from services.portal.sign_in.application import NotSignedIn, SignIn, TooSoon
from services.portal.web.names import named_scope, names_in
from services.portal.web.sign_in import TOO_SOON, text_of
from services.portal.web.sign_in_gate import SIGN_IN, client_of, signed_in_of
from services.portal.wording import METHODS, ROLES
from shared.clock import day_of
from shared.contracts.portal import ShowAccount
from shared.grants import Grant
from shared.web.site import ask, render

OWN = "/tai-khoan"
WRONG = "Mật khẩu hiện tại hoặc mã không đúng; mỗi mã chỉ dùng được một lần."


class AccountPages:
    """Whoever ends other sessions or takes a way in away has signed in minutes ago, or signs in again."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self.routes = [
            Route(f"{OWN}.json", self.as_json),
            Route(OWN, self.page),
            Route(f"{OWN}/phien", self.end_sessions, methods=["POST"]),
            Route(f"{OWN}/khoa", self.remove_passkey, methods=["POST"]),
            Route(f"{OWN}/mat-khau", self.password_page),
            Route(f"{OWN}/mat-khau", self.change_password, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        return await self._page(request)

    async def as_json(self, request: Request) -> Response:
        """What it may do, and its keys; where it is signed in is on the page only."""
        answered = await ask(request, ShowAccount(actor=signed_in_of(request).account.account))
        return JSONResponse(answered.model_dump(mode="json"))

    async def end_sessions(self, request: Request) -> Response:
        """One that is named, or all but this one."""
        signed_in = signed_in_of(request)
        if not signed_in.session.is_fresh_at(self._sign_in.now()):
            return confirm_first(OWN)
        only = text_of(await request.form(), "phien") or None
        account, but = signed_in.account.account, None if only else signed_in.session.session
        await asyncio.to_thread(self._sign_in.end, account, client_of(request), account, only=only, but=but)
        return RedirectResponse(f"{OWN}?xong=phien", 303)

    async def remove_passkey(self, request: Request) -> Response:
        signed_in = signed_in_of(request)
        if not signed_in.session.is_fresh_at(self._sign_in.now()):
            return confirm_first(OWN)
        try:
            credential = urlsafe_b64decode(text_of(await request.form(), "khoa", longest=2000))
            removed = (signed_in.account.account, credential, signed_in.session)
            await asyncio.to_thread(self._sign_in.remove_passkey, *removed)
        except (NotBase64, ValueError):
            pass  # it names none
        except RequestRefused as refused:
            return await self._page(request, {"": str(refused)})
        return RedirectResponse(f"{OWN}?xong=khoa", 303)

    async def password_page(self, request: Request) -> Response:
        return render(request, "portal/password.html")

    async def change_password(self, request: Request) -> Response:
        signed_in, form = signed_in_of(request), await request.form()
        wanted = text_of(form, "mat-khau-moi")
        errors = {}
        if text_of(form, "nhap-lai") != wanted:
            errors["nhap-lai"] = "Hai lần nhập mật khẩu mới không giống nhau."
        elif self._sign_in.passwords is None:
            errors[""] = WRONG
        else:
            fields = (text_of(form, "mat-khau"), text_of(form, "ma"), wanted, signed_in.session)
            try:
                await asyncio.to_thread(self._sign_in.change_password, signed_in.account, *fields)
            except RequestRefused as refused:
                errors["mat-khau-moi"] = str(refused)
            except NotSignedIn:
                errors[""] = WRONG
            except TooSoon as wait:
                errors[""] = TOO_SOON.format(wait.seconds)
        if errors:
            return render(request, "portal/password.html", 422, errors=errors)
        return RedirectResponse(f"{OWN}?xong=mat-khau", 303)

    async def _page(self, request: Request, errors: dict[str, str] | None = None) -> Response:
        signed_in, now = signed_in_of(request), self._sign_in.now()
        account = signed_in.account.account
        sessions = await asyncio.to_thread(self._sign_in.sessions.of, account, now)
        passkeys = await asyncio.to_thread(self._sign_in.credentials.passkeys_of, account)
        password = await asyncio.to_thread(self._sign_in.credentials.password_of, account)
        names = await self._names(request, signed_in.grants)
        return render(
            request, "portal/account.html", 422 if errors else 200,
            errors=errors or {}, account=signed_in.account, own=signed_in.session.session, sessions=sessions,
            passkeys=[(urlsafe_b64encode(each.credential_id).decode(), each) for each in passkeys], password=password,
            grants=[(ROLES[each.role], named_scope(each.scope, names), each) for each in signed_in.grants],
            methods=METHODS, done=request.query_params.get("xong"), device_of=device_of,
        )  # fmt: skip

    async def _names(self, request: Request, grants: Sequence[Grant]) -> Mapping[str, str]:
        portal = self._sign_in.portal
        day = day_of(portal.clock())
        provinces = [await asyncio.to_thread(portal.province_of, grant, day) for grant in grants]
        return await names_in(request, filter(None, provinces))


def confirm_first(path: str) -> Response:
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'lai': '1', 'tiep': path})}", 303)


def device_of(agent: str) -> str:
    """The browser and the system, as far as its name says them."""
    browsers = (("Edg/", "Edge"), ("coc_coc_browser", "Cốc Cốc"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
    more = ((("Safari/", "Safari"),), (("Mac OS", "Mac"), ("Linux", "Linux")))
    found = [
        next((name for mark, name in (*marks, *others) if mark in agent), "")
        for marks, others in zip((browsers, systems), more, strict=True)
    ]
    return " trên ".join(filter(None, found)) or "thiết bị không rõ"
