"""Health and metrics for whoever runs the process, pages for everybody else."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FOR_OPERATION = ("/health/live", "/health/ready", "/metrics")
# Whoever comes through a proxy is not who runs the process.
FROM_A_PROXY = ("x-forwarded-for", "forwarded", "via")


class Door:
    """`process` has the lifespan and its own routes; AsgiFastStream knows exact paths only (faststream#2856)."""

    def __init__(self, process: ASGIApp, pages: ASGIApp) -> None:
        self._process = process
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._process
        if scope["type"] == "http":
            if _has_two_lengths(scope):
                app = PlainTextResponse("bad request\n", 400, {"connection": "close"})
            elif scope["path"] not in FOR_OPERATION:
                app = self._pages
            elif any(name in Headers(scope=scope) for name in FROM_A_PROXY):
                app = PlainTextResponse("not found\n", 404)
        elif scope["type"] == "websocket":
            return
        await app(scope, receive, send)


def _has_two_lengths(scope: Scope) -> bool:
    """RFC 9112, 6.1: a proxy may have read another end of such a request, and taken what follows for its body.

    h11 ends it by the chunks, and would go on with the connection.
    """
    headers = Headers(scope=scope)
    chunked = "transfer-encoding" in headers
    return chunked and ("content-length" in headers or scope["http_version"] == "1.0")
