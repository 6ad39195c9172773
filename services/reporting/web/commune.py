"""A commune's report of a period: its figures against the targets, how it stands, and what may be done with it."""

from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from services.reporting.web.periods import offered, period_in, period_of, query_of, regime_of
from services.reporting.wording import OUTDATED, STATES
from shared.contracts import Answered, Submission
from shared.contracts.reporting import (
    COMMUNE_READERS,
    ApproveReport,
    Figures,
    ListedReports,
    ListFigures,
    ListReports,
    ReturnReport,
    SubmitReport,
)
from shared.regimes import DEFAULT_REGIME
from shared.web.communes import choose_commune
from shared.web.days import known_at
from shared.web.site import ask, render, today
from shared.web.submitting import Refusals, is_behind, new_submission, submit, text_of
from shared.web.visitor import visitor_of

SECTIONS = {
    "assessment": "Đánh giá chung",
    "next-period": "Phương hướng, nhiệm vụ kỳ tới",
    "proposals": "Kiến nghị, đề xuất",
}
REASON_MISSING = "Hãy ghi lý do trả lại."
TOO_LONG = "Nội dung quá dài hoặc có ký tự điều khiển."


async def choose(request: Request) -> Response:
    """An officer of a province to the review of all communes, everybody else to a commune."""
    for grant in visitor_of(request).grants_of("provincial-officer", "auditor"):
        return RedirectResponse(f"/bao-cao/tinh/{grant.scope.province}", 303)
    return await choose_commune(request, COMMUNE_READERS, "Báo cáo", "/bao-cao")


async def listed(request: Request) -> Response:
    """The reports of a commune, and the periods that may be opened."""
    question = ListReports(commune=request.path_params["commune"], actor=visitor_of(request).account)
    answered = await ask(request, question)
    return render(
        request,
        "reporting/commune_reports.html",
        commune=question.commune,
        reports=answered.answer.reports,
        periods=offered(today(request), period_of(request, today(request))),
        period_in=period_in,
        states=STATES,
        outdated=OUTDATED,
        default=DEFAULT_REGIME,
    )


async def shown(request: Request) -> Response:
    return await _page(request, *await _asked(request))


async def as_json(request: Request) -> Response:
    figures, _ = await _asked(request)
    return JSONResponse(figures.model_dump(mode="json"))


async def acted(request: Request) -> Response:
    """Submitted by the commune, approved or returned by the province."""
    figures, reports = await _asked(request)
    form = await request.form()
    try:
        submission = _submission(request, form)
        return await submit(
            request, request.path_params["commune"], submission, form, request.url.path + query_of(request)
        )
    except Refusals as refused:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        return await _page(request, figures, reports, dict(refused.errors), typed)


def _submission(request: Request, form: FormData) -> Submission:
    step = text_of(form, "step")
    period: Any = {"period": request.path_params["period"], "regime": regime_of(request)}
    try:
        if step == "approve":
            return ApproveReport(**period, submission=int(text_of(form, "submission") or 0))
        if step == "return":
            if not (reason := text_of(form, "reason")):
                raise Refusals({"reason": REASON_MISSING})
            return ReturnReport(**period, reason=reason)
        if step != "submit":
            raise Refusals({"": "Việc này không làm được ở đây; hãy tải lại trang."})
        narrative: Any = {section: text for section in SECTIONS if (text := text_of(form, section))}
        return SubmitReport(**period, by=visitor_of(request).name, explanations={}, stated={}, narrative=narrative)
    except (ValidationError, ValueError):
        raise Refusals({"": TOO_LONG}) from None


async def _asked(request: Request) -> tuple[Answered[Figures], Answered[ListedReports]]:
    fields: Any = {
        "commune": request.path_params["commune"],
        "period": period_in(request.path_params["period"]).name,
        "regime": regime_of(request),
        "actor": visitor_of(request).account,
    }
    figures = await ask(request, ListFigures(**fields, known_at=known_at(request)))
    return figures, await ask(request, ListReports(**fields))


async def _page(
    request: Request,
    figures: Answered[Figures],
    reports: Answered[ListedReports],
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    visitor, report = visitor_of(request), next(iter(reports.answer.reports), None)
    state = report.state if report else "due"
    now = not known_at(request)
    return render(
        request,
        "reporting/commune_report.html",
        422 if errors else 200,
        commune=request.path_params["commune"],
        period=period_in(request.path_params["period"]),
        figures=figures.answer,
        report=report,
        states=STATES,
        outdated=OUTDATED,
        sections=SECTIONS,
        known_at=known_at(request),
        behind=is_behind(request, "reporting", reports),
        may_submit=now and visitor.has_role("clerk", "chair") and state in ("due", "drafted", "submitted", "returned"),
        may_review=now and visitor.has_role("provincial-officer") and state == "submitted",
        submission=new_submission(),
        errors=errors or {},
        typed=typed or {},
    )
