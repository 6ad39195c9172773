"""minhbach task list: tasks with their deadlines and their state, today or on another day."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from services.planning.wording import MISSING, STATES, TO_BE_SET
from shared.cli import fail, group, out
from shared.cli.options import AsJson, KnownAt, day_option
from shared.cli.printing import WIDTH, print_json, print_table

if TYPE_CHECKING:
    from services.planning.domain.tasks.listed_task import ListedTask
    from shared.calendar.named_days import Days

task_app = group("Nhiệm vụ: ai chủ trì, hạn khi nào, làm đến đâu.")

TaskId = Annotated[str, typer.Argument(metavar="MÃ", help="mã nhiệm vụ, ví dụ t-0123456789ab")]


@task_app.command("list")
def list_tasks(
    *,
    commune: Annotated[str | None, typer.Option(help="của đơn vị có mã này")] = None,
    body: Annotated[
        str | None,
        typer.Option(help="của cơ quan chủ trì hoặc phối hợp; ghi một phần tên, không dấu hoặc viết tắt cũng được"),
    ] = None,
    late: Annotated[bool, typer.Option("--late", help="chỉ những nhiệm vụ quá hạn")] = False,
    due: Annotated[
        str | None,
        typer.Option(
            metavar="KHI",
            help="chỉ những nhiệm vụ có việc phải xong trong: hom-nay, tuan-nay, thang-nay, thang-sau, quy-nay, nam-nay"
            " (hoặc this-month …), 9/2025, quy-4/2025, 2025",
        ),
    ] = None,
    due_before: Annotated[date | None, day_option(help="chỉ những nhiệm vụ còn việc phải xong trước ngày này")] = None,
    unresolved: Annotated[
        bool,
        typer.Option(
            "--unresolved", help="những nhiệm vụ đang chờ xác định thời hạn; cùng --due, --due-before thì cả hai loại"
        ),
    ] = False,
    extension_requested: Annotated[
        bool, typer.Option("--extension-requested", help="chỉ những nhiệm vụ đang chờ Chủ tịch quyết định gia hạn")
    ] = False,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Các nhiệm vụ với thời hạn tới và tình trạng, hôm nay hoặc vào một ngày khác; nhiệm vụ đã rút ở bảng riêng."""
    from services.planning.cli.task_sources import tasks_known
    from shared.vietnamese import collation_key

    today, tasks = tasks_known(commune, known_at)
    within = _days_of(due, today) if due else None
    # One filter by day or the other: what has no day yet is never due before one.
    dated = due_before or within
    tasks = [
        task
        for task in tasks
        if (not late or task.days_late(today))
        and (body is None or task.concerns(body))
        and (not extension_requested or task.extension_request)
        and (
            (unresolved and task.unresolved)
            or (due_before is not None and task.due_before(due_before))
            or (within is not None and task.due_within(*within))
            or not (unresolved or dated)
        )
    ]
    tasks.sort(key=lambda task: collation_key(task.name))  # within a commune the order of its plans stays
    if as_json:
        print_json([fields(task, today) for task in tasks])
    else:
        _print(tasks, today, whole=not commune or len({task.commune for task in tasks}) > 1)


def _days_of(text: str, today: date) -> "Days":
    """Ends the command (2) where the text names no days."""
    from shared.calendar.named_days import named_days

    found = named_days(text, today)
    if found is None:
        fail(
            f'"{text}" không phải là khoảng thời gian; hãy ghi hom-nay, tuan-nay, thang-nay, thang-sau, quy-nay,'
            " nam-nay, 9/2025, quy-4/2025 hoặc 2025",
            2,
        )
    return found


def _print(tasks: "list[ListedTask]", today: date, *, whole: bool) -> None:
    """A summary, then the tasks, then those that were withdrawn."""
    if not tasks:
        out.print("Không có nhiệm vụ nào như vậy.", markup=False)
        return
    out.print(_summary(tasks, today), markup=False, soft_wrap=False, width=WIDTH)
    columns = ("Mã", "Đơn vị" if whole else "Chủ trì", "Nội dung", "Thời hạn", "Tình trạng")
    withdrawn = [task for task in tasks if task.is_withdrawn]
    if others := [task for task in tasks if not task.is_withdrawn]:
        print_table(columns, [_row(task, today, whole=whole) for task in others], fixed=("Mã", "Thời hạn"))
    if withdrawn:
        out.print(f"Đã rút khỏi kế hoạch: {len(withdrawn)} nhiệm vụ.", markup=False)
        print_table(columns, [_row(task, today, whole=whole) for task in withdrawn], fixed=("Mã", "Thời hạn"))


def _summary(tasks: "list[ListedTask]", today: date) -> str:
    from shared.vietnamese import number

    counts = {
        "đã xong": sum(task.is_done for task in tasks),
        "quá hạn": sum(task.days_late(today) > 0 for task in tasks),
        "đang làm, chưa đến hạn": sum(task.is_open and not task.days_late(today) for task in tasks),
        "chờ xác định thời hạn": sum(bool(task.unresolved) for task in tasks),
        "xin gia hạn": sum(task.extension_request is not None for task in tasks),
        "kế hoạch đã kết thúc": sum(task.closed and not task.is_done for task in tasks),
    }
    current = number(sum(not task.is_withdrawn for task in tasks))
    parts = ", ".join(f"{number(count)} {name}" for name, count in counts.items() if count)
    return f"{current} nhiệm vụ: {parts}." if parts else f"{current} nhiệm vụ."


def fields(task: "ListedTask", today: date) -> dict[str, object]:
    reckoned = {"days_late": task.days_late(today), "unresolved": [each.key for each in task.unresolved]}
    listed = task._asdict()
    del listed["followers"]  # accounts, which the answer to a commune does not name
    return listed | reckoned


def _row(task: "ListedTask", today: date, *, whole: bool) -> tuple[str, ...]:
    owner = task.name if whole else "; ".join(task.lead)
    return task.task_id, owner, _content(task), _due(task), state_of(task, today)


def _content(task: "ListedTask") -> str:
    """With its number, by which a clerk knows it."""
    first = task.content.splitlines()[0]
    return f"{task.code.rstrip('.')}. {first}" if task.code else first


def _due(task: "ListedTask") -> str:
    from shared.vietnamese import date_text

    days = [date_text(task.first_deadline)] if task.first_deadline and not task.is_withdrawn else []
    return "\n".join(days + [TO_BE_SET] * bool(task.unresolved)) or MISSING


def state_of(task: "ListedTask", today: date) -> str:
    from shared.vietnamese import date_text

    if task.closed:
        return "kế hoạch đã kết thúc"
    state = STATES[task.state]
    if late := task.days_late_when_withdrawn:
        return f"{state} {date_text(task.withdrawn_on)}, khi đã quá hạn {late} ngày"
    if task.is_withdrawn:
        return f"{state}\n{date_text(task.withdrawn_on)}" if task.withdrawn_on else state
    if task.is_done:
        return f"{state}\n{date_text(task.completed_on)}"
    percent = f", {task.percent} %" if task.percent and task.is_open else ""
    late = task.days_late(today)
    request = task.extension_request
    asked = f"\nxin gia hạn đến {date_text(date.fromisoformat(request['due_on']))}" if request else ""
    return f"{state}{percent}" + (f"\nquá hạn {late} ngày" if late else "") + asked
