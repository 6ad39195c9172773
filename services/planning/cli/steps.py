"""minhbach task acknowledge, progress, complete …: the steps of a task's life, sent like every commune's submission."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from services.planning.cli.days import day_in
from services.planning.cli.opened import nats_url, opened
from services.planning.cli.tasks import AsJson, TaskId, task_app
from shared.cli import chosen, err, fail, out
from shared.printing import print_json

if TYPE_CHECKING:
    from shared.contracts import Receipt, Submission

RECEIPT_WITHIN = 30.0
# nats-py 2.16 goes on for two minutes by default, even where it may not reconnect.
ONCE: dict[str, Any] = {"connect_timeout": 5, "allow_reconnect": False, "max_reconnect_attempts": 1}
WRONG = {"string_pattern_mismatch": "holds a control character", "string_too_long": "is too long"}
JUDGES = ("one-stop-centre", "chair")

By = Annotated[str, typer.Option(help="the body or the person that reports")]
Reason = Annotated[str, typer.Option(help="why")]
Judge = Annotated[str, typer.Option("--as", help="one-stop-centre or chair")]
OneObligation = Annotated[
    str | None, typer.Option(help="only this obligation of the task, by its key: see minhbach task show")
]


@task_app.command("acknowledge")
def acknowledge(task: TaskId, by: By, as_json: AsJson = False) -> None:
    """Say that a task has arrived where it is to be done."""
    _send(task, as_json, step="acknowledge", by=by)


@task_app.command("progress")
def progress(
    task: TaskId,
    *,
    percent: Annotated[int, typer.Option(min=0, max=100, help="how much is done")],
    by: By,
    note: Annotated[str | None, typer.Option(help="what was done")] = None,
    evidence: Annotated[str | None, typer.Option(help="a document's number, or a link")] = None,
    as_json: AsJson = False,
) -> None:
    """Report how far a task is."""
    _send(task, as_json, step="progress", percent=percent, note=note, evidence=evidence, by=by)


@task_app.command("complete")
def complete(
    task: TaskId,
    evidence: Annotated[str, typer.Option(help="a document's number, or a link")],
    by: By,
    obligation: OneObligation = None,
    as_json: AsJson = False,
) -> None:
    """Report that a task is done, or one of the things that it owes."""
    _send(task, as_json, step="complete", evidence=evidence, by=by, obligation=obligation)


@task_app.command("accept")
def accept(
    task: TaskId,
    by: By,
    role: Judge = JUDGES[0],
    note: Annotated[str | None, typer.Option(help="a remark")] = None,
    as_json: AsJson = False,
) -> None:
    """Accept what was reported done; whoever reported it cannot."""
    _send(task, as_json, step="accept", by=by, role=chosen(role, JUDGES, "role"), note=note)


@task_app.command("return")
def return_(task: TaskId, by: By, reason: Reason, role: Judge = JUDGES[0], as_json: AsJson = False) -> None:
    """Return what was reported done: the task is open again."""
    _send(task, as_json, step="return", by=by, role=chosen(role, JUDGES, "role"), note=reason)


@task_app.command("extend")
def extend(
    task: TaskId,
    *,
    until: Annotated[str, typer.Option(help="the new last day, such as 2025-10-15 or 15/10/2025")],
    by: Annotated[str, typer.Option(help="the chair who decides it")],
    reason: Reason,
    obligation: OneObligation = None,
    as_json: AsJson = False,
) -> None:
    """Give a task more time, as the commune's chair."""
    new = {"due_on": day_in(until), "note": reason, "obligation": obligation}
    _send(task, as_json, step="extend", by=by, role="chair", **new)


@task_app.command("resolve")
def resolve(
    task: TaskId,
    *,
    by: By,
    due_on: Annotated[
        str | None, typer.Option(help="the last acceptable day, such as 2025-10-15 or 15/10/2025")
    ] = None,
    event_on: Annotated[
        str | None, typer.Option(help="instead: the day of the event, where the plan says after how many days")
    ] = None,
    note: Annotated[str | None, typer.Option(help="by which document")] = None,
    obligation: OneObligation = None,
    as_json: AsJson = False,
) -> None:
    """Say when what waits for another act or plan is due."""
    days = {"due_on": due_on and day_in(due_on), "event_on": event_on and day_in(event_on)}
    _send(task, as_json, step="resolve", by=by, note=note, obligation=obligation, **days)


@task_app.command("withdraw")
def withdraw(
    task: TaskId,
    by: Annotated[str, typer.Option(help="the chair who decides it")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Ask a task no longer, as the commune's chair; it stays in history."""
    _send(task, as_json, step="withdraw", by=by, role="chair", note=reason)


@task_app.command("reopen")
def reopen(task: TaskId, reason: Reason, by: By, as_json: AsJson = False) -> None:
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
