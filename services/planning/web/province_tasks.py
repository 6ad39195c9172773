"""The late tasks of a province's communes, the latest first, on any day: of all, of one commune, or with some words;
and those that the visitor follows, late or not.
"""

import asyncio
from collections.abc import Container, Iterable, Mapping, Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from services.planning.web.acting import FOLLOW, UNFOLLOW
from services.planning.web.bulk import CHOSEN, MOST
from services.planning.web.facets import FOLLOWED, TEXT, Choice, chosen_in
from services.planning.web.paging import ON_A_PAGE, page_in, pages_of
from services.planning.web.province_steps import FORMS, Unfinished, taken
from services.planning.wording import STATES, STEP_TITLES, field_label, place_of
from shared.contracts import Answered
from shared.contracts.planning import CommuneTasks, ListProvinceTasks, ProvinceTasks, TaskRow
from shared.vietnamese import collation_key
from shared.web.communes import province_name
from shared.web.days import as_known, known_at
from shared.web.site import RECORDED, ask, changed_query, render
from shared.web.spreadsheet import spreadsheet
from shared.web.submitting import Refusals, is_behind, new_submission, text_of
from shared.web.visitor import visitor_of

COMMUNE = "don-vi"
COLUMNS = (
    "Đơn vị",
    "STT",
    "Nội dung",
    "Chủ trì",
    "Phối hợp",
    "Thời hạn",
    "Số ngày quá hạn",
    "Tình trạng",
    "Tiến độ (%)",
)


async def shown(request: Request) -> Response:
    return await _page(request)


async def acted(request: Request) -> Response:
    """What the form asks for with the chosen tasks. What is refused comes back with what was chosen and typed."""
    answered = await _asked(request, _question(request))
    form = await request.form(max_fields=2 * MOST)
    try:
        ended = await taken(request, form, answered.answer.tasks)
    except Refusals as refused:
        return await _page(request, refused, form)
    back = changed_query(request, {"chon": ""})
    return RedirectResponse(f"{request.url.path}{back}{'&' if back != '?' else ''}{RECORDED}={ended.position}", 303)


async def _page(request: Request, refused: Refusals | None = None, form: FormData | None = None) -> Response:
    province = request.path_params["province"]
    (answered, page), name = await asyncio.gather(_part(request), province_name(request, province))
    answer, tasks = answered.answer, answered.answer.tasks
    every = request.query_params.get("chon") == "tat-ca"
    again = refused.submission if isinstance(refused, Unfinished) else None
    ticked = _ticked(tasks, refused, form, every=every)
    return render(
        request,
        "planning/province_tasks.html",
        503 if again else 422 if refused else 200,
        province=province,
        province_name=name,
        today=answer.today,
        known_at=known_at(request),
        as_known=as_known(request, shown=answer.today),
        followed=_is_followed(request),
        communes=_communes(answer.communes),
        chosen=request.query_params.get(COMMUNE, ""),
        text=chosen_in(request).get(TEXT, ""),
        tasks=tasks,
        kept=answer.total,
        total=sum(each.tasks for each in answer.communes),
        page=page,
        pages=pages_of(answer.total),
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
    return JSONResponse((await _asked(request, _question(request))).model_dump(mode="json"))


async def as_spreadsheet(request: Request) -> Response:
    answer = (await _asked(request, _kept(request))).answer
    rows = (
        (
            place_of(task), task.code, task.content, "; ".join(task.lead), "; ".join(task.support),
            min(task.deadlines, default=None), task.days_late, STATES[task.state], task.percent,
        )
        for task in answer.tasks
    )  # fmt: skip
    kind = "theo-doi" if _is_followed(request) else "qua-han"
    name = f"nhiem-vu-{kind}-{request.path_params['province']}-{answer.today.isoformat()}"
    return spreadsheet(name, COLUMNS, rows)


def _question(request: Request) -> ListProvinceTasks:
    followed = _is_followed(request)
    return ListProvinceTasks(
        province=request.path_params["province"], late=not followed, followed=followed, known_at=known_at(request),
        actor=visitor_of(request).account,
    )  # fmt: skip


def _kept(request: Request) -> ListProvinceTasks:
    """With the commune and the words of the address."""
    commune, words = request.query_params.get(COMMUNE, "")[:80], chosen_in(request).get(TEXT)
    return _question(request).model_copy(update={"commune": commune or None, "words": words})


async def _part(request: Request) -> tuple[Answered[ProvinceTasks], int]:
    """The tasks of the page, and its number: the last one where the address names a later one."""
    question, page = _kept(request), page_in(request)

    async def part() -> Answered[ProvinceTasks]:
        return await ask(request, question.model_copy(update={"skip": (page - 1) * ON_A_PAGE, "most": ON_A_PAGE}))

    answered = await part()
    if page > (last := pages_of(answered.answer.total)):
        page = last
        answered = await part()
    return answered, page


async def _asked(request: Request, question: ListProvinceTasks) -> Answered[ProvinceTasks]:
    """All of them, in as many questions as it takes."""
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


def _communes(communes: Iterable[CommuneTasks]) -> list[Choice]:
    """Those with late tasks, the one with the most first."""
    choices = (Choice(each.commune, place_of(each), each.tasks) for each in communes)
    return sorted(choices, key=lambda each: (-each.tasks, collation_key(each.title)))
