"""The command minhbach: the stack's own commands, and each service's."""

import asyncio
import contextlib
import logging
import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from deploy.faults import FAULTS, sentence
from deploy.run_service import run_service
from services.indicators.cli import indicator_app, readings_app
from services.notifications.cli import notice_app
from services.planning.cli import commune_app, plan_app, schedule_app, target_app, task_app
from services.reporting.cli import audit_app, report_app
from shared.cli import chosen, err, fail, group, out
from shared.settings import STACK_FILE, Settings
from shared.streams import SERVICES

app = group("Minh Bạch: reform plans become tasks, readings become reports, and the past can be replayed.")
for name, commands in {
    "commune": commune_app,
    "plan": plan_app,
    "task": task_app,
    "schedule": schedule_app,
    "target": target_app,
    "indicator": indicator_app,
    "readings": readings_app,
    "report": report_app,
    "audit": audit_app,
    "notice": notice_app,
}.items():
    app.add_typer(commands, name=name)


@app.command()
def run(service: Annotated[str, typer.Argument(help="planning, indicators, reporting or notifications")]) -> None:
    """Run one service against NATS_URL and DATABASE_URL until it is stopped."""
    chosen(service, SERVICES, "service")
    run_service(service)


@app.command()
def provision() -> None:
    """Make the streams, consumers, schemas and roles that are missing; safe to run again."""
    from deploy.provision import provision as make

    done = asyncio.run(make(Settings.from_env()))
    for line in done or ["nothing to do: everything is as it should be"]:
        out.print(line, markup=False)


@report_app.command("rebuild")
def rebuild() -> None:
    """Make reporting's tables again from the event stores, beside the living ones; interrupted, it goes on later."""
    from rich.progress import BarColumn, Progress, TimeRemainingColumn

    from deploy.rebuild import SOURCES, RebuildRunning
    from deploy.rebuild import rebuild as make

    with Progress(
        "{task.description}", BarColumn(), "{task.completed}/{task.total}", TimeRemainingColumn(), console=err
    ) as bars:
        shown = {source: bars.add_task(source, total=None) for source in SOURCES}
        try:
            positions = make(
                Settings.from_env(),
                lambda source, position, last: bars.update(shown[source], completed=position, total=last),
            )
        except RebuildRunning as running:
            fail(str(running))
    for source, position in positions.items():
        out.print(f"{source}: rebuilt up to event {position}", markup=False)


@app.command()
def up(
    data: Annotated[Path, typer.Option(help="where the servers keep their data")] = STACK_FILE.parent,
    instances: Annotated[int, typer.Option(min=1, max=8, help="processes of each service")] = 1,
) -> None:
    """Run servers and services on this machine, kept alive and their data kept, until Ctrl+C."""
    from deploy.stack import Stack

    with Stack(data, instances=instances) as stack:
        out.print(f"Minh Bạch runs. Data in {data}; the commands in this folder find it. Stop it with Ctrl+C.")
        for instance in stack.running:
            out.print(f"  {instance.name:18} http://127.0.0.1:{instance.port}/health/ready")
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(1)
                for ended in stack.supervise():
                    err.print(f"{ended} ended and is started again")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--out", help="where the reports go")] = Path("out"),
    communes: Annotated[int, typer.Option(min=4, max=96, help="how many communes of Quảng Ngãi take part")] = 96,
    seed: Annotated[int, typer.Option(help="the same seed gives the same readings")] = 2025,
) -> None:
    """A whole quarter of a province on this machine, then the reports."""
    from deploy.demo import demonstrate

    demonstrate(folder, communes, seed)


def main() -> None:
    """Exit codes: 0 done, 1 the answer is no, 2 wrong use. Never a traceback."""
    # Whoever ends a stack ends it in order: its servers are processes of their own and would stay.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    logging.getLogger("nats").setLevel(logging.CRITICAL)  # it logs tracebacks of what we say in a sentence
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except FAULTS as fault:
        err.print(sentence(fault), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
