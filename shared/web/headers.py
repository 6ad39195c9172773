"""Security headers of every response, whoever made it."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.address import Address

# No script and no style but our own files; no page of ours within another site's.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "font-src 'self'",
        "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)  # fmt: skip
ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# A response may say otherwise: a static file is kept, and an edition's page is shut in a sandbox.
UNLESS_GIVEN: Mapping[str, str] = {"Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-store"}
TWO_YEARS = 2 * 365 * 24 * 60 * 60


class SecurityHeaders:
    def __init__(self, app: ASGIApp, address: Address) -> None:
        self._app = app
        strict = {"Strict-Transport-Security": f"max-age={TWO_YEARS}; includeSubDomains"}
        self._always = {**ALWAYS, **(strict if address.is_https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._always)
                for name, value in UNLESS_GIVEN.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
