"""minhbach stream: how full the streams of NATS are, and what the operator may clear from them."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from shared.cli import fail, group, out
from shared.cli.language import EnglishCommand, EnglishGroup
from shared.cli.options import OperatorsAsJson
from shared.cli.printing import print_json, print_table
from shared.contracts import ID
from shared.settings import NatsServers, with_stack

if TYPE_CHECKING:
    from nats.aio.client import Client

Result = TypeVar("Result")
MEGABYTE = 1024 * 1024

stream_app = group("The streams of NATS, for the operator.", EnglishGroup)


@stream_app.command("list", cls=EnglishCommand)
def list_streams(as_json: OperatorsAsJson = False) -> None:
    """How full each stream is, and how much of it some follower has not applied."""
    from deploy.streams.trimming import stream_states

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
    from deploy.streams.trimming import trim

    for line in asyncio.run(_with_nats(trim)):
        out.print(line, markup=False)


@stream_app.command("clear", cls=EnglishCommand)
def clear_intake(commune: Annotated[str, typer.Argument(help="the commune's id in subjects")]) -> None:
    """Delete one commune's submissions from the intake; its machine sends again what has no receipt."""
    from deploy.streams import trimming

    if not re.fullmatch(ID, commune):
        fail(f'"{commune}" is no id of a commune', 2)
    out.print(asyncio.run(_with_nats(partial(trimming.clear_intake, commune=commune))), markup=False)


@stream_app.command("renew", cls=EnglishCommand)
def renew_intake() -> None:
    """Make an intake of an earlier version again, so that a commune's submissions can be cleared from it."""
    from deploy.streams import trimming

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
