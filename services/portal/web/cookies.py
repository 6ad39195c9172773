"""The cookies of a session and of a sign-in that has begun: for this host alone, and for no script."""

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from shared.web.address import Address

SESSION, ATTEMPT, PROBE = "minhbach", "minhbach-attempt", "minhbach-probe"
HOST = "__Host-"


class Cookies:
    """`__Host-` cookies, which no other host and no page without TLS can set.

    On http://localhost some browsers (Safari) keep no such cookie: a probe tells, and a cookie of a plain name follows.
    """

    def __init__(self, address: Address) -> None:
        self._is_https = address.is_https

    def read(self, request: HTTPConnection, name: str) -> str | None:
        found = request.cookies.get(HOST + name)
        return request.cookies.get(name) if found is None and not self._is_https else found

    def probe(self, response: Response) -> None:
        """See whether this browser keeps a `__Host-` cookie without TLS."""
        if not self._is_https:
            response.set_cookie(HOST + PROBE, "1", secure=True, httponly=True, samesite="lax")

    def write(self, request: Request, response: Response, name: str, value: str) -> None:
        """Lax, so that a link in a mail finds who is signed in, and a provider's answer finds its attempt."""
        is_kept = self._is_https or HOST + PROBE in request.cookies
        prefix = HOST if is_kept else ""
        response.set_cookie(prefix + name, value, secure=is_kept, httponly=True, samesite="lax")

    def delete(self, response: Response, name: str) -> None:
        response.delete_cookie(HOST + name, secure=True, httponly=True, samesite="lax")
        if not self._is_https:
            response.delete_cookie(name, httponly=True, samesite="lax")
