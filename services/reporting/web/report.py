"""The province's report of a period on the screen: figures, ranking, charts and map, and the trend over periods."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.reporting.web.commune import SECTIONS
from services.reporting.web.documents import FORMATS
from services.reporting.web.links import figure_link
from services.reporting.web.periods import (
    DEFINITIONS,
    MAP_DAY,
    REGIME,
    asked_report,
    is_other,
    offered,
    period_in,
    query_of,
    regime_of,
    versions_of,
)
from shared.contracts import Answered
from shared.contracts.reporting import (
    Chart,
    FigureRow,
    ListTrend,
    PeriodFigures,
    ProvinceOverview,
    ShowProvinceOverview,
    Trend,
)
from shared.vietnamese import date_text, percent
from shared.web.days import as_known, day_shown, known_at
from shared.web.site import KNOWN_AT, ask, changed_query, render, today
from shared.web.visitor import visitor_of

# Of a line of a trend, in pixels.
WIDTH, HEIGHT, EDGE = 140, 36, 4
# Of a report as pictures with addresses: `…/ty-le.svg`.
DRAWINGS = {"ban-do": "map", "ty-le": "rates", "thay-doi": "change"}
USUAL = "Như báo cáo của kỳ"
LEAST_SHOWN = 5.0  # percentage points from the bottom to the top of a line: a tenth is no fall


class Line(NamedTuple):
    """The rates of an indicator over the periods: in words, and as points of a line, None where there is none."""

    indicator: str
    name: str
    rates: list[str]
    points: list[tuple[float, float]]
    spoken: str


class Picture(NamedTuple):
    """A map beside another one, as a picture with an address; `own`: of the report that the page lists."""

    heading: str
    drawing: Chart
    address: str
    own: bool


async def shown(request: Request) -> Response:
    """Under other formulas or on another map the figures and the map of the period's end stand beside them."""
    versions, usual = versions_of(request), None
    if is_other(versions):
        answered, beside = await asyncio.gather(_asked(request), ask(request, _question(request)))
        overview, usual = answered.answer, beside.answer
    else:
        overview = (await _asked(request)).answer
    day = known_at(request)
    return render(
        request,
        "reporting/province_report.html",
        **of_overview(request, overview),
        addresses={row.indicator: _link(request, row.indicator) for row in overview.figures},
        usual=usual,
        maps=_maps(request, overview, usual) if usual else [],
        usual_rates={(row.indicator, row.scope): row for row in usual.figures} if usual else {},
        versions=versions,
        known_at=day,
        as_known=as_known(request, overview.changed_on, overview.counted_from, overview.known_at),
        may_write=visitor_of(request).has_role("provincial-officer") and not day,
    )


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request)).model_dump(mode="json"))


async def drawing(request: Request) -> Response:
    return picture(request, (await _asked(request)).answer)


