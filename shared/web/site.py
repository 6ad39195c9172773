"""The pages of all services as one application: what each part brings, how a page is rendered, how a fault looks."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from shared import refusal_rules
from shared.clock import Clock, day_of, system_clock
from shared.contracts import Answered, Message, Question, Receipt, Submission
from shared.grants import Role
from shared.messaging.questions.question_client import NotAnswered
from shared.web.address import Address
from shared.web.guards import BodyLimit, OwnOrigin
from shared.web.headers import SecurityHeaders
from shared.web.page_files import files_of
from shared.web.refused import log_refused
from shared.web.visitor import visitor_if_any, visitor_of
from shared.web.waiting import AwaitedPages

HERE = Path(__file__).parent
Answer = TypeVar("Answer", bound=Message)

PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: ("Yêu cầu không đọc được", "Hãy quay lại trang trước và thử lại."),
    401: ("Phiên làm việc đã kết thúc", "Hãy đăng nhập lại rồi làm lại việc vừa rồi; chưa có gì được ghi."),
    403: ("Không được phép", "Tài khoản chưa được giao quyền làm việc này."),
    404: ("Không có trang này", "Địa chỉ có thể đã gõ sai, hoặc trang đã được chuyển đi."),
    405: ("Không làm được như vậy", "Hãy quay lại trang trước và thử lại."),
    413: ("Nội dung quá lớn", "Hãy chia nhỏ rồi gửi lại."),
    429: ("Quá nhiều lần thử", "Hãy đợi một lát rồi thử lại."),
    500: ("Hệ thống gặp lỗi", "Chưa có gì được ghi lại. Hãy thử lại sau; nếu vẫn lỗi, hãy báo cho người vận hành."),
    503: ("Tạm thời chưa phục vụ được", "Hãy thử lại sau ít phút."),
}
# The status of a page whose question has no answer; others may pass: 503.
UNANSWERED = {
    "not-granted": 403,
    "refused": 403,
    "not-found": 404,
    "too-large": 413,
    "unreadable": 400,
    "unknown-question": 500,
    "failed": 500,
}

# Pages, styles, scripts and drawings are sent packed, a tenth as long. No page has a secret that stays from one answer
# to the next and could be guessed by its packed length (BREACH): each form has a new id, an invitation is shown once.
NOT_PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/*")
# The part of an address with which a form comes back: the position of what it recorded.
RECORDED = "ghi-nhan"
# The part with the day as of which a page shows what was known: `?biet-den=2025-09-15`.
KNOWN_AT = "biet-den"
# The service worker stands above all pages, at an address that stays; browsers look there for a newer one.
OFFLINE = "/offline.js"
# What it shows where the server cannot be reached: about nobody, and for everybody.
AWAY = "/mat-ket-noi"


class Link(NamedTuple):
    """An entry of the navigation, for accounts with one of these roles; for all without roles."""

    title: str
    path: str
    roles: tuple[Role, ...] = ()


class Part(NamedTuple):
    """The pages of one service, in `services/<name>/web/`; `folder` has `templates/` and maybe `static/`.

    `larger` has limits of bytes for paths that take files, by the beginning of the path. `no_pages` are beginnings of
    paths with no page of an account: of those a browser is not told that one is being made.
    """

    name: str
    folder: Path
    routes: Sequence[BaseRoute]
    links: Sequence[Link] = ()
    larger: Mapping[str, int] = {}
    no_pages: Sequence[str] = ()


class Services(NamedTuple):
    """How a page reaches the services: their answers, and the receipts of what an account does.

    `send` takes the scope (a commune, or `province-` and its code), the id of the submission, the account and the
    submission itself. `check` raises NotAnswered where the account may not ask a question.
    """

    ask: Callable[[Question[Any]], Awaitable[Answered[Any]]]
    send: Callable[[str, str, str, Submission], Awaitable[Receipt]]
    check: Callable[[Question[Any]], Awaitable[None]]


@dataclass
class Site:
    """`shut` comes between the guards and the pages: it lets nobody pass who has not signed in."""

    address: Address
    services: Services
    parts: Sequence[Part]
    clock: Clock = system_clock
    shut: Sequence[Middleware] = ()
    handlers: Mapping[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        folders = ("shared", HERE), *((part.name, part.folder) for part in self.parts)
        self.static, self._templates = files_of(folders)
        self.links = [link for part in self.parts for link in part.links]

    def application(self) -> SecurityHeaders:
        larger = {path: size for part in self.parts for path, size in part.larger.items()}
        guards = [
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6, exclude_content_types=NOT_PACKED),
            Middleware(BodyLimit, larger, self.problem),
            Middleware(OwnOrigin, self.address, self.problem),
            *self.shut,
            Middleware(
                AwaitedPages, self.waiting, ("/static/", *(path for part in self.parts for path in part.no_pages))
            ),
        ]
        application = Starlette(
            routes=[
                self.static.route,
                Route(OFFLINE, self._offline),
                Route(AWAY, self._away),
                *(route for part in self.parts for route in part.routes),
            ],
            middleware=guards,
            exception_handlers={
                HTTPException: self._refused,
                NotAnswered: self._not_answered,
                ValidationError: self._no_such_page,
                Exception: self._failed,
                **self.handlers,
            },
        )
        application.router.redirect_slashes = False  # it would send browsers to the host that the header Host names
        application.state.site = self
        return SecurityHeaders(application, self.address)

    def render(self, request: Request, template: str, fields: Mapping[str, Any], status: int = 200) -> Response:
        visitor, as_known = visitor_if_any(request), fields.get("as_known")
        kept = f"{KNOWN_AT}={as_known.day.isoformat()}" if as_known and as_known.day else ""
        links = [link for link in self.links if visitor and (not link.roles or visitor.has_role(*link.roles))]
        text = self._templates.get_template(template).render(
            {
                "visitor": visitor,
                "links": links,
                "path": request.url.path,
                "here": _nearest(request.url.path, links),
                "errors": {},
                "query": partial(changed_query, request),
                "as_known": None,
                # What keeps the day in an address of another page that can show it, without and with another question.
                "as_of": f"?{kept}" if kept else "",
                "as_of_too": f"&{kept}" if kept else "",
                "only_now": "Trang này chỉ có ở hiện tại.",
                "strays": KNOWN_AT in request.query_params,
                "made_at": self.clock(),
                "printed_from": f"{self.address.origin}{request.url.path}{changed_query(request, {}).rstrip('?')}",
                **fields,
            }
        )
        return HTMLResponse(text, status)

    def problem(self, request: Request, status: int, sentence: str = "") -> Response:
        """A page that says why there is no page."""
        if status == 403:
            visitor = visitor_if_any(request)
            log_refused(request, visitor.account if visitor else "")
        title, advice = PROBLEMS.get(status, PROBLEMS[500])
        is_away = status == 503
        fields: dict[str, object] = {"title": title, "sentence": sentence, "only_now": ""}
        fields["advice"] = "" if sentence else advice
        fields["again"] = changed_query(request, {}) if is_away and request.method == "GET" else ""
        fields["typed"] = is_away and request.method == "POST"
        return self.render(request, "shared/problem.html", fields, status)

    def waiting(self, request: Request, again: str) -> Response:
        """While a page is made that takes more than a second."""
        return self.render(request, "shared/waiting.html", {"again": again, "only_now": ""}, 202)

    async def _offline(self, _: Request) -> Response:
        headers = {"Cache-Control": "no-cache"}
        return Response(self.static.content("shared/offline.js"), media_type="text/javascript", headers=headers)

    async def _away(self, request: Request) -> Response:
        return self.render(request, "shared/away.html", {"only_now": ""})

    async def _refused(self, request: Request, refused: Exception) -> Response:
        assert isinstance(refused, HTTPException)
        # Starlette's own detail is the English name of the status.
        sentence = refused.detail if refused.detail[-1:] == "." else ""
        response = self.problem(request, refused.status_code, sentence)
        response.headers.update(refused.headers or {})
        return response

    async def _not_answered(self, request: Request, unanswered: Exception) -> Response:
        assert isinstance(unanswered, NotAnswered)
        return self.problem(request, UNANSWERED.get(unanswered.problem, 503), str(unanswered))

    async def _no_such_page(self, request: Request, invalid: Exception) -> Response:
        """Pages make their questions of the address: what cannot be the id of anything has no page."""
        assert isinstance(invalid, ValidationError)
        if invalid.title not in {kind.__name__ for kind in _below(Question)}:
            raise invalid
        return self.problem(request, 404)

    async def _failed(self, request: Request, _: Exception) -> Response:
        return self.problem(request, 500)


def _nearest(path: str, links: Sequence[Link]) -> str:
    """The path of the entry of the navigation under which a page is; empty for none."""
    above = (
        link.path for link in links if path == link.path or (link.path != "/" and path.startswith(f"{link.path}/"))
    )
    return max(above, key=len, default="")


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def changed_query(request: Request, changes: Mapping[str, str]) -> str:
    """The query of the page's own address with some of it changed; what is empty, and what a form left, goes."""
    kept = {**request.query_params, RECORDED: "", **changes}
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"?{query}"


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def render(request: Request, template: str, status: int = 200, **fields: Any) -> Response:
    """A page from `<part>/<template>`; templates begin with {% extends "shared/frame.html" %}."""
    return site_of(request).render(request, template, fields, status)


def today(request: Request) -> date:
    """In Viet Nam."""
    return day_of(site_of(request).clock())


async def ask(request: Request, question: Question[Answer]) -> Answered[Answer]:
    """The answer for the visitor, whose account is the actor of the question. NotAnswered becomes a page by itself."""
    assert question.actor == visitor_of(request).account
    return await site_of(request).services.ask(question)


async def require(request: Request, question: Question[Any]) -> None:
    """For a page that asks nothing yet: NotAnswered, which becomes a page by itself, for who may not ask it."""
    await site_of(request).services.check(question)


async def send(request: Request, scope: str, submission_id: str, submission: Submission) -> Receipt:
    """Does something as the visitor, and waits for the receipt; the same id again has the same receipt."""
    account = visitor_of(request).account
    receipt = await site_of(request).services.send(scope, submission_id, account, submission)
    if any(each.rule == refusal_rules.NOT_GRANTED for each in receipt.refused):
        log_refused(request, account)
    return receipt
