"""The province's review: who has not reported, who is late, who is below target; one or many approved at once."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from services.reporting.web.periods import offered, period_of, query_of, regime_of
from services.reporting.wording import OUTDATED, STATES
from shared.contracts import Answered
from shared.contracts.reporting import ApproveReport, ListedReports, ListProvinceReports, ReportRow
from shared.vietnamese import collation_key
from shared.web.site import ask, changed_query, render, today
from shared.web.submitting import SUBMISSION, SUBMISSION_ID, Refusals, new_submission, recorded, text_of
from shared.web.visitor import visitor_of

FILTERS: Mapping[str, tuple[str, Callable[[ReportRow], bool]]] = {
    "chua-nop": ("chưa nộp", lambda row: row.state in ("due", "drafted", "returned")),
    "muon": ("muộn", lambda row: row.days_late > 0),
    "cho-duyet": ("chờ duyệt", lambda row: row.state == "submitted"),
    "chua-dat": ("chưa đạt chỉ tiêu", lambda row: bool(row.missed)),
    "da-doi": ("đã duyệt, nay đổi", lambda row: row.outdated),
    "da-duyet": ("đã duyệt", lambda row: row.state == "approved" and not row.outdated),
}
MOST_AT_ONCE = 500


async def shown(request: Request) -> Response:
    answered = await _asked(request)
    return _page(request, answered)


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request)).model_dump(mode="json"))


async def approved(request: Request) -> Response:
    """Each chosen report is approved or refused on its own; each commune has ids of its own, so the form's does."""
    form = await request.form(max_fields=MOST_AT_ONCE)
    batch = text_of(form, SUBMISSION)
    period = period_of(request, today(request))
    refused = {}
    chosen = [str(value).partition(" ") for value in form.getlist("bao-cao")]
    if not SUBMISSION_ID.fullmatch(batch) or not chosen:
        return _page(request, await _asked(request), {"": "Hãy chọn báo cáo cần duyệt."})
    for commune, _, number in chosen:
        if not number.isdecimal():
            continue
        approval = ApproveReport(regime=regime_of(request), period=period.name, submission=int(number))
        try:
            await recorded(request, commune, batch, approval)
        except Refusals as not_approved:
            refused[commune] = str(not_approved)
    if refused:
        answered = await _asked(request)
        names = {row.commune: row.name for row in answered.answer.reports}
        return _page(request, answered, {f"chon-{c}": f"{names.get(c, c)}: {text}" for c, text in refused.items()})
    return RedirectResponse(request.url.path + changed_query(request, {"loc": "cho-duyet"}), 303)


async def _asked(request: Request) -> Answered[ListedReports]:
    question = ListProvinceReports(
        province=request.path_params["province"],
        period=period_of(request, today(request)).name,
        regime=regime_of(request),
        actor=visitor_of(request).account,
    )
    return await ask(request, question)


def _page(request: Request, answered: Answered[ListedReports], errors: dict[str, str] | None = None) -> Response:
    rows = sorted(answered.answer.reports, key=lambda row: (-row.days_late, collation_key(row.name)))
    chosen = request.query_params.get("loc", "")
    keeps = FILTERS[chosen][1] if chosen in FILTERS else lambda _: True
    period = period_of(request, today(request))
    return render(
        request,
        "reporting/review.html",
        422 if errors else 200,
        province=request.path_params["province"],
        period=period,
        periods=offered(today(request), period),
        counts=[(key, title, sum(map(holds, rows))) for key, (title, holds) in FILTERS.items()],
        chosen=chosen,
        rows=[row for row in rows if keeps(row)],
        total=len(rows),
        may_review=visitor_of(request).has_role("provincial-officer"),
        states=STATES,
        outdated=OUTDATED,
        regime=query_of(request),
        submission=new_submission(),
        errors=errors or {},
    )
