"""The plans of a commune, and one plan with its tasks, targets and versions as known on a day."""

from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.planning.wording import REGIMES, one_line
from shared.clock import day_of
from shared.contracts import Answered
from shared.contracts.planning import PLAN_READERS, PLAN_WRITERS, ListPlans, PlanInForce, ShowPlan
from shared.web.communes import choose_commune
from shared.web.days import known_at, ticks_around
from shared.web.site import ask, render, today
from shared.web.submitting import is_behind
from shared.web.visitor import visitor_of


async def choose(request: Request) -> Response:
    return await choose_commune(request, PLAN_READERS, "Kế hoạch", "/ke-hoach")


async def listed(request: Request) -> Response:
    commune = request.path_params["commune"]
    answered = await ask(request, _all_plans(request))
    plans = answered.answer.plans
    own = sorted((plan for plan in plans if plan.commune), key=lambda plan: (-plan.year, plan.regime))
    return render(
        request,
        "planning/plans.html",
        commune=commune,
        name=next((plan.name for plan in own), ""),
        in_force=[plan for plan in own if plan.closed_on is None],
        closed=[plan for plan in own if plan.closed_on],
        standard=[plan for plan in plans if plan.commune is None],
        may_write=visitor_of(request).has_role(*PLAN_WRITERS),
        regimes=REGIMES,
        behind=is_behind(request, "planning", answered),
    )


async def list_as_json(request: Request) -> Response:
    return JSONResponse((await ask(request, _all_plans(request))).model_dump(mode="json"))


def _all_plans(request: Request) -> ListPlans:
    return ListPlans(commune=request.path_params["commune"], actor=visitor_of(request).account)


async def shown(request: Request) -> Response:
    answered, day = await asked(request), known_at(request)
    file, versions = answered.answer.file, answered.answer.versions
    ever = (await asked(request, ever=True)).answer.versions if day else versions
    return render(
        request,
        "planning/plan.html",
        commune=request.path_params["commune"],
        plan_id=answered.answer.plan_id,
        head=file["plan"],
        tasks=file["tasks"],
        targets=file["indicators"],
        versions=[(version, day_of(version.recorded_at)) for version in versions],
        known_at=day,
        **ticks_around(request, sorted({day_of(each.recorded_at) for each in ever}), date.min, day or today(request)),
        regimes=REGIMES,
        one_line=one_line,
    )


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