def picture(request: Request, overview: ProvinceOverview) -> Response:
    """The drawing that the address names, alone; a browser that has it asks whether it still is so."""
    name = DRAWINGS.get(request.path_params["drawing"])
    found = next((each for each in overview.charts if each.name == name), None)
    if found is None:
        raise HTTPException(404)
    content = found.svg.encode()
    headers = {"ETag": f'"{sha256(content).hexdigest()}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/svg+xml", headers=headers)


async def trend(request: Request) -> Response:
    found = (await _trend(request)).answer
    periods = [each for each in found.periods if any(row.rate is not None for row in each.figures)]
    lines = _lines(periods)
    return render(
        request,
        "reporting/trend.html",
        **_place(request),
        columns=[period_in(each.period) for each in periods],
        lines=lines,
        addresses={line.indicator: _link(request, line.indicator) for line in lines},
        versions=versions_of(request),
        other=is_other(versions_of(request)),
        until=period_in(request.path_params["period"]).window()[1],
        width=WIDTH,
        height=HEIGHT,
        known_at=known_at(request),
        day=_trend_day(request),
        as_known=as_known(request, found.changed_on, shown=_trend_day(request)),
    )


async def trend_as_json(request: Request) -> Response:
    return JSONResponse((await _trend(request)).model_dump(mode="json"))


async def _trend(request: Request) -> Answered[Trend]:
    fields = _fields(request) | {"known_at": _trend_day(request)}
    return await ask(request, ListTrend(**fields, **versions_of(request)))


def _trend_day(request: Request) -> date:
    """Up to yesterday where no day is given: of a day that is over the answer is kept."""
    return known_at(request) or today(request) - timedelta(days=1)


def of_overview(request: Request, overview: ProvinceOverview) -> dict[str, Any]:
    """What a template of a province's report or of an edition shows of it."""
    return {
        **_place(request),
        "overview": overview,
        "met": sum(row.met is True for row in overview.figures),
        "with_target": sum(row.met is not None for row in overview.figures),
        "charts": _charts(overview),
        "pictures": _pictures(request, overview),
        "sections": SECTIONS,
        "formats": FORMATS,
    }


def _charts(overview: ProvinceOverview) -> list[tuple[Chart, Markup]]:
    return [(each, Markup(each.svg)) for each in overview.charts]  # noqa: S704  drawn by Reporting, escaped there


def _pictures(request: Request, overview: ProvinceOverview) -> list[tuple[Chart, str]]:
    """What the table of figures has in words: a picture each, for which the page need not wait."""
    query = changed_query(request, {}).removesuffix("?")
    names = {name: word for word, name in DRAWINGS.items() if name != "map"}
    drawn = [each for each in overview.charts if each.name in names]
    return [(each, f"{request.url.path}/{names[each.name]}.svg{query}") for each in drawn]


def _map_of(overview: ProvinceOverview) -> Chart | None:
    return next((each for each in overview.charts if each.name == "map"), None)


def _maps(request: Request, overview: ProvinceOverview, usual: ProvinceOverview) -> list[Picture]:
    """The map that was asked for, and the one of the period's end; two within a page would be too large for it."""
    day = versions_of(request)["map_day"]
    title = date_text(day) if day else "Công thức hiện nay"
    as_asked = changed_query(request, {})
    as_usual = changed_query(request, {MAP_DAY: "", DEFINITIONS: ""})
    shown = ((title, overview, as_asked, True), (USUAL, usual, as_usual, False))
    return [
        Picture(name, drawing, f"{request.url.path}/ban-do.svg{query}", own)
        for name, of, query, own in shown
        if (drawing := _map_of(of))
    ]


def _place(request: Request) -> dict[str, Any]:
    period = period_in(request.path_params["period"])
    return {
        "province": request.path_params["province"],
        "period": period,
        "periods": offered(day_shown(request), period),
        "regime": query_of(request),
        "keep": [(REGIME, request.query_params.get(REGIME)), (KNOWN_AT, request.query_params.get(KNOWN_AT))],
    }


def _link(request: Request, indicator: str) -> str:
    return figure_link(
        indicator,
        request.path_params["period"],
        province=request.path_params["province"],
        known_at=known_at(request),
        regime=regime_of(request),
        versions=versions_of(request),
    )


async def _asked(request: Request) -> Answered[ProvinceOverview]:
    return await ask(request, _question(request, **versions_of(request)))


def _question(request: Request, **versions: Any) -> ShowProvinceOverview:
    return ShowProvinceOverview(**_fields(request), **versions)


def _fields(request: Request) -> dict[str, Any]:
    return {
        "province": request.path_params["province"],
        "known_at": known_at(request),
        **asked_report(request),
    }


def _lines(periods: Sequence[PeriodFigures]) -> list[Line]:
    """Of the indicators of the last period."""
    rows = [{row.indicator: row for row in each.figures if not row.scope} for each in periods]
    return [_line(row, [of.get(indicator) for of in rows]) for indicator, row in rows[-1].items()] if rows else []


def _line(last: FigureRow, rows: Sequence[FigureRow | None]) -> Line:
    rates = [float(row.rate) if row and row.rate is not None else None for row in rows]
    known = [rate for rate in rates if rate is not None]
    lowest, highest = min(known, default=0.0), max(known, default=0.0)
    step = (WIDTH - 2 * EDGE) / max(len(rates) - 1, 1)
    room, middle = (HEIGHT - 2 * EDGE) / max(highest - lowest, LEAST_SHOWN), (highest + lowest) / 2
    points = [
        (round(EDGE + at * step, 1), round(HEIGHT / 2 - (rate - middle) * room, 1))
        for at, rate in enumerate(rates)
        if rate is not None
    ]
    words = [percent(row.rate) if row and row.rate is not None else "–" for row in rows]
    return Line(last.indicator, last.indicator_name, words, points, "; ".join(words))
