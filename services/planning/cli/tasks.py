"""minhbach task: what is on whom, by when, and how far it is."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from services.planning.cli.opened import nats_url, opened
from services.planning.cli.printing import print_json, print_table
from shared.cli import err, fail, group, out

if TYPE_CHECKING:
    from datetime import date

    from services.planning.read_models import ListedTask
    from shared.contracts import Receipt, Submission

task_app = group("Tasks: what is on whom, by when, and how far it is.")

RECEIPT_WITHIN = 30.0
# nats-py 2.16 goes on for two minutes by default, even where it may not reconnect.
ONCE: dict[str, Any] = {"connect_timeout": 5, "allow_reconnect": False, "max_reconnect_attempts": 1}
WRONG = {"string_pattern_mismatch": "holds a control character", "string_too_long": "is too long"}

TaskId = Annotated[str, typer.Argument(metavar="TASK", help="a task's id, such as t-0123456789ab")]
By = Annotated[str, typer.Option(help="the body or the person that reports")]
AsJson = Annotated[bool, typer.Option("--json")]


@task_app.command("list")
def list_tasks(
    commune: Annotated[str | None, typer.Option(help="of the commune with this code")] = None,
    body: Annotated[str | None, typer.Option(help="of a body that leads or supports, by a part of its name")] = None,
    late: Annotated[bool, typer.Option("--late", help="only those that are late")] = False,
    as_json: AsJson = False,
) -> None:
    """Tasks with their next deadline and how they stand today."""
    from shared.clock import day_of
    from shared.vietnamese import collation_key

    with opened() as planning:
        today = day_of(planning.clock())
        registered = planning.communes.with_code(commune) if commune else None
        if commune and not registered:
            fail(f"no registered commune has the code {commune}")
        tasks = planning.tasks.all(registered.commune if registered else None)
    tasks = [t for t in tasks if (not late or t.days_late(today)) and (body is None or t.concerns(body))]
    tasks.sort(key=lambda task: collation_key(task.name))  # within a commune the order of its plans stays
    if as_json:
        print_json([task._asdict() | {"days_late": task.days_late(today)} for task in tasks])
        return
    columns = ("Task", "Lead" if commune else "Commune", "Content", "Due", "Stands")
    print_table(columns, [_row(task, today, whole=not commune) for task in tasks], fixed=("Task", "Due"))


@task_app.command("progress")
def progress(
    task: TaskId,
    percent: Annotated[int, typer.Option(min=0, max=100, help="how much is done")],
    by: By,
    note: Annotated[str | None, typer.Option(help="what was done")] = None,
    as_json: AsJson = False,
) -> None:
    """Report how far a task is."""
    _send(task, as_json, step="progress", percent=percent, note=note, by=by)


@task_app.command("complete")
def complete(
    task: TaskId,
    evidence: Annotated[str, typer.Option(help="a document's number, or a link")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Report that a task is done."""
    _send(task, as_json, step="complete", evidence=evidence, by=by)


@task_app.command("reopen")
def reopen(
    task: TaskId,
    reason: Annotated[str, typer.Option(help="why it is not done after all")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Open a completed task again."""
    _send(task, as_json, step="reopen", note=reason, by=by)


def _send(task_id: str, as_json: bool, **said: object) -> None:
    """Through intake like every commune's submission, so that it is receipted after its commit."""
    from pydantic import ValidationError

    from shared.contracts.planning import ReportProgress, TaskStep

    try:
        step = TaskStep.model_validate({"task_id": task_id, **said})
    except ValidationError as invalid:
        fail([f"{error['loc'][0]} {WRONG.get(error['type'], error['msg'])}" for error in invalid.errors()], 2)
    with opened() as planning:
        commune = planning.tasks.commune_of(task_id)
    if commune is None:
        fail(f"there is no task {task_id}")
    _tell(asyncio.run(_receipt(commune, ReportProgress(steps=(step,)))), as_json)


async def _receipt(commune: str, submission: "Submission") -> "Receipt":
    import nats
    import nats.errors

    from shared.sender import Sender

    submission_id = f"cli-{uuid4().hex}"
    try:
        client = await nats.connect(nats_url(), error_cb=_unheard, **ONCE)
    except (nats.errors.Error, OSError, ValueError) as fault:
        fail(f"NATS does not answer: {fault or type(fault).__name__}")
    try:
        async with Sender(client, commune) as sender:
            return await asyncio.wait_for(sender.send(commune, submission_id, submission), RECEIPT_WITHIN)
    except TimeoutError:
        fail(f"no receipt within {RECEIPT_WITHIN:.0f} s: planning does not run; what was sent waits for it")
    finally:
        await client.close()


async def _unheard(_: Exception) -> None:
    """nats-py would print a traceback; what goes wrong is told by whoever waits."""


def _tell(receipt: "Receipt", as_json: bool) -> None:
    if as_json:
        print_json(receipt.model_dump(mode="json"))
    elif receipt.accepted or receipt.duplicates:
        word = "Đã ghi nhận" if receipt.accepted else "Đã ghi nhận từ trước"
        out.print(f"{word}; mã tiếp nhận {receipt.submission_id}.", markup=False)
    for refused in receipt.refused:
        err.print(f"{refused.item}: {refused.sentence}", markup=False)
    if receipt.refused or receipt.parked:
        raise typer.Exit(1)


def _row(task: "ListedTask", today: "date", *, whole: bool) -> tuple[str, ...]:
    from shared.vietnamese import date_text

    late = task.days_late(today)
    if task.completed_on:
        stands = f"done {date_text(task.completed_on)}"
    else:
        stands = f"{task.percent} %" + (f", {late} days late" if late else "")
    whose = task.name if whole else "; ".join(task.lead)
    return task.task_id, whose, task.content.splitlines()[0], date_text(task.next_deadline(today)), stands
