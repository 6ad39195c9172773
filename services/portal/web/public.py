"""Published editions and what changed in them for everybody, where a province switches it on; nothing else."""

import json
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.portal.api.limits import Rate
from services.portal.domain.account import ID
from services.portal.web.gate import client_of
from shared.clock import end_of
from shared.contracts.reporting import EditionRow, ListedEditions, ListEditions, PublishedEdition, ShowEdition
from shared.messaging.question_client import NotAnswered
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME
from shared.settings import Settings, SettingsError
from shared.vietnamese import moment_text
from shared.web.days import as_known, known_at
from shared.web.site import render, site_of
from shared.web.visitor import visitor_if_any

PUBLIC = "/cong-khai"
SETTING = "MINHBACH_PUBLIC_ACCOUNT"
PROVINCE = re.compile(r"[0-9A-Za-z]{1,20}")
PER_SECOND, BURST = 1.0, 30  # pages of one address
MOST_KEPT = 40  # editions; an edition never changes
LIST_KEPT_FOR = 60.0  # seconds; also how long a page lives after the province switches it off
CACHED = {"Cache-Control": f"public, max-age={LIST_KEPT_FOR:.0f}", "Vary": "Cookie"}
MOST_MOVED = 200


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
        self._editions: OrderedDict[tuple[str, str, str, int], PublishedEdition] = OrderedDict()
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
        _, _, edition = await self._published(request)
        return Response(edition.content.encode(), media_type="application/json", headers=CACHED)

    async def shown(self, request: Request) -> Response:
        province, period, number = (request.path_params[name] for name in ("province", "period", "edition"))
        regime, known, edition = await self._published(request)
        content = json.loads(edition.content)
        chosen = next(row for row in known if row.edition == number)
        restated = content.get("restated") or {"moved": (), "reason": ""}
        return _render(
            request, "portal/public_edition.html", province=province, content=content, period=period, regime=regime,
            edition=chosen, last=max(row.edition for row in known),
            indicators=[(line, rate_of(line["figure"]), rate_of(line["previous"])) for line in content["indicators"]],
            only_now=f"Một lần công bố không đổi: công bố {moment_text(chosen.published_at)}.",
            moved=restated["moved"][:MOST_MOVED], hidden=max(0, len(restated["moved"]) - MOST_MOVED),
        )  # fmt: skip

    async def _published(self, request: Request) -> tuple[str, list[EditionRow], PublishedEdition]:
        """The regime, the editions of the period under it, and the one that the address names."""
        province, period, number = (request.path_params[name] for name in ("province", "period", "edition"))
        regime = request.query_params.get("che-do", DEFAULT_REGIME)
        rows = (await self._list(request, province)).editions
        known = [row for row in rows if (row.regime, row.period) == (regime, period)]
        if number not in {row.edition for row in known}:
            raise HTTPException(404)
        return regime, known, await self._edition(request, (province, regime, period, number))

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

    async def _edition(self, request: Request, key: tuple[str, str, str, int]) -> PublishedEdition:
        if key not in self._editions:
            province, regime, period, number = key
            question = ShowEdition(province=province, regime=regime, period=period, edition=number, actor=self._account)
            self._editions[key] = (await site_of(request).services.ask(question)).answer
        self._editions.move_to_end(key)
        while len(self._editions) > MOST_KEPT:
            self._editions.popitem(last=False)
        return self._editions[key]


def rate_of(figure: Mapping[str, Any]) -> Decimal | None:
    """In percent; None where nothing was reported, or the formula has no rate for a denominator of zero."""
    numerator, denominator = figure["numerator"], figure["denominator"]
    if numerator is None or denominator is None:
        return None
    if denominator == 0:
        return {"zero": Decimal(0), "full": Decimal(100)}.get(figure["zero_denominator"])
    return Decimal(numerator) * 100 / Decimal(denominator)


def _render(request: Request, template: str, **fields: Any) -> Response:
    """Kept by browsers and proxies, unless it names who has signed in."""
    response = render(request, template, default=DEFAULT_REGIME, **fields)
    if visitor_if_any(request) is None:
        response.headers.update(CACHED)
    return response


def _title(row: EditionRow) -> str:
    return Period.parse(row.period).vietnamese
