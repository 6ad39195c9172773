"""The site: the pages of the portal and of each service, behind one sign-in."""

from collections.abc import Mapping
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.indicators.web.pages import PART as INDICATORS
from services.planning.web.pages import PART as PLANNING
from services.portal.presence import NOTHING_SEEN
from services.portal.read_models.presence import Seen
from services.portal.sign_in.application import SignIn
from services.portal.sign_in.provider import Provider
from services.portal.web.account import AccountPages
from services.portal.web.cookies import Cookies
from services.portal.web.grants import GrantPages
from services.portal.web.home.page import Home
from services.portal.web.operator.accounts import AccountsPages
from services.portal.web.operator.machines import AskHeld, MachinePages, nobody_knows
from services.portal.web.operator.one_account import OneAccountPages
from services.portal.web.operator.operation import OperationPages
from services.portal.web.operator.sessions import SessionPages
from services.portal.web.provider import ProviderPages
from services.portal.web.public import PUBLIC, PublicPages
from services.portal.web.set_up import SetUpPages
from services.portal.web.sign_in import SignInPages
from services.portal.web.sign_in_gate import SIGN_IN, Gate
from services.reporting.web.pages import PART as REPORTING
from shared.commune_client.sender import NotConfirmed
from shared.web.address import Address
from shared.web.headers import SecurityHeaders
from shared.web.site import Link, Part, Services, Site, render, site_of


async def not_confirmed(request: Request, _: Exception) -> Response:
    sentence = "Máy chủ chưa xác nhận đã ghi hay chưa."
    return site_of(request).problem(request, 503, sentence)


async def waiting(request: Request) -> Response:
    """The outbox that the browser keeps: its script fills it in."""
    return render(request, "portal/outbox.html")


def parts(
    sign_in: SignIn,
    address: Address,
    provider: Provider | None = None,
    public: str | None = None,
    seen: Mapping[str, Seen] = NOTHING_SEEN,
    *,
    ask_held: AskHeld = nobody_knows,
) -> list[Part]:
    """Those of all services; `docs/rights.md` has a row for each of their routes.

    `public` is the account whose provinces show their editions to everybody; `seen` is which services answer, and
    `ask_held` with which keys machines can sign in at the broker.
    """
    cookies = Cookies(address)
    entrance = SignInPages(sign_in, cookies, provider.name if provider else None)
    set_up = SetUpPages(sign_in, cookies, entrance)
    by_provider = ProviderPages(sign_in, provider, cookies, entrance).routes if provider else []
    outbox = Route("/hop-cho-gui", waiting)
    home = Home(sign_in.portal)
    accounts = AccountsPages(sign_in)
    operation = OperationPages(seen)
    operator = [
        *operation.routes,
        *MachinePages(sign_in, ask_held).routes,
        *accounts.routes,
        *OneAccountPages(sign_in, address).routes,
        *SessionPages(sign_in).routes,
        *GrantPages().routes,
    ]
    for_everybody = PublicPages(public).routes if public else []
    entering = [*entrance.routes, *by_provider, *set_up.routes]
    own = Part(
        "portal",
        Path(__file__).parent,
        [
            Route("/", home.page),
            Route("/viec-cua-toi.json", home.as_json),
            outbox,
            *entering,
            *AccountPages(sign_in).routes,
            *operator,
            *for_everybody,
        ],
        links=[Link("Việc của tôi", "/"), *operation.links, *accounts.links],
        no_pages=(SIGN_IN, "/dang-xuat", "/moi/"),
    )
    return [own, PLANNING, INDICATORS, REPORTING]


def pages(
    sign_in: SignIn,
    address: Address,
    services: Services,
    provider: Provider | None = None,
    *,
    public: str | None = None,
    seen: Mapping[str, Seen] = NOTHING_SEEN,
    ask_held: AskHeld = nobody_knows,
) -> SecurityHeaders:
    """The pages of other services are mounted here: each service's `web` has a `Part`."""
    shown = parts(sign_in, address, provider, public, seen, ask_held=ask_held)
    site = Site(address, services, shown, sign_in.portal.clock, handlers={NotConfirmed: not_confirmed})
    site.shut = [Middleware(Gate, sign_in, Cookies(address), site.problem, (f"{PUBLIC}/",) if public else ())]
    return site.application()
