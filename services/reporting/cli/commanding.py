"""Gives commands to Reporting as the desk does: the same messages, decided by the same functions."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.reporting.application import Reporting
    from shared.contracts import Command, Receipt


def of_province(reporting: "Reporting", province: str, kind: "type[Command]", by: str, **fields: Any) -> "Receipt":
    """ReportRefused where a rule refuses; ends the command (2) for a field that the message cannot carry."""
    from services.reporting.subscribers import of_terminal
    from shared.cli.commanding import command_of
    from shared.messaging.following.grants import PROVINCE

    return of_terminal(reporting, f"{PROVINCE}{province}", command_of(kind, **fields), by)


def of_communes(
    reporting: "Reporting", codes: Iterable[str], by: str, command: "Callable[[str], Command]"
) -> dict[str, str | None]:
    """One command for each commune, which `command` makes for its id: by code the sentence of its refusal, or None.

    Each is decided by itself: a refusal of one keeps none of the others from being decided.
    """
    from services.reporting.domain.refusal import ReportRefused
    from services.reporting.subscribers import of_terminal

    refused: dict[str, str | None] = {}
    for code in dict.fromkeys(codes):
        found = reporting.communes.registered(code)
        if found is None:
            refused[code] = f"Đơn vị có mã {code} chưa đăng ký tham gia."
            continue
        try:
            of_terminal(reporting, found[0], command(found[0]), by)
        except ReportRefused as refusal:
            refused[code] = str(refusal)
        else:
            refused[code] = None
    return refused
