"""A commune's own names of columns and fields: on this machine, and with the province, whose portal keeps them too."""

from typing import TYPE_CHECKING

from shared.cli import err, fail
from shared.cli.answers import answered_or_why, is_at_a_commune
from shared.cli.sending import own_broker
from shared.commune_client.outbox import commune_folder
from shared.contracts.indicators import KeepOwnNames

if TYPE_CHECKING:
    from services.indicators.readings_file.names.own import KeptNames


def kept_names(commune: str) -> "KeptNames":
    """Those of this machine, and those of the province, which win: a clerk may have chosen in the portal since.

    Without an answer of the province those of this machine. Ends the command where the file here is damaged.
    """
    own = names_of_machine(commune)
    return (
        with_those_of_province(own, KeepOwnNames(commune=commune, columns={}, fields={}), quiet=True)
        if is_at_a_commune()
        else own
    )


def names_of_machine(commune: str) -> "KeptNames":
    from services.indicators.readings_file.names.own import OwnNamesUnreadable, read_own_names

    try:
        return read_own_names(commune_folder(commune))
    except OwnNamesUnreadable as unreadable:
        fail(str(unreadable))


def with_those_of_province(own: "KeptNames", question: KeepOwnNames, *, quiet: bool = False) -> "KeptNames":
    """The names after the province kept or forgot what the question has; without an answer those of this machine."""
    broker, _ = own_broker(question.commune)
    answer = answered_or_why(broker, question)
    if isinstance(answer, str):
        if not quiet:
            err.print(f"Chỉ nhớ trên máy này, chưa báo được cho tỉnh: {answer}", markup=False)
        return own
    return own.with_columns(answer.answer.columns).with_fields(answer.answer.fields)
