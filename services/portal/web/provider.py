"""The pages of signing in by a provider of identities: there and back, each attempt for one browser and once."""

import asyncio
import logging
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.portal.domain.refusal import RequestRefused
from services.portal.sign_in.application import ATTEMPT_LASTS, NotSignedIn, SignIn, TooSoon
from services.portal.sign_in.provider import BACK, Provider, WrongIdentity
from services.portal.sign_in.tokens import digest_of, new_token
from services.portal.web.cookies import ATTEMPT, Cookies
from services.portal.web.set_up import NO_INVITATION
from services.portal.web.sign_in import TOO_SOON, SignInPages
from services.portal.web.sign_in_gate import SIGN_IN, client_of, own_path

WRONG = "Không đăng nhập được bằng {}. Hãy thử lại, hoặc dùng cách khác."

log = logging.getLogger(__name__)


def _is_from_elsewhere(request: Request) -> bool:
    """A link of another site: a session, and the account of an identity, begin with a click on our own page."""
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")


class ProviderPages:
    def __init__(self, sign_in: SignIn, provider: Provider, cookies: Cookies, entrance: SignInPages) -> None:
        self._sign_in = sign_in
        self._provider = provider
        self._cookies = cookies
        self._entrance = entrance
        self.routes = [
            Route(f"{SIGN_IN}/nha-cung-cap", self.sign_in),
            Route("/moi/{token}/nha-cung-cap", self.link),
            Route(BACK, self.back),
        ]

    async def sign_in(self, request: Request) -> Response:
        wanted = own_path(request.query_params.get("tiep", "/"))
        if _is_from_elsewhere(request):
            return RedirectResponse(f"{SIGN_IN}?{urlencode({'tiep': wanted})}", 303)
        return await self._leave(request, {"wanted": wanted}, again="lai" in request.query_params)

    async def link(self, request: Request) -> Response:
        """Begun from an invitation: whoever comes back has its account from then on."""
        token = request.path_params["token"]
        try:
            await asyncio.to_thread(self._sign_in.invited, token)
        except NotSignedIn:
            raise HTTPException(404, NO_INVITATION) from None
        if _is_from_elsewhere(request):
            return RedirectResponse(f"/moi/{token}", 303)
        return await self._leave(request, {"wanted": "/", "invitation": digest_of(token)})

    async def back(self, request: Request) -> Response:
        client = client_of(request)
        try:
            kept = await self._entrance.attempt(request, "provider")
            identity = await self._provider.identity(request.query_params, kept)
            if "invitation" in kept:
                token = await asyncio.to_thread(self._sign_in.link, kept["invitation"], *identity, client)
            else:
                token = await asyncio.to_thread(self._sign_in.by_identity, *identity, client)
        except WrongIdentity as wrong:
            log.warning("a sign-in by the provider was refused: %s", wrong)
            return self._refused(request, WRONG.format(self._provider.name), 422)
        except NotSignedIn:
            return self._refused(request, WRONG.format(self._provider.name), 422)
        except RequestRefused as refused:
            return self._refused(request, str(refused), 422)
        except TooSoon as wait:
            return self._refused(request, TOO_SOON.format(wait.seconds), 429)
        return await self._entrance.let_in(request, token, kept["wanted"])

    async def _leave(self, request: Request, content: dict[str, str], again: bool = False) -> Response:
        try:
            url, kept = await self._provider.begin(again)
        except WrongIdentity as wrong:
            log.error("the provider of identities cannot be used: %s", wrong)
            sentence = f"Hiện không đăng nhập được bằng {self._provider.name}; hãy thử lại sau."
            return self._refused(request, sentence, 503)
        token, now = new_token(), self._sign_in.now()
        kept |= {"kind": "provider", **content}
        await asyncio.to_thread(self._sign_in.attempts.begin, digest_of(token), kept, now, ATTEMPT_LASTS)
        response = RedirectResponse(url, 303)
        self._cookies.write(request, response, ATTEMPT, token)
        return response

    def _refused(self, request: Request, sentence: str, status: int) -> Response:
        return self._entrance.form(request, "/", sentence, status=status)
