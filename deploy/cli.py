"""The command minhbach: the stack's own commands, and each service's."""

import asyncio
import contextlib
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import typer

from deploy.credentials.command import credentials_app
from services.indicators.cli import indicator_app, readings_app
from services.notifications.cli import notice_app
from services.planning.cli import commune_app, plan_app, schedule_app, target_app, task_app
from services.portal.sign_in.commands import account_app
from services.reporting.cli import audit_app, report_app
from shared.cli import err, fail, group, out
from shared.cli.language import EnglishCommand
from shared.cli.options import DEFAULT_PROVINCE, AsJson, period_in
from shared.cli.outbox import outbox_app
from shared.cli.printing import print_json, print_table
from shared.contracts import ID
from shared.messaging.streams import SERVICES
from shared.settings import STACK_FILE, NatsServers, Settings, SettingsError, with_stack

if TYPE_CHECKING:
    from nats.aio.client import Client

    from deploy.sandbox import SandboxKey
    from deploy.stack import Stack

Result = TypeVar("Result")
MEGABYTE = 1024 * 1024

stream_app = group("The streams of NATS, for the operator.")
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
    from deploy.embedded_nats import EmbeddedNats

    if not STACK_FILE.exists():
        fail("Ở thư mục này không có hệ thống nào đang chạy (minhbach up).")
    port = urlsplit(with_stack({})["NATS_URL"]).port
    assert port
    try:
        [url] = EmbeddedNats(STACK_FILE.parent.absolute(), port).commune_urls([commune]).values()
    except ValueError:
        fail(f'"{commune}" không phải là mã định danh của một đơn vị.')
    out.print(f"NATS_URL={url}", markup=False, soft_wrap=True)


@stream_app.command("list", cls=EnglishCommand)
def list_streams(as_json: AsJson = False) -> None:
    """How full each stream is, and how much of it some follower has not applied."""
    from deploy.trimming import stream_states

    states = asyncio.run(_with_nats(stream_states))
    if as_json:
        print_json([state._asdict() for state in states])
        return
    rows = [
        (
            state.name,
            f"{state.messages:,}",
            f"{state.size_bytes / MEGABYTE:,.1f} MB of {state.limit_bytes / MEGABYTE:,.0f}",
            f"{state.unapplied:,}",
            str(state.replicas),
        )
        for state in states
    ]
    print_table(("Stream", "Messages", "Size", "Not applied", "Replicas"), rows)


@stream_app.command("trim", cls=EnglishCommand)
def trim_streams() -> None:
    """Delete from the event streams what every follower has applied; the event stores keep it."""
    from deploy.trimming import trim

    for line in asyncio.run(_with_nats(trim)):
        out.print(line, markup=False)


@stream_app.command("clear", cls=EnglishCommand)
def clear_intake(commune: Annotated[str, typer.Argument(help="the commune's id in subjects")]) -> None:
    """Delete one commune's submissions from the intake; its machine sends again what has no receipt."""
    from deploy import trimming

    if not re.fullmatch(ID, commune):
        fail(f'"{commune}" is no id of a commune', 2)
    out.print(asyncio.run(_with_nats(partial(trimming.clear_intake, commune=commune))), markup=False)


@stream_app.command("renew", cls=EnglishCommand)
def renew_intake() -> None:
    """Make an intake of an earlier version again, so that a commune's submissions can be cleared from it."""
    from deploy import trimming

    try:
        out.print(asyncio.run(_with_nats(trimming.renew_intake)), markup=False)
    except trimming.NotRenewed as reason:
        fail(str(reason))


async def _with_nats(work: "Callable[[Client], Awaitable[Result]]") -> "Result":
    from shared.messaging.connection import connect

    servers = NatsServers.from_env(with_stack(os.environ))
    client = await connect(servers, connect_timeout=5, max_reconnect_attempts=3, allow_reconnect=False)
    try:
        return await work(client)
    finally:
        await client.close()


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
    as_json: AsJson = False,
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f'"{text}" is no day such as 2025-09-16') from None


def _clock_in(data: Path, day: date | None) -> Mapping[str, str]:
    """The setting of a clock that stands; none of a folder that has the real one."""
    if day is None and not (data / "clock").exists():
        return {}
    from deploy.sandbox import NoSandbox, clock_in

    try:
        return clock_in(data, day)
    except NoSandbox as reason:
        fail(str(reason), 2)


def _sandbox(stack: "Stack", province: str) -> "list[SandboxKey]":
    from deploy.sandbox import NoSandbox, found

    try:
        return found(stack, province)
    except NoSandbox as reason:
        fail(str(reason))


@app.command(cls=EnglishCommand)
def up(  # noqa: PLR0917  a command's options
    data: Annotated[Path, typer.Option(help="where the servers keep their data")] = STACK_FILE.parent,
    instances: Annotated[int, typer.Option(min=1, max=8, help="processes of each service")] = 1,
    port: Annotated[int, typer.Option(min=1, max=65535, help="of the pages; any other where it is taken")] = 8051,
    links: Annotated[
        bool, typer.Option(help="while nobody has an account: open one to try for each role, and print its link")
    ] = True,
    clock: Annotated[
        date | None,
        typer.Option(parser=_day, metavar="DAY", help="a day on which the clock stands, for trying the interfaces"),
    ] = None,
    province: Annotated[
        str | None, typer.Option(help="code of a province to begin with: communes, plan, and a key for each role")
    ] = None,
) -> None:
    """Run servers and services on this machine, kept alive and their data kept, until Ctrl+C."""
    from deploy.embedded import free_port
    from deploy.newcomers import newcomer_links
    from deploy.stack import Stack

    env = _clock_in(data, clock)
    with Stack(data, env=env, instances=instances, portal_port=free_port(port)) as stack:
        out.print(f"Minh Bạch runs. Data in {data}; the commands in this folder find it. Stop it with Ctrl+C.")
        for name, address in stack.addresses():
            out.print(f"  {name:24} {address}", markup=False, highlight=False, soft_wrap=True)
        out.print(f"  {'logs':24} {data / 'logs'}, {data / 'nats.log'}, {data / 'postgres.log'}", soft_wrap=True)
        out.print(f"  {'to stop':24} Ctrl+C here, or from elsewhere: kill {os.getpid()}", highlight=False)
        for link in newcomer_links(stack) if links and not stack.behind else []:
            out.print(f"  {link.title:24} {link.link}", markup=False, highlight=False, soft_wrap=True)
        for key in _sandbox(stack, province) if province else []:
            out.print(f"  {f'key: {key.role}':24} {key.secret}  ({key.scope})", markup=False, soft_wrap=True)
        for name in stack.behind:
            err.print(f"{name}: the database lacks events that NATS announced (a backup?). Run: minhbach recover")
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(1)
                for ended in stack.supervise():
                    err.print(f"{ended} ended and is started again")


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
    from deploy.demo import demonstrate
    from deploy.demo.kept_data import NotEmpty, emptied
    from deploy.demo.scene import NoScene, Scene

    try:
        scene = Scene.of(province, period_in(quarter))
        kept = emptied(data) if keep else None
    except (NoScene, NotEmpty) as wrong:
        fail(str(wrong), 2)
    demonstrate(folder, communes, seed, scene, kept)


def main() -> None:
    """Exit codes: 0 done, 1 the answer is no, 2 wrong use. Never a traceback."""
    # Whoever ends a stack ends it in order: its servers are processes of their own and would stay.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    logging.getLogger("nats").setLevel(logging.CRITICAL)  # it logs tracebacks; the command prints a sentence
    try:
        app()
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
