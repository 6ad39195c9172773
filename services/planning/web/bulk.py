"""One step for many tasks at once: one submission, and what became of each task."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request

from services.planning.web.acting import (
    ACCEPT,
    ACKNOWLEDGE,
    COMPLETE,
    DECLINE,
    EXTEND,
    PROGRESS,
    RETURN,
    Form,
    acting,
    step_of,
)
from services.planning.wording import INVALID_FIELDS, NOTHING_CHOSEN, REASON_MISSING, RECORDED, STEP_TITLES
from shared.contracts import Receipt
from shared.contracts.planning import ReportProgress, TaskRow, TaskStep
from shared.web.submitting import Refusals, sent_once, text_of
from shared.web.visitor import Visitor, visitor_of

BULK = (ACKNOWLEDGE, PROGRESS, COMPLETE, ACCEPT, RETURN, EXTEND, DECLINE)
NEED_A_REASON = (RETURN.step, DECLINE.step)
FIELDS = ("percent", "evidence", "due_on", "note")
CHOSEN = "nhiem-vu"
MOST = 200


class Result(NamedTuple):
    task: TaskRow
    recorded: bool
    sentence: str


def bulk_forms(visitor: Visitor, task: TaskRow) -> list[Form]:
    """The steps that the visitor may take with this task now, among those that go for many at once."""
    found = [form for who in acting(visitor, task) for form in who.forms(task)]
    return [form for form in BULK if form in found]


def chosen_tasks(form: FormData, tasks: Iterable[TaskRow]) -> list[TaskRow]:
    """In the order of the list; a task that is gone is left out. Refusals without any."""
    ids = {value for value in form.getlist(CHOSEN) if isinstance(value, str)}
    found = [task for task in tasks if task.task_id in ids]
    if not found:
        raise Refusals({"": NOTHING_CHOSEN})
    if len(found) > MOST:
        raise Refusals({"": f"Mỗi lần chọn nhiều nhất {MOST} nhiệm vụ."})
    return found


async def taken(request: Request, form: FormData, chosen: Sequence[TaskRow]) -> tuple[Receipt | None, list[Result]]:
    """One submission for all that the visitor may do; the receipt, None where there was nothing to send."""
    name = text_of(form, "step")
    if name not in [each.step for each in BULK]:
        raise Refusals({"": "Hãy chọn một việc để làm với các nhiệm vụ đã chọn."})
    if name in NEED_A_REASON and not text_of(form, "note"):
        raise Refusals({"note": REASON_MISSING})
    if name == PROGRESS.step and not text_of(form, "percent"):
        raise Refusals({"percent": INVALID_FIELDS["percent"]})
    steps, refused = _steps(visitor_of(request), chosen, name, form)
    receipt = None
    if steps:
        commune = request.path_params["commune"]
        receipt = await sent_once(request, commune, ReportProgress(steps=tuple(steps)), form)
        refused |= {each.item: each.sentence for each in receipt.refused}
    done = RECORDED.format(STEP_TITLES[name].lower())
    return receipt, [Result(task, task.task_id not in refused, refused.get(task.task_id, done)) for task in chosen]


def _steps(
    visitor: Visitor, chosen: Iterable[TaskRow], name: str, form: FormData
) -> tuple[list[TaskStep], dict[str, str]]:
    """The steps, and why a task has none. Refusals for a field that no task could take."""
    steps, refused = [], {}
    for task in chosen:
        try:
            steps.append(step_of(visitor, task, name, form))
        except Refusals as wrong:
            if "" not in wrong.errors:
                raise
            refused[task.task_id] = wrong.errors[""]
    return steps, refused
