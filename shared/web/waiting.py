"""Answers a browser at once where a page takes long: with a page that says so and asks again until it is there.

A browser shows that page while its next request waits, so nothing is asked in a rhythm, and no script is needed.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.visitor import visitor_if_any

AT_ONCE = 1.0  # seconds, the most for which a browser waits and shows nothing new
LONGEST = 25.0  # seconds for which it waits on the page that says so, before it is shown again
MOST = 200  # answers that browsers wait for; more of them wait as before
KEPT = 10.0  # seconds for which an answer waits for a browser that does not ask again
# The part of an address with which a browser asks for what became of a form; no page sees it.
FORM = "dang-cho"
# RFC 7240: a client that waits itself, and for how many seconds.
PREFERRED = re.compile(r"\bwait=(\d{1,3})\b")

# The page: the request, and the address with which it asks again.
WaitingPage = Callable[[Request, str], Response]
Key = tuple[str, str]


@dataclass
class Begun:
    """An answer that is made: what was sent of it, and when that ended."""

    task: "asyncio.Task[None]"
    sent: list[Message]
    ended_at: float | None = None

    async def is_there_within(self, seconds: float) -> bool:
        done, _ = await asyncio.wait({self.task}, timeout=seconds)
        return bool(done)

    async def pass_on(self, send: Send) -> None:
        for message in self.sent:
            await send(message)
        self.task.result()  # raises what it raised


class Waiting:
    """For pages that a browser opens or forms that it sends; programs and scripts wait themselves.

    An answer is of the account that asked, and given once.
    """

    def __init__(self, app: ASGIApp, page: WaitingPage, at_once: float = AT_ONCE) -> None:
        self._app = app
        self._page = page
        self._at_once = at_once
        self._begun: dict[Key, Begun] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_navigation(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        visitor, named = visitor_if_any(request), request.query_params.get(FORM, "")
        scope["query_string"] = _without(scope["query_string"])
        account, is_form = visitor.account if visitor else "", request.method == "POST"
        self._forget(account if is_form else None)
        address = _address(scope)
        key = (account, named if not is_form and (account, named) in self._begun else address)
        begun = None if is_form else self._begun.get(key)
        seconds = LONGEST if begun or len(self._begun) >= MOST else _preferred(scope) or self._at_once
        begun = begun or await self._begin(scope, receive)
        if await begun.is_there_within(seconds):
            self._begun.pop(key, None)
            await begun.pass_on(send)
            return
        if is_form:
            key = (account, secrets.token_urlsafe(16))
        self._begun[key] = begun
        again = address if key[1] == address else f"{address}{'&' if '?' in address else '?'}{FORM}={key[1]}"
        await self._page(Request(scope), again)(scope, receive, send)

    async def _begin(self, scope: Scope, receive: Receive) -> Begun:
        """Once what the browser sends has arrived: sending a file is its own time."""
        sent: list[Message] = []
        arrived = asyncio.Event()

        async def keep(message: Message) -> None:
            sent.append(message)

        async def receive_all() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                arrived.set()
            return message

        async def answer() -> None:
            try:
                await self._app(scope, receive_all, keep)
            finally:
                begun.ended_at = time.monotonic()
                arrived.set()

        begun = Begun(asyncio.ensure_future(answer()), sent)
        if scope["method"] == "POST":
            await arrived.wait()
        return begun

    def _forget(self, changing: str | None) -> None:
        """What nobody asked for again; and pages of an account that changes something now, made before that."""
        since = time.monotonic() - KEPT
        for key, begun in list(self._begun.items()):
            is_old = begun.ended_at is not None and begun.ended_at < since
            if is_old or (key[0] == changing and key[1].startswith("/")):
                del self._begun[key]
                begun.task.add_done_callback(_look_at)


def _look_at(task: "asyncio.Task[None]") -> None:
    """So that a fault that nobody waits for is not called forgotten."""
    if not task.cancelled():
        task.exception()


def _is_navigation(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    if scope["method"] not in ("GET", "POST"):
        return False
    mode = headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else headers.get("accept", "").startswith("text/html")


def _address(scope: Scope) -> str:
    """Of the page, with what it asks."""
    query = scope["query_string"].decode("latin-1")
    return quote(scope["path"]) + (f"?{query}" if query else "")


def _preferred(scope: Scope) -> float:
    found = PREFERRED.search(Headers(scope=scope).get("prefer", ""))
    return float(found[1]) if found else 0.0


def _without(query: bytes) -> bytes:
    if f"{FORM}=".encode() not in query:
        return query
    kept = [(name, value) for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True) if name != FORM]
    return urlencode(kept).encode()
