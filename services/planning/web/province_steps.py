"""A remark on many tasks of a province at once, or following them: those of each commune are one submission."""

from collections.abc import Iterable, Mapping, Sequence

from starlette.datastructures import FormData
from starlette.requests import Request

from services.planning.web.acting import COMMENT, OF_ANYBODY, step_of
from services.planning.web.bulk import chosen_tasks
from services.planning.wording import NOTE_MISSING
from shared.contracts import Submission
from shared.contracts.planning import ReportProgress, TaskRow, TaskStep
from shared.vietnamese import number
from shared.web.submitting import (
    NO_STEP,
    OLD_FORM,
    SUBMISSION,
    SUBMISSION_ID,
    UNCONFIRMED,
    Ended,
    Refusals,
    record_each,
    text_of,
)
from shared.web.visitor import visitor_of

FORMS = OF_ANYBODY


class Unfinished(Refusals):
    """Not all is recorded. `items` are the tasks to be sent again, `submission` the id under which, None for a new one.

    Where no receipt came the same form is sent once more for those communes alone, so that each step counts once.
    """

    def __init__(self, errors: Mapping[str, str], items: Iterable[str], submission: str | None) -> None:
        super().__init__(errors, items)
        self.submission = submission


async def taken(request: Request, form: FormData, tasks: Sequence[TaskRow]) -> Ended:
    """Refusals where nothing is sent, and with a sentence for each commune of which not all is recorded."""
    batch, step = text_of(form, SUBMISSION), text_of(form, "step")
    if not step:
        raise Refusals({"": NO_STEP})
    if not SUBMISSION_ID.fullmatch(batch) or step not in [each.step for each in FORMS]:
        raise Refusals({"": OLD_FORM})
    chosen = chosen_tasks(form, tasks)
    if step == COMMENT.step and not text_of(form, "note"):
        raise Refusals({"note": NOTE_MISSING})
    ended = await record_each(request, batch, _by_commune(request, chosen, step, form))
    if not_recorded := unfinished(ended, chosen, batch):
        raise not_recorded
    return ended


def unfinished(ended: Ended, chosen: Sequence[TaskRow], batch: str) -> Unfinished | None:
    """What is not recorded of the chosen tasks, each commune with its sentence; None where all is."""
    of_commune: dict[str, list[TaskRow]] = {}
    for task in chosen:
        of_commune.setdefault(task.commune, []).append(task)
    errors: dict[str, str] = {}
    refused: set[str] = set()
    for commune, sentence in ended.refused.items():
        tasks = of_commune[commune]
        wrong = ended.items.get(commune) or {task.task_id for task in tasks}
        refused |= wrong
        some = f", {number(len(wrong))} trong {number(len(tasks))} nhiệm vụ" if len(wrong) < len(tasks) else ""
        errors[f"chon-{commune}"] = f"{tasks[0].name}{some}: {sentence}"
    for commune in ended.unconfirmed:
        errors[f"chon-{commune}"] = f"{of_commune[commune][0].name}: {UNCONFIRMED}"
    if not errors:
        return None
    again = {task.task_id for commune in ended.unconfirmed for task in of_commune[commune]}
    return Unfinished(errors, again or refused, batch if again else None)


def _by_commune(request: Request, chosen: Sequence[TaskRow], step: str, form: FormData) -> Mapping[str, Submission]:
    steps: dict[str, list[TaskStep]] = {}
    for task in chosen:
        steps.setdefault(task.commune, []).append(step_of(visitor_of(request), task, step, form))
    return {commune: ReportProgress(steps=tuple(each)) for commune, each in steps.items()}
