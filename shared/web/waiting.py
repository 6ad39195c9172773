"""Answers a browser at once where a page takes long: with a page that says so and asks again until it is there.

A browser shows that page while its next request waits, so nothing is asked in a rhythm, and no script is needed. It
asks at the page's own address: where nothing is kept for it, the page is made anew. What cannot be made anew or is no
page passes untouched: forms, files, signing in and out.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.grants import Grant
from shared.web.visitor import visitor_if_any

AT_ONCE = 1.0  # seconds, the most for which a browser waits and shows nothing new
LONGEST = 25.0  # seconds for which it waits on the page that says so, before it is shown again
KEPT = 10.0  # seconds for which an answer waits for a browser that does not ask again
# Pages that are made or kept at once; more of them are waited for in silence.
MOST, MOST_OF_ACCOUNT = 200, 10
# RFC 7240: a client that waits itself, and for how many seconds.
PREFERRED = re.compile(r"\bwait=(\d{1,3})\b")
# A path that ends so is a file's; an id with a dot in it is none.
FILE = re.compile(r"\.(css|csv|docx|html|js|json|pdf|svg|xlsx)$")

# The page: the request, and the address with which it asks again.
WaitingPage = Callable[[Request, str], Response]
log = logging.getLogger(__name__)


class Key(NamedTuple):
    """To whom an answer may be given: the same account with the same grants in the same session, at this address."""

    account: str
    grants: frozenset[Grant]
    cookies: str
    address: str


@dataclass(eq=False)
class Begun:
    """A page that is made: `sent` is its answer. A browser was put off, or the account changed something meanwhile."""

    key: Key
    task: "asyncio.Task[None]"
    sent: list[Message]
    is_put_off: bool = False
    is_old: bool = False

    @classmethod
    def of(cls, app: ASGIApp, key: Key, scope: Scope) -> "Begun":
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        return cls(key, asyncio.ensure_future(_made(app, scope, keep)), sent)

    async def is_there_within(self, seconds: float) -> bool:
        done, _ = await asyncio.wait({self.task}, timeout=seconds)
        return bool(done)

    async def pass_on(self, send: Send) -> None:
        for message in self.sent:
            await send(message)
        self.task.result()  # raises what it raised


class AwaitedPages:
    """For pages that a browser opens for an account; programs and scripts wait themselves.

    An answer is given once, and with all its headers. `no_pages` are beginnings of paths with no page of an account.
    """

    def __init__(self, app: ASGIApp, page: WaitingPage, no_pages: Iterable[str] = (), at_once: float = AT_ONCE) -> None:
        self._app = app
        self._page = page
        self._no_pages = ("//", *no_pages)  # "//" is another host's
        self._at_once = at_once
        self._begun: list[Begun] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope) if scope["type"] == "http" else None
        if key is None:
            await self._app(scope, receive, send)
        elif not self._opens_page(scope):
            try:
                await self._app(scope, receive, send)
            finally:
                if scope["method"] != "GET":
                    self._forget(key.account)
        elif (begun := self._kept(key)) is not None:
            await self._give(begun, LONGEST, scope, receive, send)
        elif self._is_full(key.account):
            await self._app(scope, receive, send)
        else:
            begun = Begun.of(self._app, key, scope)
            self._begun.append(begun)
            await self._give(begun, _preferred(scope) or self._at_once, scope, receive, send)

    def _opens_page(self, scope: Scope) -> bool:
        path, headers = scope["path"], Headers(scope=scope)
        if scope["method"] != "GET" or path.startswith(self._no_pages) or FILE.search(path):
            return False
        if mode := headers.get("sec-fetch-mode"):
            return mode == "navigate" and headers.get("sec-fetch-dest", "document") == "document"
        return headers.get("accept", "").startswith("text/html")

    async def _give(self, begun: Begun, seconds: float, scope: Scope, receive: Receive, send: Send) -> None:
        if await begun.is_there_within(seconds):
            self._leave(begun)
            await begun.pass_on(send)
            return
        if not begun.is_put_off:
            begun.is_put_off = True
            begun.task.add_done_callback(lambda _: asyncio.get_running_loop().call_later(KEPT, self._give_up, begun))
        await self._page(Request(scope), begun.key.address)(scope, receive, send)

    def _kept(self, key: Key) -> Begun | None:
        """The newest, where a browser asked twice."""
        found = (each for each in reversed(self._begun) if each.key == key and each.is_put_off and not each.is_old)
        return next(found, None)

    def _is_full(self, account: str) -> bool:
        """None is dropped for another: browsers that wait for both would have them made in turns for ever."""
        own = sum(each.key.account == account for each in self._begun)
        return own >= MOST_OF_ACCOUNT or len(self._begun) >= MOST

    def _forget(self, account: str) -> None:
        """What was begun before the account changed something is not given after it."""
        for each in self._begun:
            each.is_old |= each.key.account == account

    def _leave(self, begun: Begun) -> None:
        if begun in self._begun:  # two requests may wait for it
            self._begun.remove(begun)

    def _give_up(self, begun: Begun) -> None:
        """Nobody came for it."""
        if begun not in self._begun:
            return
        self._begun.remove(begun)
        if not begun.task.cancelled() and (fault := begun.task.exception()):
            log.error("the page %r failed, and nobody came for it", begun.key.address, exc_info=fault)


async def _made(app: ASGIApp, scope: Scope, keep: Send) -> None:
    """The page is made to its end: the browser that was put off has closed its request."""
    bodies: Iterator[Message] = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        return next(bodies, None) or await asyncio.Future[Message]()

    await app(scope, receive, keep)


def _key(scope: Scope) -> Key | None:
    """None where nobody has signed in."""
    visitor = visitor_if_any(Request(scope))
    if visitor is None or not visitor.account:
        return None
    query, cookies = scope["query_string"].decode("latin-1"), Headers(scope=scope).get("cookie", "")
    address = quote(scope["path"]) + (f"?{query}" if query else "")
    return Key(visitor.account, frozenset(visitor.grants), cookies, address)


def _preferred(scope: Scope) -> float:
    found = PREFERRED.search(Headers(scope=scope).get("prefer", ""))
    return float(found[1]) if found else 0.0
