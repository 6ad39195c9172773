"""The plans of a commune, and one plan with its tasks, targets and versions as known on a day."""

import asyncio
from collections.abc import Mapping

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.planning.wording import REASON_FOR_END, REGIMES, TOO_LONG, one_line
from shared.clock import day_of
from shared.contracts import Answered
from shared.contracts.indicators import ShowCatalogue
from shared.contracts.planning import PLAN_READERS, PLAN_WRITERS, ClosePlan, ListPlans, PlanInForce, ShowPlan
from shared.messaging.following.grants import PROVINCE
from shared.messaging.questions.question_client import NotAnswered
from shared.web.communes import choose_commune
from shared.web.days import as_known, known_at
from shared.web.site import ask, render
from shared.web.submitting import Refusals, is_behind, new_submission, submit, text_of
from shared.web.visitor import visitor_of

REASON = "ly-do"
PATIENCE = 2.0  # seconds for names of indicators, without which the page has their ids


async def choose(request: Request) -> Response:
    return await choose_commune(request, PLAN_READERS, "Kế hoạch", "/ke-hoach")


async def listed(request: Request) -> Response:
    commune = request.path_params["commune"]
    answered = await ask(request, _all_plans(request))
    plans, day = answered.answer.plans, known_at(request)
    own = sorted((plan for plan in plans if plan.commune), key=lambda plan: (-plan.year, plan.regime))
    return render(
        request,
        "planning/plans.html",
        commune=commune,
        name=next((plan.name for plan in own), ""),
        in_force=[plan for plan in own if plan.closed_on is None],
        closed=[plan for plan in own if plan.closed_on],
        standard=[plan for plan in plans if plan.commune is None],
        may_write=visitor_of(request).has_role(*PLAN_WRITERS) and not day,
        as_known=as_known(request, answered.answer.changed_on),
        regimes=REGIMES,
        behind=is_behind(request, "planning", answered),
    )


async def list_as_json(request: Request) -> Response:
    return JSONResponse((await ask(request, _all_plans(request))).model_dump(mode="json"))


def _all_plans(request: Request) -> ListPlans:
    commune, day = request.path_params["commune"], known_at(request)
    return ListPlans(commune=commune, known_at=day, actor=visitor_of(request).account)


async def shown(request: Request) -> Response:
    return await _page(request, await asked(request))


async def closed(request: Request) -> Response:
    """End the plan, with a reason: of the commune, or the standard one of the province."""
    plan = (await asked(request, ever=True)).answer
    scope = plan.commune or f"{PROVINCE}{plan.province}"
    form = await request.form()
    reason = text_of(form, REASON)
    try:
        if not reason:
            raise Refusals({REASON: REASON_FOR_END})
        command = ClosePlan(plan_id=plan.plan_id, reason=reason)
        return await submit(request, scope, command, form, request.url.path)
    except ValidationError:
        errors = {REASON: TOO_LONG}
    except Refusals as refused:
        errors = dict(refused.errors)
    return await _page(request, await asked(request), errors, reason)


async def _page(
    request: Request, answered: Answered[PlanInForce], errors: Mapping[str, str] | None = None, reason: str = ""
) -> Response:
    plan, day = answered.answer, known_at(request)
    ever = (await asked(request, ever=True)).answer.versions if day else plan.versions
    return render(
        request,
        "planning/plan.html",
        422 if errors else 200,
        commune=request.path_params["commune"],
        plan_id=plan.plan_id,
        head=plan.file["plan"],
        tasks=plan.file["tasks"],
        targets=plan.file["indicators"],
        indicators=await _indicator_names(request),
        versions=[(version, day_of(version.recorded_at)) for version in plan.versions],
        closed_on=plan.closed_on,
        may_close=_may_close(request, plan),
        is_standard=plan.commune is None,
        known_at=day,
        as_known=as_known(request, sorted({day_of(each.recorded_at) for each in ever})),
        regimes=REGIMES,
        one_line=one_line,
        behind=is_behind(request, "planning", answered),
        submission=new_submission(),
        errors=errors or {},
        reason=reason,
    )


async def _indicator_names(request: Request) -> dict[str, str]:
    """By id; none while Indicators does not answer."""
    question = ShowCatalogue(commune=request.path_params["commune"], actor=visitor_of(request).account)
    try:
        async with asyncio.timeout(PATIENCE):
            catalogue = (await ask(request, question)).answer
    except (NotAnswered, TimeoutError):
        return {}
    return {each.indicator: each.name for each in catalogue.indicators}


def _may_close(request: Request, plan: PlanInForce) -> bool:
    """A standard plan is the province's."""
    writers = PLAN_WRITERS if plan.commune else ("provincial-officer",)
    return plan.closed_on is None and not known_at(request) and visitor_of(request).has_role(*writers)


async def as_json(request: Request) -> Response:
    return JSONResponse((await asked(request)).model_dump(mode="json"))


async def asked(request: Request, *, ever: bool = False) -> Answered[PlanInForce]:
    """As known at the day in the address; `ever`: as known now."""
    question = ShowPlan(
        commune=request.path_params["commune"],
        plan_id=request.path_params["plan"],
        known_at=None if ever else known_at(request),
        actor=visitor_of(request).account,
    )
    return await ask(request, question)
