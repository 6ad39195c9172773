"""Two states of a report side by side, days or editions: what moved, by commune and by cause, with the events."""

from collections.abc import Iterable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.reporting.web.addresses import number_named
from services.reporting.web.periods import REGIME, offered, period_of, regime_of
from shared.contracts import Answered
from shared.contracts.reporting import (
    ComparedFigure,
    ComparedReports,
    CompareProvinceReports,
    CompareReport,
    EditionRow,
    ListEditions,
)
from shared.messaging.questions.question_client import NotAnswered
from shared.web.days import day_named
from shared.web.site import ask, render, require, today
from shared.web.visitor import visitor_of

SINCE, SINCE_EDITION, UNTIL, UNTIL_EDITION, FORMS, KIND = "tu", "tu-an-ban", "den", "den-an-ban", "bieu", "nguyen-nhan"
PAGE, FIGURES_AT_ONCE = "trang", 50
PROVINCE = ""  # the commune of the province's own figures


async def shown(request: Request) -> Response:
    """The form alone until both states are chosen; a comparison that cannot be made is a sentence at the form."""
    period = period_of(request, today(request))
    fields = _fields(request)
    found, errors = None, {}
    if fields["since"] or fields["since_edition"]:
        try:
            found = (await _asked(request, fields)).answer
        except NotAnswered as unanswered:
            if unanswered.problem not in ("not-found", "refused", "silent"):
                raise
            errors = {SINCE: str(unanswered)}
    else:
        await require(request, _question(request, fields))
    kind = request.query_params.get(KIND, "")
    moved = _moved(found, kind) if found else []
    pages = max(-(-len(moved) // FIGURES_AT_ONCE), 1)
    page = min(number_named(request, PAGE) or 1, pages)
    place = _place(request)
    return render(
        request,
        "reporting/compare.html",
        422 if errors else 200,
        province=request.path_params.get("province"),
        commune=request.path_params.get("commune"),
        place=place,
        period=period,
        periods=offered(today(request), period),
        editions=await _editions(request),
        typed=dict(request.query_params),
        found=found,
        kind=kind,
        units=_by_unit(moved[(page - 1) * FIGURES_AT_ONCE : page * FIGURES_AT_ONCE]),
        page=page,
        pages=pages,
        causes={cause.place: cause for cause in found.causes} if found else {},
        regime=request.query_params.get(REGIME, ""),
        errors=errors,
        only_now="Trang này so sánh hai ngày hoặc hai lần công bố, chọn ở dưới.",
    )


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request, _fields(request))).model_dump(mode="json"))


def _fields(request: Request) -> dict[str, Any]:
    edition, other = number_named(request, SINCE_EDITION), number_named(request, UNTIL_EDITION)
    since, until = day_named(request, SINCE), day_named(request, UNTIL)
    if (since and edition) or (until and other):
        raise HTTPException(400, "Mỗi bên chọn một ngày hoặc một lần công bố, không chọn cả hai.")
    return {
        "regime": regime_of(request),
        "period": period_of(request, today(request)).name,
        "since": since,
        "since_edition": edition,
        "until": until,
        "until_edition": other,
        "forms": bool(request.query_params.get(FORMS)),
        "actor": visitor_of(request).account,
    }


async def _asked(request: Request, fields: dict[str, Any]) -> Answered[ComparedReports]:
    return await ask(request, _question(request, fields))


def _question(request: Request, fields: dict[str, Any]) -> CompareReport | CompareProvinceReports:
    if province := request.path_params.get("province"):
        return CompareProvinceReports(province=province, **fields)
    return CompareReport(commune=request.path_params["commune"], **fields)


def _place(request: Request) -> str:
    province = request.path_params.get("province")
    return f"tinh/{province}" if province else request.path_params["commune"]


async def _editions(request: Request) -> list[EditionRow]:
    """Of the period, to choose from; those of a commune's province are chosen by their number."""
    if not (province := request.path_params.get("province")):
        return []
    of: Any = {"regime": regime_of(request), "period": period_of(request, today(request)).name}
    question = ListEditions(province=province, actor=visitor_of(request).account, **of)
    return sorted((await ask(request, question)).answer.editions, key=lambda each: each.edition)


def _moved(found: ComparedReports, kind: str) -> list[ComparedFigure]:
    """Those that a kind of cause moved, where one is chosen."""
    kinds = {cause.place: cause.kind for cause in found.causes}
    return [each for each in found.figures if not kind or kind in {kinds.get(place) for place in each.causes}]


def _by_unit(figures: Iterable[ComparedFigure]) -> list[tuple[str, str, list[ComparedFigure]]]:
    """Commune, name and figures; the province first."""
    units: dict[str, tuple[str, str, list[ComparedFigure]]] = {}
    for figure in figures:
        units.setdefault(figure.commune, (figure.commune, figure.unit, []))[2].append(figure)
    return list(units.values())
