"""Requires a sign-in for every page, and looks the grants up again for each request."""

import asyncio
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.portal.read_models.sessions import Client
from services.portal.sign_in.application import SignedIn, SignIn
from services.portal.web.cookies import SESSION, Cookies
from shared.web.guards import PROGRAMS, Refuse
from shared.web.site import AWAY, OFFLINE
from shared.web.visitor import Visitor

SIGN_IN = "/dang-nhap"
# Everything else is for those who have signed in.
OPEN = (SIGN_IN, "/moi/")
WITHOUT_SESSION = ("/static/", OFFLINE, AWAY, PROGRAMS)
# The account for which a browser's outbox sends; somebody else may have signed in there since.
FOR_ACCOUNT = "x-minhbach-account"
LONGEST_AGENT = 200


class Gate:
    """`more` are beginnings of paths that are open beside those of signing in."""

    def __init__(
        self, app: ASGIApp, sign_in: SignIn, cookies: Cookies, refuse: Refuse, more: tuple[str, ...] = ()
    ) -> None:
        self._app = app
        self._sign_in = sign_in
        self._cookies = cookies
        self._refuse = refuse
        self._open = (*OPEN, *more)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and not scope["path"].startswith(WITHOUT_SESSION):
            found = await self._signed_in(scope)
            meant = Headers(scope=scope).get(FOR_ACCOUNT)
            if found and meant in (None, found.account.account):
                state = scope.setdefault("state", {})
                state["signed_in"] = found
                state["visitor"] = Visitor(found.account.account, found.account.name, found.grants)
            elif not scope["path"].startswith(self._open):
                app = self._sent_away(Request(scope))
        await app(scope, receive, send)

    async def _signed_in(self, scope: Scope) -> SignedIn | None:
        token = self._cookies.read(HTTPConnection(scope), SESSION)
        return await asyncio.to_thread(self._sign_in.signed_in, token) if token else None

    def _sent_away(self, request: Request) -> ASGIApp:
        if request.method != "GET" or request.url.path.endswith(".json"):
            return self._refuse(request, 401, "")
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{SIGN_IN}?{urlencode({'tiep': wanted})}" if wanted != "/" else SIGN_IN, 303)


def signed_in_of(request: Request) -> SignedIn:
    found: SignedIn = request.state.signed_in
    return found


def client_of(request: Request) -> Client:
    """Where a request comes from; of IPv6 the network, in which one machine has as many addresses as it likes."""
    text = request.client.host if request.client else ""
    try:
        if isinstance(address := ip_address(text), IPv6Address):
            text = str(ip_network((address, 64), strict=False))
    except ValueError:
        text = text[:60]
    return Client(text, request.headers.get("user-agent", "")[:LONGEST_AGENT])


def own_path(text: str) -> str:
    """Where to go after signing in: a path of this site, and no address of another."""
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and len(text) < 2000
    return text if is_own else "/"
