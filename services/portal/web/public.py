"""Published editions and what changed in them for everybody, where a province switches it on; nothing else."""

import re
import time
from collections import OrderedDict
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.portal.domain.account import ID
from services.portal.request_rates import Rate
from services.portal.web.sign_in_gate import client_of
from shared.clock import end_of
from shared.contracts import Message
from shared.contracts.reporting import (
    EditionQuestion,
    EditionRow,
    ListedEditions,
    ListEditions,
    ShowEdition,
    ShowEditionOverview,
)
from shared.messaging.questions.question_client import NotAnswered
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME
from shared.settings import Settings, SettingsError
from shared.vietnamese import mid_sentence, moment_text
from shared.web.days import as_known, known_at
from shared.web.site import render, site_of
from shared.web.visitor import visitor_if_any

PUBLIC = "/cong-khai"
SETTING = "MINHBACH_PUBLIC_ACCOUNT"
PROVINCE = re.compile(r"[0-9A-Za-z]{1,20}")
PER_SECOND, BURST = 1.0, 30  # pages of one address
MOST_KEPT = 80  # answers about editions
LIST_KEPT_FOR = 60.0  # seconds; also how long a page lives after the province switches it off
CACHED = {"Cache-Control": f"public, max-age={LIST_KEPT_FOR:.0f}", "Vary": "Cookie"}
MOST_MOVED = 200

Answer = TypeVar("Answer", bound=Message)


def public_account(settings: Settings) -> str | None:
    """The account for which the pages ask: its grants say which provinces publish. None: the pages are not there."""
    account = settings.env.get(SETTING) or None
    if account and not ID.fullmatch(account):
        raise SettingsError(f'{SETTING} is "{account}"; it is the name of an account, such as cong-khai')
    return account


class PublicPages:
    """Whoever answers checks the account's grant at each question, which are few: answers are kept."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._rate = Rate(PER_SECOND, BURST)
        self._listed: dict[str, tuple[float, ListedEditions]] = {}
        self._answers: OrderedDict[tuple[str, str, str, str, int], Any] = OrderedDict()
        edition = f"{PUBLIC}/{{province}}/{{period}}/{{edition:int}}"
        self.routes = [
            Route(f"{PUBLIC}/{{province}}.json", self.list_as_json),
            Route(f"{PUBLIC}/{{province}}", self.listed),
            Route(f"{edition}.json", self.as_json),
            Route(edition, self.shown),
        ]

    async def listed(self, request: Request) -> Response:
        province = request.path_params["province"]
        editions = await self._list_of_day(request)
        rows = sorted(editions.editions, key=lambda row: (row.published_at, row.edition), reverse=True)
        return _render(
            request, "portal/public_editions.html", province=province, rows=[(_title(row), row) for row in rows],
            as_known=as_known(request, editions.changed_on),
        )  # fmt: skip

    async def list_as_json(self, request: Request) -> Response:
        """Without who published, as the page."""
        editions = await self._list_of_day(request)
        without = {"editions": {"__all__": {"by", "by_account"}}}
        return JSONResponse(editions.model_dump(mode="json", exclude=without), headers=CACHED)

    async def as_json(self, request: Request) -> Response:
        """The canonical bytes, whose SHA-256 is the edition's hash."""
        row, _ = await self._chosen(request)
        content = (await self._answer(request, ShowEdition, row)).content
        return Response(content.encode(), media_type="application/json", headers=CACHED)

    async def shown(self, request: Request) -> Response:
        row, last = await self._chosen(request)
        overview = await self._answer(request, ShowEditionOverview, row)
        return _render(
            request, "portal/public_edition.html", province=request.path_params["province"], period=row.period,
            regime=row.regime, title=_title(row), edition=row, last=last, overview=overview,
            only_now=f"Một lần công bố không đổi: công bố {moment_text(row.published_at)}.",
            moved=overview.moved[:MOST_MOVED], hidden=max(0, len(overview.moved) - MOST_MOVED),
        )  # fmt: skip

    async def _chosen(self, request: Request) -> tuple[EditionRow, int]:
        """The edition that the address names, and the number of the last one of its period and regime."""
        province, period, number = (request.path_params[name] for name in ("province", "period", "edition"))
        regime = request.query_params.get("che-do", DEFAULT_REGIME)
        rows = (await self._list(request, province)).editions
        known = {row.edition: row for row in rows if (row.regime, row.period) == (regime, period)}
        if number not in known:
            raise HTTPException(404)
        return known[number], max(known)

    async def _list_of_day(self, request: Request) -> ListedEditions:
        """Those that were published by the end of the day of the address; all without one."""
        listed, day = await self._list(request, request.path_params["province"]), known_at(request)
        known = (row for row in listed.editions if day is None or row.published_at < end_of(day))
        return listed.model_copy(update={"editions": tuple(known)})

    async def _list(self, request: Request, province: str) -> ListedEditions:
        if not self._rate.allows(client_of(request).address):
            raise HTTPException(429)
        if not PROVINCE.fullmatch(province):
            raise HTTPException(404)
        kept = self._listed.get(province)
        if kept and time.monotonic() < kept[0]:
            return kept[1]
        question = ListEditions(province=province, actor=self._account)
        try:
            answer: ListedEditions = (await site_of(request).services.ask(question)).answer
        except NotAnswered as unanswered:
            if unanswered.problem == "not-granted":  # this province does not publish to everybody
                raise HTTPException(404) from None
            raise
        self._listed[province] = time.monotonic() + LIST_KEPT_FOR, answer  # only of provinces that publish
        return answer

    async def _answer(self, request: Request, kind: type[EditionQuestion[Answer]], row: EditionRow) -> Answer:
        """What was asked about an edition once is kept: none ever changes."""
        province = request.path_params["province"]
        key = kind.subject, province, row.regime, row.period, row.edition
        if key not in self._answers:
            question = kind(
                province=province, regime=row.regime, period=row.period, edition=row.edition, actor=self._account
            )
            self._answers[key] = (await site_of(request).services.ask(question)).answer
        self._answers.move_to_end(key)
        while len(self._answers) > MOST_KEPT:
            self._answers.popitem(last=False)
        answer: Answer = self._answers[key]
        return answer


def _render(request: Request, template: str, **fields: Any) -> Response:
    """Kept by browsers and proxies, unless it names who has signed in."""
    response = render(request, template, default=DEFAULT_REGIME, **fields)
    if visitor_if_any(request) is None:
        response.headers.update(CACHED)
    return response


def _title(row: EditionRow) -> str:
    return mid_sentence(Period.parse(row.period).vietnamese)
