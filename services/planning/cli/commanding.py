"""Gives a command to Planning as the desk does: the same message, decided by the same function."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.planning.application import Planning
    from services.planning.application.changed import Changed
    from shared.contracts import Command


def commanded(
    planning: "Planning", scope: str, kind: "type[Command]", by: str | None = None, **fields: Any
) -> "Changed":
    """`scope` is the id of a commune, or `province-` and a code; whoever acts is a name that was typed, or nobody.

    Ends the command (2) for a field that is none.
    """
    from services.planning.subscribers import COMMANDS
    from shared.cli.commanding import command_of
    from shared.grants import Actor

    return COMMANDS[kind](planning, scope, command_of(kind, **fields), Actor(by) if by else None)


def of_province(province: str) -> str:
    from shared.messaging.following.grants import PROVINCE

    return f"{PROVINCE}{province}"
