"""The command minhbach: the stack's own commands, and each service's."""

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from deploy.credentials.command import credentials_app
from deploy.streams.command import stream_app
from deploy.up.command import up
from services.indicators.cli import indicator_app, readings_app
from services.notifications.cli import notice_app
from services.planning.cli import commune_app, plan_app, schedule_app, target_app, task_app
from services.portal.cli import account_app
from services.reporting.cli import audit_app, report_app
from shared.cli import err, fail, group, out
from shared.cli.language import EnglishCommand
from shared.cli.options import DEFAULT_PROVINCE, OperatorsAsJson
from shared.cli.outbox import outbox_app
from shared.messaging.streams import SERVICES
from shared.settings import STACK_FILE, Settings, SettingsError, with_stack

app = group(
    "Minh Bạch: kế hoạch thành nhiệm vụ, số liệu thành báo cáo, và xem lại được những gì đã biết ở bất kỳ ngày nào."
)
for name, commands in {
    "commune": commune_app,
    "plan": plan_app,
    "task": task_app,
    "schedule": schedule_app,
    "target": target_app,
    "indicator": indicator_app,
    "readings": readings_app,
    "outbox": outbox_app,
    "report": report_app,
    "audit": audit_app,
    "notice": notice_app,
    "account": account_app,
    "stream": stream_app,
}.items():
    app.add_typer(commands, name=name)


commune_app.add_typer(credentials_app, name="credentials")


@app.command(cls=EnglishCommand)
def run(
    service: Annotated[str, typer.Argument(help="planning, indicators, reporting, notifications or portal")],
) -> None:
    """Run one service against NATS_URL and DATABASE_URL until it is stopped."""
    if service not in SERVICES:
        fail(f'"{service}" is no service; choose one of: {", ".join(SERVICES)}', 2)
    from deploy.run_service import run_service

    run_service(service)


@app.command(cls=EnglishCommand)
def provision() -> None:
    """Make the streams, consumers, schemas and roles that are missing; safe to run again."""
    from deploy.provision import provision as make

    done = asyncio.run(make(Settings.from_env()))
    for line in done or ["nothing to do: everything is as it should be"]:
        out.print(line, markup=False)


@commune_app.command("account")
def commune_account(commune: Annotated[str, typer.Argument(metavar="MÃ", help="mã định danh của đơn vị")]) -> None:
    """Địa chỉ NATS_URL có tài khoản của một đơn vị, để đơn vị đó gửi đến hệ thống đang chạy ở thư mục này."""
    from deploy.embedded.nats_server import EmbeddedNats

    if not STACK_FILE.exists():
        fail("Ở thư mục này không có hệ thống nào đang chạy (minhbach up).")
    port = urlsplit(with_stack({})["NATS_URL"]).port
    assert port
    try:
        [url] = EmbeddedNats(STACK_FILE.parent.absolute(), port).commune_urls([commune]).values()
    except ValueError:
        fail(f'"{commune}" không phải là mã định danh của một đơn vị.')
    out.print(f"NATS_URL={url}", markup=False, soft_wrap=True)


@app.command(cls=EnglishCommand)
def recover(
    data: Annotated[
        Path, typer.Option(help="where `minhbach up` keeps its data, if it does not run")
    ] = STACK_FILE.parent,
    lost: Annotated[Path, typer.Option(help="file for the announced events that the database lost")] = Path(
        "lost.jsonl"
    ),
) -> None:
    """Repair a database that was put back to a backup: refill the event streams, read the intake again, list losses."""
    from deploy.recover.command import recover_and_print

    recover_and_print(data, lost)


@app.command(cls=EnglishCommand)
def why(
    submission: Annotated[str, typer.Argument(help="the id of a submission, as receipts and errors name it")],
    as_json: OperatorsAsJson = False,
) -> None:
    """Where a submission is and what became of it: outbox, stream, receipt, refused, parked, counted."""
    from deploy.why.command import trace_and_print

    trace_and_print(submission, as_json=as_json)


