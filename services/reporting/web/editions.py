"""The editions that a province published, and publishing another one."""

from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.reporting.web.periods import offered, period_in, period_of, query_of, regime_of
from shared.contracts import Submission
from shared.contracts.reporting import (
    ListEditions,
    PublishReport,
    RestateReport,
    ShowEdition,
)
from shared.regimes import DEFAULT_REGIME
from shared.web.site import ask, render, today
from shared.web.submitting import Refusals, is_behind, new_submission, submit, text_of
from shared.web.visitor import visitor_of


async def choose(request: Request) -> Response:
    """The provinces whose editions the visitor may read."""
    provinces = sorted({grant.scope.province for grant in visitor_of(request).grants if grant.scope.province})
    return render(
        request, "reporting/provinces.html", provinces=provinces, base="/an-ban", heading="Báo cáo đã công bố"
    )


async def listed(request: Request) -> Response:
    return await _page(request)


async def published(request: Request) -> Response:
    """The first edition of a period, or another one with its reason."""
    form = await request.form()
    province = request.path_params["province"]
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        submission = _submission(typed | {"reason": text_of(form, "reason")})
        return await submit(request, f"province-{province}", submission, form, request.url.path)
    except Refusals as refused:
        return await _page(request, dict(refused.errors), typed)


def _submission(typed: dict[str, str]) -> Submission:
    fields: Any = {"period": period_in(typed.get("period", "")).name}
    try:
        if typed.get("step") == "restate":
            if not typed["reason"]:
                raise Refusals({"reason": "Hãy ghi lý do công bố lại."})
            return RestateReport(**fields, reason=typed["reason"])
        return PublishReport(**fields, incomplete="incomplete" in typed)
    except ValidationError:
        raise Refusals({"": "Nội dung quá dài hoặc có ký tự điều khiển."}) from None


async def shown(request: Request) -> Response:
    """One edition: who published it and why, its hash, and where its bytes are."""
    found = (await ask(request, _question(request))).answer
    return render(
        request, "reporting/edition.html", edition=found.edition, last=found.last, regime=query_of(request),
        province=request.path_params["province"], period=period_in(found.edition.period),
    )  # fmt: skip


async def as_json(request: Request) -> Response:
    """The canonical bytes, whose SHA-256 is the edition's hash."""
    found = (await ask(request, _question(request))).answer
    return Response(found.content.encode(), media_type="application/json")


def _question(request: Request) -> ShowEdition:
    return ShowEdition(
        province=request.path_params["province"],
        period=period_in(request.path_params["period"]).name,
        edition=request.path_params["edition"],
        regime=regime_of(request),
        actor=visitor_of(request).account,
    )


async def _page(
    request: Request, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> Response:
    question = ListEditions(province=request.path_params["province"], actor=visitor_of(request).account)
    answered = await ask(request, question)
    period = period_of(request, today(request))
    return render(
        request,
        "reporting/editions.html",
        422 if errors else 200,
        province=question.province,
        editions=answered.answer.editions,
        periods=offered(today(request), period),
        period=period,
        period_in=period_in,
        default=DEFAULT_REGIME,
        may_publish=visitor_of(request).has_role("provincial-officer"),
        behind=is_behind(request, "reporting", answered),
        submission=new_submission(),
        errors=errors or {},
        typed=typed or {},
    )
