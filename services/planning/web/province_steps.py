"""A remark on many tasks of a province at once, or following them: those of each commune are one submission."""

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData
from starlette.requests import Request

from services.planning.web.acting import COMMENT, FOLLOW, UNFOLLOW, step_of
from services.planning.web.bulk import chosen_tasks
from services.planning.wording import NOTE_MISSING
from shared.contracts import Submission
from shared.contracts.planning import ReportProgress, TaskRow, TaskStep
from shared.web.submitting import SUBMISSION, SUBMISSION_ID, UNCONFIRMED, Ended, Refusals, record_each, text_of
from shared.web.visitor import visitor_of

FORMS = (COMMENT, FOLLOW, UNFOLLOW)


async def taken(request: Request, form: FormData, tasks: Sequence[TaskRow]) -> Ended:
    """Refusals where nothing is sent, and with a sentence for each commune of which not all is recorded."""
    batch, step = text_of(form, SUBMISSION), text_of(form, "step")
    if not SUBMISSION_ID.fullmatch(batch) or step not in [each.step for each in FORMS]:
        raise Refusals({"": "Biểu mẫu này đã cũ; hãy tải lại trang rồi gửi lại."})
    chosen = chosen_tasks(form, tasks)
    if step == COMMENT.step and not text_of(form, "note"):
        raise Refusals({"note": NOTE_MISSING})
    ended = await record_each(request, batch, _by_commune(request, chosen, step, form))
    if not_recorded := ended.refused | dict.fromkeys(ended.unconfirmed, UNCONFIRMED):
        names = {task.commune: task.name for task in chosen}
        raise Refusals(
            {f"chon-{commune}": f"{names[commune]}: {sentence}" for commune, sentence in not_recorded.items()}
        )
    return ended


def _by_commune(request: Request, chosen: Sequence[TaskRow], step: str, form: FormData) -> Mapping[str, Submission]:
    steps: dict[str, list[TaskStep]] = {}
    for task in chosen:
        steps.setdefault(task.commune, []).append(step_of(visitor_of(request), task, step, form))
    return {commune: ReportProgress(steps=tuple(each)) for commune, each in steps.items()}
