"""minhbach task list and show: what is on whom, by when, and how far it is."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.planning.cli.days import day_in
from services.planning.cli.opened import opened
from shared.cli import fail, group, out
from shared.printing import print_json, print_table

if TYPE_CHECKING:
    from datetime import date

    from services.planning.application import Planning
    from services.planning.read_models import ListedTask

STATES = {
    "assigned": "đã giao",
    "acknowledged": "đã nhận",
    "in-progress": "đang làm",
    "done": "đã xong",
    "accepted": "đã chấp nhận",
    "returned": "bị trả lại",
    "withdrawn": "đã rút",
}
OBLIGATION_STATES = {"open": "chưa xong", "fulfilled": "đã xong"}

task_app = group("Tasks: what is on whom, by when, and how far it is.")

TaskId = Annotated[str, typer.Argument(metavar="TASK", help="a task's id, such as t-0123456789ab")]
TO_BE_SET, MISSING = "chờ xác định", "–"
AsJson = Annotated[bool, typer.Option("--json")]
KnownAt = Annotated[str | None, typer.Option(help="as it was known at the end of this day")]


@task_app.command("list")
def list_tasks(
    *,
    commune: Annotated[str | None, typer.Option(help="of the commune with this code")] = None,
    body: Annotated[str | None, typer.Option(help="of a body that leads or supports, by a part of its name")] = None,
    late: Annotated[bool, typer.Option("--late", help="only those that are late")] = False,
    due_before: Annotated[str | None, typer.Option(help="only with something open that is due before this day")] = None,
    unresolved: Annotated[
        bool, typer.Option("--unresolved", help="only those that wait for somebody to say when they are due")
    ] = False,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Tasks with their next deadline and how they stand today, or stood on another day."""
    from shared.vietnamese import collation_key

    before = day_in(due_before) if due_before else None
    with opened() as planning:
        today, tasks = _known(planning, commune, known_at)
    tasks = [
        task
        for task in tasks
        if (not late or task.days_late(today))
        and (body is None or task.concerns(body))
        and (before is None or task.due_before(before))
        and (not unresolved or task.unresolved)
    ]
    tasks.sort(key=lambda task: collation_key(task.name))  # within a commune the order of its plans stays
    if as_json:
        print_json([_said(task, today) for task in tasks])
        return
    if not tasks:
        out.print("Không có nhiệm vụ nào như vậy.", markup=False)
        return
    columns = ("Mã", "Chủ trì" if commune else "Đơn vị", "Nội dung", "Thời hạn", "Tình trạng")
    print_table(columns, [_row(task, today, whole=not commune) for task in tasks], fixed=("Mã", "Thời hạn"))


@task_app.command("show")
def show(task: TaskId, known_at: KnownAt = None, as_json: AsJson = False) -> None:
    """One task with everything that it owes."""
    with opened() as planning:
        commune = planning.tasks.commune_of(task)
        if commune is None:
            fail(f"there is no task {task}")
        today, tasks = _known_of(planning, commune, known_at)
    shown = next((each for each in tasks if each.task_id == task), None)
    if shown is None:
        fail(f"task {task} was not known then")
    if as_json:
        print_json(_said(shown, today))
    else:
        _show(shown, today)


def _known(planning: "Planning", code: str | None, known_at: str | None) -> "tuple[date, list[ListedTask]]":
    """The day for which is asked, and the tasks as they were known on it."""
    registered = planning.communes.named(code) if code else None
    if code and not registered:
        fail(f"no registered commune has the code {code}")
    return _known_of(planning, registered.commune if registered else None, known_at)


def _known_of(planning: "Planning", commune: str | None, known_at: str | None) -> "tuple[date, list[ListedTask]]":
    from shared.clock import day_of

    if known_at is None:
        return day_of(planning.clock()), planning.tasks.all(commune)
    day = day_in(known_at)
    return day, planning.tasks_known_at(day, commune)


def _said(task: "ListedTask", today: "date") -> dict[str, Any]:
    reckoned = {"days_late": task.days_late(today), "unresolved": [each.key for each in task.unresolved]}
    return task._asdict() | reckoned


def _row(task: "ListedTask", today: "date", *, whole: bool) -> tuple[str, ...]:
    whose = task.name if whole else "; ".join(task.lead)
    return task.task_id, whose, _content(task), _due(task), _stands(task, today)


def _content(task: "ListedTask") -> str:
    """With its number, by which a clerk knows it."""
    first = task.content.splitlines()[0]
    return f"{task.code.rstrip('.')}. {first}" if task.code else first


def _due(task: "ListedTask") -> str:
    from shared.vietnamese import date_text

    days = [date_text(task.first_deadline)] if task.first_deadline else []
    return "\n".join(days + [TO_BE_SET] * bool(task.unresolved)) or MISSING


def _stands(task: "ListedTask", today: "date") -> str:
    from shared.vietnamese import date_text

    if task.closed:
        return "kế hoạch đã kết thúc"
    state = STATES[task.state]
    if task.is_done:
        return f"{state}\n{date_text(task.completed_on)}"
    percent = f", {task.percent} %" if task.percent and task.is_open else ""
    late = task.days_late(today)
    return f"{state}{percent}" + (f"\nchậm {late} ngày" if late else "")


def _show(task: "ListedTask", today: "date") -> None:
    from services.planning.domain.obligation import Obligation
    from shared.vietnamese import date_text

    lines = {
        "Đơn vị": task.name,
        "Chủ trì": "; ".join(task.lead),
        "Phối hợp": "; ".join(task.support) or MISSING,
        "Thời gian": task.schedule_text or MISSING,
        "Tình trạng": _stands(task, today).replace("\n", ", "),
    }
    out.print(task.content, markup=False)
    for name, value in lines.items():
        out.print(f"{name + ':':<12}{value}", markup=False)
    owed = [Obligation.from_stored(said) for said in task.obligations or ()]
    rows = [
        (
            each.key,
            each.label or MISSING,
            date_text(each.nominal),
            date_text(each.due),
            TO_BE_SET if each.unresolved else OBLIGATION_STATES[each.state],
        )
        for each in owed
    ]
    if rows:
        columns = ("Mốc", "Việc", "Ngày ghi", "Thời hạn", "Tình trạng")
        print_table(columns, rows, fixed=("Mốc", "Ngày ghi", "Thời hạn"))
