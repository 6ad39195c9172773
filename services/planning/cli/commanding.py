"""Gives a command to Planning as the desk does: the same message, decided by the same function."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from shared.cli import fail

if TYPE_CHECKING:
    from services.planning.application import Planning
    from services.planning.application.changed import Changed
    from shared.contracts import Command

By = Annotated[str | None, typer.Option(help="người ký; ghi lại là tên được gõ, không phải tài khoản")]


def commanded(
    planning: "Planning", scope: str, kind: "type[Command]", by: str | None = None, **fields: Any
) -> "Changed":
    """`scope` is the id of a commune, or `province-` and a code; whoever acts is a name that was typed, or nobody.

    Ends the command (2) for a field that is none.
    """
    from services.planning.subscribers import COMMANDS
    from shared.grants import Actor

    try:
        command = kind.model_validate(fields)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        fail(f"Giá trị của {'.'.join(str(part) for part in first['loc'])} không dùng được: {first['msg']}.", 2)
    return COMMANDS[kind](planning, scope, command, Actor(by) if by else None)


def of_province(province: str) -> str:
    from shared.messaging.grants import PROVINCE

    return f"{PROVINCE}{province}"
