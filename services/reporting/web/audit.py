"""The auditor's pages: an edition examined with its seals and its proof, and what happened to a report, in order."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from services.reporting.web.periods import asked_report, offered, period_in, period_of, query_of
from shared.contracts import Answered
from shared.contracts.reporting import (
    PROVINCE_READERS,
    AuditedEdition,
    AuditEdition,
    ListedEditions,
    ListEditions,
    ShowProvinceReportTimeline,
    ShowReportTimeline,
    Timeline,
)
from shared.regimes import DEFAULT_REGIME
from shared.vietnamese import date_text
from shared.web.communes import choose_province, communes_of, province_name
from shared.web.days import as_known, day_shown, known_at
from shared.web.site import ask, render
from shared.web.visitor import visitor_of


async def choose(request: Request) -> Response:
    """The province of an officer or an auditor; who has more than one chooses."""
    found = visitor_of(request).grants_of(*PROVINCE_READERS)
    provinces = (grant.scope.province for grant in found if grant.scope.province)
    return choose_province(request, provinces, "Kiểm toán", "/kiem-toan")


async def opened(request: Request) -> Response:
    """Where an auditor begins: the editions, two states to compare, a figure, a report's history."""
    province = request.path_params["province"]
    found = (await _editions(request)).answer
    period = period_of(request, day_shown(request))
    return render(
        request,
        "reporting/audit.html",
        province=province,
        province_name=await province_name(request, province),
        editions=found.editions,
        as_known=as_known(request, found.changed_on),
        communes=await communes_of(request, province, known_at(request)),
        period=period,
        periods=offered(day_shown(request), period),
        period_in=period_in,
        default=DEFAULT_REGIME,
    )


async def opened_as_json(request: Request) -> Response:
    return JSONResponse((await _editions(request)).model_dump(mode="json"))


async def led(request: Request) -> Response:
    """To the page that a form of the page before names: the history of a report."""
    commune, period = request.query_params.get("don-vi", ""), period_of(request, day_shown(request))
    place = quote(commune, safe="") if commune else f"tinh/{request.path_params['province']}"
    return RedirectResponse(f"/kiem-toan/bao-cao/{place}/{period.name}{query_of(request)}", 303)


async def edition(request: Request) -> Response:
    answered = await _examined(request)
    found = answered.answer
    return render(
        request,
        "reporting/audited_edition.html",
        province=request.path_params["province"],
        province_name=await province_name(request, request.path_params["province"]),
        found=found,
        period=period_in(found.period),
        regime=query_of(request),
        only_now=f"Một lần công bố không đổi: số liệu biết đến hết ngày {date_text(found.known_at)}.",
        names={"planning": "kế hoạch", "indicators": "chỉ tiêu", "reporting": "báo cáo", "notifications": "thông báo"},
    )


async def edition_as_json(request: Request) -> Response:
    return JSONResponse((await _examined(request)).model_dump(mode="json"))


async def timeline(request: Request) -> Response:
    found = (await _timeline(request)).answer
    return render(
        request,
        "reporting/report_timeline.html",
        found=found,
        province=request.path_params.get("province"),
        province_name=await province_name(request, of) if (of := request.path_params.get("province")) else "",
        commune=request.path_params.get("commune"),
        period=period_in(request.path_params["period"]),
        regime=query_of(request),
        only_now="Trang này có cả quá trình, mỗi việc với ngày ghi của nó.",
    )


async def timeline_as_json(request: Request) -> Response:
    return JSONResponse((await _timeline(request)).model_dump(mode="json"))


async def _editions(request: Request) -> Answered[ListedEditions]:
    of = request.path_params["province"], visitor_of(request).account
    return await ask(request, ListEditions(province=of[0], actor=of[1], known_at=known_at(request)))


async def _examined(request: Request) -> Answered[AuditedEdition]:
    province, edition = request.path_params["province"], request.path_params["edition"]
    question = AuditEdition(province=province, edition=edition, **asked_report(request))
    return await ask(request, question)


async def _timeline(request: Request) -> Answered[Timeline]:
    of = asked_report(request)
    if province := request.path_params.get("province"):
        return await ask(request, ShowProvinceReportTimeline(province=province, **of))
    return await ask(request, ShowReportTimeline(commune=request.path_params["commune"], **of))
