"""One task: its deadlines and its history, and the steps that the visitor may report or decide now."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.planning.web.tasks import own_body
from services.planning.wording import OBLIGATION_STATES, STATES, act_text
from shared.body_names import same_body
from shared.contracts import Answered
from shared.contracts.planning import ReportProgress, ShowTask, TaskRow, TaskStep, TaskWithHistory
from shared.roles import BODY, CHAIR, ONE_STOP_CENTRE
from shared.web.days import day_in, known_at
from shared.web.site import ask, render
from shared.web.submitting import Refusals, is_behind, new_submission, submit, text_of
from shared.web.visitor import visitor_of


class Form(NamedTuple):
    """A step that may be sent, its button, and the fields that it has; `grave` is not undone by another step."""

    step: str
    title: str
    fields: tuple[str, ...] = ()
    grave: bool = False


ACKNOWLEDGE = Form("acknowledge", "Xác nhận đã nhận việc")
PROGRESS = Form("progress", "Báo cáo tiến độ", ("percent", "note", "evidence"))
COMPLETE = Form("complete", "Báo cáo hoàn thành", ("obligation", "evidence"))
REQUEST_EXTENSION = Form("request-extension", "Xin gia hạn", ("due_on", "note", "obligation"))
RESOLVE = Form("resolve", "Xác định thời hạn", ("due_on", "note", "obligation"))
REOPEN = Form("reopen", "Mở lại nhiệm vụ", ("note",))
ACCEPT = Form("accept", "Chấp nhận kết quả", ("note",))
RETURN = Form("return", "Trả lại để làm tiếp", ("note",))
EXTEND = Form("extend", "Gia hạn", ("due_on", "note", "obligation"))
DECLINE = Form("decline-extension", "Không gia hạn", ("note",))
WITHDRAW = Form("withdraw", "Rút nhiệm vụ khỏi kế hoạch", ("note",), grave=True)


class Acting(NamedTuple):
    """In which role of the task's life a visitor acts, and under which name the step is recorded."""

    role: str
    by: str
    forms: tuple[Form, ...]


async def shown(request: Request) -> Response:
    return await _page(request, await asked(request))


async def as_json(request: Request) -> Response:
    return JSONResponse((await asked(request)).model_dump(mode="json"))


async def asked(request: Request) -> Answered[TaskWithHistory]:
    commune = request.path_params["commune"]
    question = ShowTask(
        commune=commune,
        task_id=request.path_params["task"],
        actor=visitor_of(request).account,
        body=own_body(request, commune),
        known_at=known_at(request),
    )
    return await ask(request, question)


async def taken(request: Request) -> Response:
    """The step of a form. What is refused comes back with its sentence and with what was typed."""
    answered = await asked(request)
    form = await request.form()
    name = text_of(form, "step")
    try:
        step = _step(answered.answer.task, name, form, _acting(request, answered.answer.task))
        commune = request.path_params["commune"]
        return await submit(request, commune, ReportProgress(steps=(step,)), form, request.url.path)
    except Refusals as refused:
        typed = {key: value for key, value in form.items() if isinstance(value, str)}
        errors = {f"{name}-{key}" if key else name: text for key, text in refused.errors.items()}
        return await _page(request, answered, errors, typed, 422)


def _step(task: TaskRow, name: str, form: FormData, acting: list[Acting]) -> TaskStep:
    found = next(((who, each) for who in acting for each in who.forms if each.step == name), None)
    if found is None:
        raise Refusals({"": "Việc này không còn làm được với nhiệm vụ; hãy xem tình trạng mới nhất bên dưới."})
    who, shape = found
    fields: dict[str, Any] = {field: text_of(form, field) or None for field in shape.fields}
    if fields.get("due_on"):
        fields["due_on"] = day_in(fields["due_on"])
        if fields["due_on"] is None:
            raise Refusals({"due_on": "Ngày không đọc được; hãy ghi như 15/10/2025."})
    if fields.get("percent") is not None and not fields["percent"].isdecimal():
        raise Refusals({"percent": "Tỷ lệ là một số từ 0 đến 100."})
    try:
        return TaskStep.model_validate(
            {"task_id": task.task_id, "step": name, "role": who.role, "by": who.by} | fields, strict=False
        )
    except ValidationError as invalid:
        raise Refusals(
            {str(each["loc"][0]): INVALID.get(str(each["loc"][0]), TOO_LONG) for each in invalid.errors()}
        ) from None


INVALID = {"percent": "Tỷ lệ là một số từ 0 đến 100.", "due_on": "Ngày không hợp lệ."}
TOO_LONG = "Nội dung dài quá 2.000 ký tự hoặc có ký tự điều khiển."


def _acting(request: Request, task: TaskRow) -> list[Acting]:
    """What the visitor's grants in the commune allow in the state that the task is in; nothing about the past."""
    if known_at(request) or task.closed or task.state == "withdrawn":
        return []
    visitor = visitor_of(request)
    found = []
    for grant in visitor.grants:
        if grant.role == "office" and grant.scope.body and _works_on(grant.scope.body, task):
            found.append(Acting(BODY, grant.scope.body, tuple(_of_body(task))))
        elif grant.role == "clerk":
            found.append(Acting(ONE_STOP_CENTRE, visitor.name, tuple(_of_judge(task))))
        elif grant.role == "chair":
            found.append(Acting(CHAIR, visitor.name, (*_of_judge(task), *_of_chair(task))))
    return found


def _works_on(body: str, task: TaskRow) -> bool:
    return any(same_body(body, named) for named in (*task.lead, *task.support))


def _of_body(task: TaskRow) -> Iterator[Form]:
    if not task.is_open:
        yield REOPEN
        return
    if task.state == "assigned":
        yield ACKNOWLEDGE
    yield PROGRESS
    yield COMPLETE
    if task.deadlines:
        yield REQUEST_EXTENSION
    if task.unresolved:
        yield RESOLVE


def _of_judge(task: TaskRow) -> Iterator[Form]:
    if task.state == "done":
        yield ACCEPT
        yield RETURN


def _of_chair(task: TaskRow) -> Iterator[Form]:
    if task.extension_request:
        yield EXTEND._replace(title="Đồng ý gia hạn")
        yield DECLINE
    elif task.is_open and task.deadlines:
        yield EXTEND
    if task.is_open and task.unresolved:
        yield RESOLVE
    if task.is_open:
        yield WITHDRAW


async def _page(
    request: Request,
    answered: Answered[TaskWithHistory],
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    task = answered.answer.task
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
        behind=is_behind(request, "planning", answered),
        acting=_acting(request, task),
        submission=new_submission(),  # also after a refusal, which the id before stands for
        errors=errors or {},
        typed=typed or {},
        states=STATES,
        obligation_states=OBLIGATION_STATES,
        is_past=lambda day: day < answered.answer.today,
    )
