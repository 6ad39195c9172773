"""A figure with what it is made of, at an address that names the day or the edition and gives the same for ever."""

from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.reporting.web.addresses import number_named
from services.reporting.web.periods import (
    REGIME,
    Versions,
    asked_report,
    is_other,
    period_in,
    query_of,
    versions_of,
    versions_query,
)
from services.reporting.wording import CAUSES, KINDS, ZERO
from shared.contracts import Answered
from shared.contracts.indicators import ListedReadings, ListReadings
from shared.contracts.reporting import ExplainFigure, ExplainProvinceFigure, ShownFigure
from shared.messaging.questions.question_client import NotAnswered
from shared.regimes import DEFAULT_REGIME
from shared.vietnamese import date_text
from shared.web.days import AsKnown, as_known, day_named, known_at
from shared.web.site import KNOWN_AT, ask, render, site_of, today
from shared.web.visitor import visitor_of

EDITION, SINCE, COMPUTATION, PAGE = "an-ban", "tu", "cach-tinh", "trang"
READINGS_AT_ONCE, PARTS_AT_ONCE = 100, 150
STATES = {"recorded": "ghi nhận", "corrected": "đính chính", "withdrawn": "đã rút", "refused": "bị từ chối"}


class ReadingsOf(NamedTuple):
    """The readings of one commune behind a figure; `sentence` says why there are none to show."""

    commune: str
    name: str
    listed: ListedReadings | None
    sentence: str = ""

    @property
    def pages(self) -> int:
        return -(-self.listed.total // READINGS_AT_ONCE) if self.listed else 0


def address_of(figure: ShownFigure, *, commune: str | None = None) -> str:
    """The path of a figure without its day; `commune`: of one of its parts."""
    own = commune or figure.commune
    place = quote(own) if own else f"tinh/{quote(figure.province)}"
    return f"/so-lieu/{place}/chi-so/{quote(figure.indicator)}/{figure.period}"


def fixed_query(figure: ShownFigure, versions: Versions) -> str:
    """What makes the address say the same for ever: the edition, or the day, the way of counting, formulas and map."""
    fields: dict[str, Any] = {EDITION: figure.edition}
    if figure.edition is None:
        fields = {KNOWN_AT: figure.known_at.isoformat(), COMPUTATION: figure.computation}
        fields |= {name: value for name, value in versions_query(versions).items() if value}
    if figure.regime != DEFAULT_REGIME:
        fields[REGIME] = figure.regime
    return f"?{urlencode(fields)}"


async def shown(request: Request) -> Response:
    answered = await _asked(request)
    figure = answered.answer
    page, versions = number_named(request, PAGE) or 1, versions_of(request)
    readings = await _readings(request, figure, page)
    pages = max((each.pages for each in readings), default=-(-len(figure.parts) // PARTS_AT_ONCE)) or 1
    if page > pages:
        page, readings = pages, await _readings(request, figure, pages)
    fixed = fixed_query(figure, versions)
    return render(
        request,
        "reporting/figure.html",
        figure=figure,
        period=period_in(figure.period),
        since=day_named(request, SINCE),
        as_known=None if figure.edition else _as_known(request, figure),
        only_now=f"Số liệu của lần công bố {figure.edition}, biết đến hết ngày {date_text(figure.known_at)}.",
        unfinished=figure.edition is None and figure.known_at >= today(request),
        fixed=site_of(request).address.origin + address_of(figure) + fixed,
        fixed_query=fixed,
        part_address=lambda commune: address_of(figure, commune=commune) + fixed,
        versions=versions,
        other=is_other(versions),
        regime=query_of(request),
        own_regime="" if figure.regime == DEFAULT_REGIME else figure.regime,
        sources=readings,
        page=page,
        pages=pages,
        parts=figure.parts[(page - 1) * PARTS_AT_ONCE : page * PARTS_AT_ONCE],
        measures={each.measure: each.name for each in figure.measures},
        zero=ZERO,
        kinds=KINDS,
        states=STATES,
        causes=CAUSES,
        kept=_kept(request, REGIME, KNOWN_AT, EDITION, COMPUTATION),
        keep=_kept(request, REGIME, KNOWN_AT, COMPUTATION),
    )


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request)).model_dump(mode="json"))


async def _asked(request: Request) -> Answered[ShownFigure]:
    edition = number_named(request, EDITION)
    fields: Any = {
        "indicator": request.path_params["indicator"],
        "known_at": None if edition else known_at(request),
        "edition": edition,
        "since": day_named(request, SINCE),
        "computation": number_named(request, COMPUTATION),
        **versions_of(request),
        **asked_report(request),
    }
    if province := request.path_params.get("province"):
        return await ask(request, ExplainProvinceFigure(province=province, **fields))
    return await ask(request, ExplainFigure(commune=request.path_params["commune"], **fields))


async def _readings(request: Request, figure: ShownFigure, page: int) -> list[ReadingsOf]:
    return [await _readings_of(request, figure, unit.commune, unit.name, page) for unit in figure.units]


async def _readings_of(request: Request, figure: ShownFigure, commune: str, name: str, page: int) -> ReadingsOf:
    """Those that hold a measure of the formula, as they were known; Indicators checks who may see them."""
    question = ListReadings(
        commune=commune,
        actor=visitor_of(request).account,
        observed_from=figure.counted_from,
        observed_until=figure.counted_until,
        indicator=figure.indicator,
        known_at=figure.known_at,
        leaves=True,
        skip=(page - 1) * READINGS_AT_ONCE,
        most=READINGS_AT_ONCE,
    )
    try:
        return ReadingsOf(commune, name, (await ask(request, question)).answer)
    except NotAnswered as unanswered:
        return ReadingsOf(commune, name, None, str(unanswered))


def _as_known(request: Request, figure: ShownFigure) -> AsKnown:
    return as_known(request, figure.changed_on, figure.counted_from, figure.known_at)


def _kept(request: Request, *names: str) -> list[tuple[str, str]]:
    return [(name, request.query_params.get(name, "")) for name in names]
