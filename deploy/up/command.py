"""minhbach up: servers and services on this machine, kept alive until Ctrl+C."""

import contextlib
import os
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shared.cli import err, fail, out
from shared.settings import STACK_FILE

if TYPE_CHECKING:
    from deploy.embedded.stack import Stack
    from deploy.up.sandbox import SandboxKey


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f'"{text}" is no day such as 2025-09-16') from None


def _clock_in(data: Path, day: date | None) -> Mapping[str, str]:
    """The setting of a clock that stands; none of a folder that has the real one."""
    if day is None and not (data / "clock").exists():
        return {}
    from deploy.up.sandbox import NoSandbox, clock_in

    try:
        return clock_in(data, day)
    except NoSandbox as reason:
        fail(str(reason), 2)


def _sandbox(stack: "Stack", province: str) -> "list[SandboxKey]":
    from deploy.up.sandbox import NoSandbox, found

    try:
        return found(stack, province)
    except NoSandbox as reason:
        fail(str(reason))


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
        str | None,
        typer.Option(
            help="code of a province to begin with: communes, its standard plan if there is one, a key for each role"
        ),
    ] = None,
) -> None:
    """Run servers and services on this machine, kept alive and their data kept, until Ctrl+C."""
    from deploy.embedded.servers import free_port
    from deploy.embedded.stack import Stack
    from deploy.up.newcomers import newcomer_links

    env = _clock_in(data, clock)
    with Stack(data, env=env, instances=instances, portal_port=free_port(port)) as stack:
        out.print(f"Minh Bạch runs. Data in {data}; the commands in this folder find it. Stop it with Ctrl+C.")
        for name, address in stack.addresses():
            out.print(f"  {name:24} {address}", markup=False, highlight=False, soft_wrap=True)
        out.print(f"  {'logs':24} {data / 'logs'}, {data / 'nats.log'}, {data / 'postgres.log'}", soft_wrap=True)
        out.print(f"  {'to stop':24} Ctrl+C here, or from elsewhere: kill {os.getpid()}", highlight=False)
        for link in newcomer_links(stack) if links and not stack.behind else []:
            out.print(f"  {f'link: {link.role}':24} {link.link}", markup=False, highlight=False, soft_wrap=True)
        for key in _sandbox(stack, province) if province else []:
            out.print(f"  {f'key: {key.role}':24} {key.secret}  ({key.scope})", markup=False, soft_wrap=True)
        for name in stack.behind:
            err.print(f"{name}: the database lacks events that NATS announced (a backup?). Run: minhbach recover")
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(1)
                for ended in stack.supervise():
                    err.print(f"{ended} ended and is started again")