@report_app.command("rebuild", cls=EnglishCommand)
def rebuild() -> None:
    """Make reporting's tables again from the event stores, beside the living ones; interrupted, it goes on later."""
    from rich.progress import BarColumn, Progress, TimeRemainingColumn

    from deploy.rebuild import SOURCES, RebuildRunning
    from deploy.rebuild import rebuild as make

    settings = Settings.from_env()
    with Progress(
        "{task.description}", BarColumn(), "{task.completed}/{task.total}", TimeRemainingColumn(), console=err
    ) as bars:
        shown = {source: bars.add_task(source, total=None) for source in SOURCES}
        try:
            positions = make(
                settings,
                lambda source, position, last: bars.update(shown[source], completed=position, total=last),
            )
        except RebuildRunning as running:
            fail(str(running))
    for source, position in positions.items():
        out.print(f"{source}: rebuilt up to event {position}", markup=False)


@app.command(cls=EnglishCommand)
def contracts(
    folder: Annotated[Path, typer.Option("--out", help="where the files go")] = Path("contracts"),
) -> None:
    """Write the contracts: OpenAPI of the HTTP side, AsyncAPI of the NATS side, a JSON schema for each message."""
    from deploy.contracts import write_contracts

    try:
        written = write_contracts(folder)
    except OSError as fault:
        fail(f"{fault.filename or folder}: cannot be written ({fault.strerror})")
    out.print(f"{written} files in {folder}", markup=False)


app.command(cls=EnglishCommand)(up)


@app.command(cls=EnglishCommand)
def demo(
    folder: Annotated[Path, typer.Option("--out", help="where the reports go")] = Path("out"),
    communes: Annotated[int, typer.Option(min=4, max=200, help="how many communes of the province take part")] = 96,
    seed: Annotated[int, typer.Option(help="the same seed gives the same readings")] = 2025,
    *,
    province: Annotated[str, typer.Option(help="code of the province, such as 51")] = DEFAULT_PROVINCE,
    quarter: Annotated[str, typer.Option(help="2025-Q3 or 2025-Q4")] = "2025-Q3",
    keep: Annotated[bool, typer.Option("--keep", help="keep the data, for minhbach up")] = False,
    data: Annotated[Path, typer.Option(help="where they are kept")] = STACK_FILE.parent,
) -> None:
    """A whole quarter of a province on this machine, then the reports."""
    from deploy.demo.kept_data import NotEmpty, emptied
    from deploy.demo.quarter import demonstrate
    from deploy.demo.scene import NoScene, Scene

    try:
        scene = Scene.of(province, quarter)
        kept = emptied(data) if keep else None
    except (NoScene, NotEmpty) as wrong:
        fail(str(wrong), 2)
    demonstrate(folder, communes, seed, scene, kept)


def called(words: Sequence[str]) -> typer.Typer:
    """The program with the one group of commands that is called: to set up all takes longer than most commands."""
    groups = [each for each in app.registered_groups if each.name in words[:1]]
    if not groups:
        return app
    part = copy(app)
    part.registered_groups, part.registered_commands = groups, []
    return part


def main() -> None:
    """Exit codes: 0 done, 1 the answer is no, 2 wrong use. Never a traceback."""
    # Whoever ends a stack ends it in order: its servers are processes of their own and would stay.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    logging.getLogger("nats").setLevel(logging.CRITICAL)  # it logs tracebacks; the command prints a sentence
    try:
        called(sys.argv[1:])()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as fault:
        from deploy.faults import FAULTS, sentence  # they import the libraries of the servers

        if not isinstance(fault, FAULTS):
            raise
        err.print(sentence(fault), markup=False)
        sys.exit(2 if isinstance(fault, SettingsError) else 1)


if __name__ == "__main__":
    main()
