"""The commands of a report's life: what a commune submits, what the province decides of it, and what it publishes."""

from collections.abc import Callable

import typer

from services.reporting.commands.listing import due, list_reports
from services.reporting.commands.publishing import publish, restate
from services.reporting.commands.reviewing import approve, return_
from services.reporting.commands.showing import show
from services.reporting.commands.submitting import submit


def add_to(app: typer.Typer) -> None:
    commands: dict[str, Callable[..., None]] = {
        "submit": submit,
        "return": return_,
        "approve": approve,
        "publish": publish,
        "restate": restate,
        "show": show,
        "list": list_reports,
        "due": due,
    }
    for name, command in commands.items():
        app.command(name)(command)
