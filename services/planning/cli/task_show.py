"""minhbach task show: one task with its deadlines, and its history with notes, evidence and who did what."""

from datetime import date
from typing import TYPE_CHECKING

from services.planning.cli.tasks import TaskId, fields, state_of, task_app
from services.planning.wording import MISSING, OBLIGATION_STATES, TO_BE_SET, act_text
from shared.cli import out
from shared.cli.options import AsJson, KnownAt
from shared.cli.printing import print_json, print_table

if TYPE_CHECKING:
    from services.planning.domain.tasks.history import HistoryEntry
    from services.planning.domain.tasks.listed_task import ListedTask

MOST_SHOWN = 50  # entries of a history


@task_app.command("show")
def show(task: TaskId, known_at: KnownAt = None, as_json: AsJson = False) -> None:
    """Một nhiệm vụ: mọi mốc thời hạn, và quá trình thực hiện với ghi chú, minh chứng, người làm."""
    from services.planning.cli.task_sources import task_known

    today, shown, entries = task_known(task, known_at)
    if as_json:
        print_json(fields(shown, today) | {"history": [vars(entry) for entry in entries]})
    else:
        _show(shown, today)
        _show_history(entries)


def _show(task: "ListedTask", today: date) -> None:
    from shared.vietnamese import date_text

    lines = {
        "Đơn vị": task.name,
        "Chủ trì": "; ".join(task.lead),
        "Phối hợp": "; ".join(task.support) or MISSING,
        "Thời gian": task.schedule_text or MISSING,
        "Tình trạng": state_of(task, today).replace("\n", ", "),
    }
    if request := task.extension_request:
        lines["Xin gia hạn"] = f"{request['by']}: {request['reason']} (chờ Chủ tịch quyết định)"
    out.print(task.content, markup=False)
    for name, value in lines.items():
        out.print(f"{name + ':':<13}{value}", markup=False)
    rows = [
        (
            each.key,
            each.label or MISSING,
            date_text(each.nominal),
            date_text(each.due),
            TO_BE_SET if each.unresolved else OBLIGATION_STATES[each.state],
        )
        for each in task.owed
    ]
    if rows:
        columns = ("Mốc", "Việc", "Ngày ghi", "Thời hạn", "Tình trạng")
        print_table(columns, rows, fixed=("Mốc", "Ngày ghi", "Thời hạn"))


def _show_history(entries: "list[HistoryEntry]") -> None:
    out.print("Quá trình thực hiện:", markup=False)
    if (earlier := len(entries) - MOST_SHOWN) > 0:
        out.print(f"({earlier} việc trước đó: xem bằng --json)", markup=False)
    columns = ("Ngày", "Việc", "Ai", "Ghi chú", "Minh chứng")
    print_table(columns, [_row(entry) for entry in entries[-MOST_SHOWN:]], fixed=("Ngày",))


def _row(entry: "HistoryEntry") -> tuple[str, ...]:
    from shared.clock import day_of
    from shared.vietnamese import date_text

    act = act_text(entry.act, entry.percent, entry.obligation, entry.due_on)
    evidence = entry.evidence or (entry.file.name if entry.file else MISSING)
    return date_text(day_of(entry.at)), act, _who(entry), entry.note or MISSING, evidence


def _who(entry: "HistoryEntry") -> str:
    from shared.vietnamese import person_text

    return person_text(entry.by, entry.by_account) if entry.by else MISSING
