"""One task: its deadlines and its history, and the steps that the visitor may report or decide now."""

from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.planning.web.acting import COMMENT, FOLLOW, UNFOLLOW, acting, may_attach, may_comment, step_of
from services.planning.web.tasks import own_body
from services.planning.wording import (
    OBLIGATION_STATES,
    STATES,
    act_text,
    field_label,
    milestone_text,
    place_of,
    step_title,
)
from shared.clock import day_of
from shared.contracts import Answered
from shared.contracts.planning import ReportProgress, ShowTask, TaskWithHistory
from shared.web.days import as_known, known_at
from shared.web.site import ask, render
from shared.web.submitting import Refusals, is_behind, new_submission, submit, text_of
from shared.web.visitor import visitor_of


async def shown(request: Request) -> Response:
    return await page(request, await asked(request))


async def as_json(request: Request) -> Response:
    return JSONResponse((await asked(request)).model_dump(mode="json"))


async def asked(request: Request, *, ever: bool = False) -> Answered[TaskWithHistory]:
    """As known at the day in the address; `ever`: as known now."""
    commune = request.path_params["commune"]
    question = ShowTask(
        commune=commune,
        task_id=request.path_params["task"],
        actor=visitor_of(request).account,
        body=own_body(request, commune),
        known_at=None if ever else known_at(request),
    )
    return await ask(request, question)


async def _changed_on(request: Request, answered: Answered[TaskWithHistory]) -> list[date]:
    """The days on which something of the task was recorded, whatever the day of knowledge."""
    ever = await asked(request, ever=True) if known_at(request) else answered
    return sorted({day_of(entry.at) for entry in ever.answer.history})


async def taken(request: Request) -> Response:
    """The step of a form. What is refused comes back with its sentence and with what was typed."""
    answered = await asked(request)
    form = await request.form()
    name = text_of(form, "step")
    try:
        step = step_of(visitor_of(request), answered.answer.task, name, form)
        commune = request.path_params["commune"]
        return await submit(request, commune, ReportProgress(steps=(step,)), form, request.url.path)
    except Refusals as refused:
        typed = {key: value for key, value in form.items() if isinstance(value, str)}
        errors = {f"{name}-{key}" if key else name: text for key, text in refused.errors.items()}
        return await page(request, await asked(request), errors, typed, 422)


async def page(
    request: Request,
    answered: Answered[TaskWithHistory],
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    task = answered.answer.task
    past = known_at(request) is not None
    forms = [(who, [] if past else who.forms(task)) for who in acting(visitor_of(request), task)]
    return render(
        request,
        "planning/task.html",
        status,
        task=task,
        today=answered.answer.today,
        history=[
            (entry, act_text(entry.act, entry.percent, entry.obligation, entry.due_on))
            for entry in reversed(answered.answer.history)
        ],
        known_at=known_at(request),
        as_known=as_known(request, await _changed_on(request, answered)),
        behind=is_behind(request, "planning", answered),
        acting=[(who, shapes) for who, shapes in forms if shapes],
        may_comment=not past and may_comment(visitor_of(request), task),
        comment=COMMENT,
        following=UNFOLLOW if task.followed else FOLLOW,
        submission=new_submission(),  # also after a refusal, which the id before stands for
        errors=errors or {},
        typed=typed or {},
        files=[(entry, entry.file) for entry in answered.answer.history if entry.file],
        files_scanned=answered.answer.files_scanned,
        may_attach=not past and may_attach(visitor_of(request), task),
        states=STATES,
        obligation_states=OBLIGATION_STATES,
        milestone=milestone_text,
        step_title=lambda step: step_title(step, requested=task.extension_request is not None),
        field_label=field_label,
        place_of=place_of,
        is_past=lambda day: day < answered.answer.today,
    )
