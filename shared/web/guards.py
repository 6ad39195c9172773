"""What is refused before any page sees it: changes that another site's page sends, and bodies that are too large."""

from collections.abc import Callable, Mapping

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.address import Address

CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")
# Programs come with a key and no cookie: nothing that a browser adds by itself opens anything there.
PROGRAMS = "/api/"
LARGEST_BODY = 1024 * 1024

# The page of a refusal: the request, the status, and the sentence.
Refuse = Callable[[Request, int, str], Response]


class OwnOrigin:
    """Whatever changes something comes from a page of this origin: by Sec-Fetch-Site, else by Origin."""

    def __init__(self, app: ASGIApp, address: Address, refuse: Refuse) -> None:
        self._app = app
        self._origin = address.origin
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and not self._is_own(scope):
            sentence = "Yêu cầu này không đến từ một trang của hệ thống, nên không được thực hiện."
            app = self._refuse(Request(scope), 403, sentence)
        await app(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        if scope["method"] in CHANGES_NOTHING or scope["path"].startswith(PROGRAMS):
            return True
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site", "none")
        return site == "same-origin" or (site == "none" and headers.get("origin") == self._origin)


class TooLarge(Exception):
    """A body has more bytes than its page takes."""


class BodyLimit:
    """`larger` has the limits of paths that take files, by the beginning of the path."""

    def __init__(self, app: ASGIApp, larger: Mapping[str, int], refuse: Refuse) -> None:
        self._app = app
        self._larger = larger
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        largest = next((size for path, size in self._larger.items() if scope["path"].startswith(path)), LARGEST_BODY)
        announced = Headers(scope=scope).get("content-length", "0")
        try:
            if not announced.isdecimal() or int(announced) > largest:
                raise TooLarge
            await self._app(scope, _counted(receive, largest), send)
        except TooLarge:
            sentence = f"Nội dung gửi lên lớn hơn {max(largest // 1024**2, 1)} MB; hãy chia nhỏ rồi gửi lại."
            await self._refuse(Request(scope), 413, sentence)(scope, receive, send)


def _counted(receive: Receive, largest: int) -> Receive:
    left = largest

    async def receive_counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLarge
        return message

    return receive_counted
