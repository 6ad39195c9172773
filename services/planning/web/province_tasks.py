"""The late tasks of a province's communes, the latest first, on any day: of all, of one commune, or with some words;
and those that the visitor follows, late or not.
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from services.planning.web.acting import FOLLOW, UNFOLLOW
from services.planning.web.bulk import CHOSEN, MOST
from services.planning.web.facets import FOLLOWED, TEXT, Choice, chosen_in, kept
from services.planning.web.paging import paged
from services.planning.web.province_steps import FORMS, Unfinished, taken
from services.planning.wording import STATES, STEP_TITLES, field_label, place_of
from shared.contracts import Answered
from shared.contracts.planning import ListProvinceTasks, ProvinceTasks, TaskRow
from shared.vietnamese import collation_key
from shared.web.communes import province_name
from shared.web.days import as_known, known_at
from shared.web.site import RECORDED, ask, changed_query, render
from shared.web.spreadsheet import spreadsheet
from shared.web.submitting import Refusals, is_behind, new_submission, text_of
from shared.web.visitor import visitor_of

COMMUNE = "don-vi"
COLUMNS = ("Đơn vị", "STT", "Nội dung", "Chủ trì", "Phối hợp", "Thời hạn", "Số ngày chậm", "Tình trạng", "Tiến độ (%)")


async def shown(request: Request) -> Response:
    return await _page(request, await _asked(request))


async def acted(request: Request) -> Response:
    """What the form asks for with the chosen tasks. What is refused comes back with what was chosen and typed."""
    answered = await _asked(request)
    form = await request.form(max_fields=2 * MOST)
    try:
        ended = await taken(request, form, answered.answer.tasks)
    except Refusals as refused:
        return await _page(request, await _asked(request), refused, form)
    back = changed_query(request, {"chon": ""})
    return RedirectResponse(f"{request.url.path}{back}{'&' if back != '?' else ''}{RECORDED}={ended.position}", 303)


async def _page(
    request: Request,
    answered: Answered[ProvinceTasks],
    refused: Refusals | None = None,
    form: FormData | None = None,
) -> Response:
    answer = answered.answer
    every = request.query_params.get("chon") == "tat-ca"
    found = _found(request, answer)
    tasks, page, pages = paged(request, found)
    again = refused.submission if isinstance(refused, Unfinished) else None
    ticked = _ticked(tasks, refused, form, every=every)
    return render(
        request,
        "planning/province_tasks.html",
        503 if again else 422 if refused else 200,
        province=request.path_params["province"],
        province_name=await province_name(request, request.path_params["province"]),
        today=answer.today,
        known_at=known_at(request),
        as_known=as_known(request, shown=answer.today),
        followed=_is_followed(request),
        communes=_communes(answer.tasks),
        chosen=request.query_params.get(COMMUNE, ""),
        text=chosen_in(request).get(TEXT, ""),
        tasks=tasks,
        kept=len(found),
        total=answer.total,
        page=page,
        pages=pages,
        states=STATES,
        place_of=place_of,
        may_act=visitor_of(request).has_role("provincial-officer") and not known_at(request),
        ticked=ticked,
        first=_first(tasks, ticked),
        typed=text_of(form, "note") if form else "",
        forms=[each for each in FORMS if each != (FOLLOW if _is_followed(request) else UNFOLLOW)],
        step_titles=STEP_TITLES,
        field_label=field_label,
        errors=refused.errors if refused else {},
        behind=is_behind(request, "planning", answered),
        submission=again or new_submission(),
    )


def _ticked(
    tasks: Sequence[TaskRow], refused: Refusals | None, form: FormData | None, *, every: bool
) -> Container[object]:
    """Those that are to be sent again, else those that were chosen, or all."""
    if isinstance(refused, Unfinished):
        return refused.items
    return set(form.getlist(CHOSEN)) if form else {task.task_id for task in tasks if every}


def _first(tasks: Sequence[TaskRow], ticked: Container[object]) -> Mapping[str, str]:
    """The task of each commune to which the summary of the errors leads: its first that is ticked, else its first."""
    in_order = sorted(tasks, key=lambda task: task.task_id not in ticked)
    return {task.commune: task.task_id for task in reversed(in_order)}


async def as_json(request: Request) -> Response:
    return JSONResponse((await _asked(request)).model_dump(mode="json"))


async def as_spreadsheet(request: Request) -> Response:
    answer = (await _asked(request)).answer
    rows = (
        (
            place_of(task), task.code, task.content, "; ".join(task.lead), "; ".join(task.support),
            min(task.deadlines, default=None), task.days_late, STATES[task.state], task.percent,
        )
        for task in _found(request, answer)
    )  # fmt: skip
    kind = "theo-doi" if _is_followed(request) else "qua-han"
    name = f"nhiem-vu-{kind}-{request.path_params['province']}-{answer.today.isoformat()}"
    return spreadsheet(name, COLUMNS, rows)


async def _asked(request: Request) -> Answered[ProvinceTasks]:
    """All of them, in as many questions as it takes."""
    place, actor = request.path_params["province"], visitor_of(request).account
    followed = _is_followed(request)
    question = ListProvinceTasks(
        province=place, late=not followed, followed=followed, known_at=known_at(request), actor=actor
    )
    answered = await ask(request, question)
    tasks, total = [*answered.answer.tasks], answered.answer.total
    while len(tasks) < total:
        more = (await ask(request, question.model_copy(update={"skip": len(tasks)}))).answer.tasks
        if not more:  # some were done meanwhile
            break
        tasks += more
    unique = {task.task_id: task for task in tasks}
    return answered.model_copy(update={"answer": answered.answer.model_copy(update={"tasks": tuple(unique.values())})})


def _is_followed(request: Request) -> bool:
    return chosen_in(request).items() >= FOLLOWED.items()


def _found(request: Request, answer: ProvinceTasks) -> list[TaskRow]:
    commune = request.query_params.get(COMMUNE, "")
    text = {name: value for name, value in chosen_in(request).items() if name == TEXT}
    return [task for task in kept(answer.tasks, text, answer.today) if commune in {"", task.commune}]


def _communes(tasks: Sequence[TaskRow]) -> list[Choice]:
    """Those with late tasks, the one with the most first."""
    names = {task.commune: place_of(task) for task in tasks}
    counted = Counter(task.commune for task in tasks)
    choices = (Choice(commune, name, counted[commune]) for commune, name in names.items())
    return sorted(choices, key=lambda each: (-each.tasks, collation_key(each.title)))
