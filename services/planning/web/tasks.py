"""The tasks of a commune: what is late first, facets with counts, and a step for many at once; on any day."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.planning.web.acting import grants_there
from services.planning.web.bulk import BULK, FIELDS, MOST, Result, bulk_forms, chosen_tasks, taken
from services.planning.web.facets import BODY, NEEDS, STATE, TEXT, WITHIN, chosen_in, facets, kept, views
from services.planning.web.paging import PAGE, page_in, paged
from services.planning.wording import FACETS, STATES, STEP_TITLES, field_label, place_of
from shared.contracts import Answered
from shared.contracts.planning import TASK_READERS, ListedTasks, ListTasks, TaskRow
from shared.web.communes import choose_commune
from shared.web.days import as_known, known_at
from shared.web.site import ask, changed_query, render
from shared.web.spreadsheet import spreadsheet
from shared.web.submitting import Refusals, is_behind, new_submission, text_of, to
from shared.web.visitor import visitor_of

COLUMNS = (
    "STT", "Nội dung", "Chủ trì", "Phối hợp", "Thời gian theo kế hoạch", "Thời hạn", "Số ngày quá hạn", "Tình trạng",
    "Tiến độ (%)", "Hoàn thành",
)  # fmt: skip
ALL = "chon"
NO_FILTER = dict.fromkeys((BODY, STATE, WITHIN, NEEDS, TEXT, PAGE, ALL), "")


class Sent(NamedTuple):
    """A form that comes back: its errors, what was typed, the ids of the tasks that were chosen, and their results."""

    errors: Mapping[str, str]
    typed: Mapping[str, str]
    ticked: Container[str]
    results: Sequence[Result] = ()


NOTHING_SENT = Sent({}, {}, ())


async def choose(request: Request) -> Response:
    return await choose_commune(request, TASK_READERS, "Nhiệm vụ", "/nhiem-vu", "Nhiệm vụ quá hạn của cả tỉnh")


async def listed(request: Request) -> Response:
    return _page(request, await asked(request))


async def as_json(request: Request) -> Response:
    return JSONResponse((await asked(request)).model_dump(mode="json"))


async def as_spreadsheet(request: Request) -> Response:
    """All tasks that the filter of the address keeps, in the order of the page."""
    answer = (await asked(request)).answer
    rows = (
        (
            task.code, task.content, "; ".join(task.lead), "; ".join(task.support), task.schedule_text,
            min(task.deadlines, default=None), task.days_late, STATES[task.state], task.percent, task.completed_on,
        )
        for task in _found(request, answer)
    )  # fmt: skip
    return spreadsheet(f"nhiem-vu-{request.path_params['commune']}-{answer.today.isoformat()}", COLUMNS, rows)


async def asked(request: Request) -> Answered[ListedTasks]:
    commune = request.path_params["commune"]
    question = ListTasks(
        commune=commune, actor=visitor_of(request).account, body=own_body(request, commune), known_at=known_at(request)
    )
    return await ask(request, question)


async def step_taken(request: Request) -> Response:
    """A step for the chosen tasks. Back to the list where all is recorded, else each task with what became of it."""
    answered = await asked(request)
    form = await request.form()
    try:
        receipt, results = await taken(request, form, chosen_tasks(form, answered.answer.tasks))
    except Refusals as refused:
        typed = {name: text_of(form, name) for name in FIELDS}
        chosen = {value for value in form.getlist("nhiem-vu") if isinstance(value, str)}
        return _page(request, answered, Sent(refused.errors, typed, chosen), 422)
    if receipt and all(result.recorded for result in results):
        page = {PAGE: str(page_in(request))} if page_in(request) > 1 else {}
        return to(f"{request.url.path}?{urlencode({**chosen_in(request), **page})}", receipt)
    left = {result.task.task_id for result in results if not result.recorded}
    return _page(request, await asked(request), Sent({}, {}, left, results), 422)


def own_body(request: Request, commune: str) -> str | None:
    """The body that a visitor speaks for who has no role but that of an office there; None for all others."""
    visitor = visitor_of(request)
    if visitor.has_role("provincial-officer", "auditor"):
        return None
    there = grants_there(visitor, commune)
    if any(grant.role != "office" for grant in there):
        return None
    return next((grant.scope.body for grant in there), None)


def _found(request: Request, answer: ListedTasks) -> list[TaskRow]:
    """What the address keeps, the most urgent first; withdrawn tasks only where it names their state."""
    chosen = chosen_in(request)
    tasks = [task for task in answer.tasks if STATE in chosen or task.state != "withdrawn"]
    return sorted(kept(tasks, chosen, answer.today), key=_urgency)


def _page(request: Request, answered: Answered[ListedTasks], sent: Sent = NOTHING_SENT, status: int = 200) -> Response:
    today, tasks = answered.answer.today, answered.answer.tasks
    current = [task for task in tasks if task.state != "withdrawn"]
    visitor, chosen = visitor_of(request), chosen_in(request)
    found = _found(request, answered.answer)
    shown, page, pages = paged(request, found)
    steps = {task.task_id: [] if known_at(request) else bulk_forms(visitor, task) for task in shown}
    possible = {form for forms in steps.values() for form in forms}
    every = request.query_params.get(ALL) == "tat-ca"
    return render(
        request,
        "planning/tasks.html",
        status,
        commune=request.path_params["commune"],
        name=next(map(place_of, tasks), ""),
        former=answered.answer.former,
        today=today,
        known_at=known_at(request),
        as_known=as_known(request, answered.answer.changed_on, shown=today),
        chosen=chosen,
        shown_with=lambda changes: changed_query(request, {**NO_FILTER, **changes}),
        views=views(current, (grant.role for grant in visitor.grants), today),
        facets=[(name, FACETS[name], choices) for name, choices in facets(tasks, chosen, today).items()],
        tasks=shown,
        kept=len(found),
        late=sum(task.days_late > 0 for task in found),
        total=len(current),
        page=page,
        pages=pages,
        steps=steps,
        forms=[form for form in BULK if form in possible],
        fields_of_forms={name for form in BULK if form in possible for name in form.fields},
        ticked={task.task_id for task in shown} if every else sent.ticked,
        most=MOST,
        results=sent.results,
        behind=is_behind(request, "planning", answered),
        submission=new_submission(),
        errors=sent.errors,
        typed=sent.typed,
        states=STATES,
        step_titles=STEP_TITLES,
        field_label=field_label,
    )


def _urgency(task: TaskRow) -> tuple[int, date, int]:
    """The latest first, then what is due next, then what owes nothing, in the order of the plan."""
    return -task.days_late, min(task.deadlines, default=date.max), task.place
