"""What to look at in a task and in two neighbours: empty cells, bodies without a name, things said twice."""

from collections.abc import Sequence
from itertools import pairwise

from services.planning.documents.draft import DraftTask, placed
from services.planning.documents.tables.columns import BODIES, SCHEDULES, Columns
from services.planning.phrases.bodies import is_generic, is_outside_commune, same_body
from shared.vietnamese import folded


def warnings_of(task: DraftTask, columns: Columns) -> list[str]:
    """About the task alone, without its place."""
    warnings = []
    if not task.lead:
        warnings.append(
            "chưa nêu cơ quan chủ trì." if columns.of(*BODIES, "marked") else "bảng không có cột cơ quan chủ trì."
        )
    if task.schedule_text is None:
        empty = "ô thời hạn để trống." if columns.of(*SCHEDULES) else "bảng không có cột thời hạn."
        warnings.append(empty)
    if task.deliverable is None and columns.of("deliverable"):
        header = columns.of("deliverable")[0].header or "Sản phẩm"
        warnings.append(f"ô “{header}” để trống.")
    both = [body for body in task.lead if any(same_body(body, other) for other in task.support)]
    warnings += [f"cơ quan phối hợp trùng với cơ quan chủ trì: {body}." for body in both]
    outside = [body for body in task.lead if is_outside_commune(body)]
    warnings += [f"cơ quan chủ trì là cơ quan ngoài xã, phường: {body}." for body in outside]
    return warnings + [f"cơ quan chủ trì ghi chung, chưa nêu tên: {body}." for body in task.lead if is_generic(body)]


def warn_of_neighbours(tasks: Sequence[DraftTask]) -> None:
    """What was printed a row too low, and what was copied from the row above."""
    for above, below in pairwise(tasks):
        if above.deliverable is None and above.schedule_text is None and above.lead and below.deliverable:
            _warn(above, f"yêu cầu của dòng này có thể bị in lệch xuống {_row(below)}; chưa chuyển, cần xem lại.")
            _warn(below, f"{_row(above)} ngay trên để trống yêu cầu; cần xem yêu cầu ở đây có phải của dòng đó không.")
        same = above.deliverable and folded(above.deliverable) == folded(below.deliverable or "")
        if same and len(above.deliverable or "") > 50 and _is_specific(above, below):
            _warn(above, f"yêu cầu, sản phẩm trùng với {_row(below)}.")
            _warn(below, f"yêu cầu, sản phẩm trùng với {_row(above)}; cần xem có bị chép nhầm không.")


def _is_specific(above: DraftTask, below: DraftTask) -> bool:
    return folded(above.content) != folded(below.content)


def _row(task: DraftTask) -> str:
    return f"số {task.code}" if task.code else f"dòng ở {task.place}"


def _warn(task: DraftTask, sentence: str) -> None:
    task.warnings.append(placed(task.place, sentence))
