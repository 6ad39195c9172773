"""A commune's own names of columns and fields: on this machine, and with the province, whose portal keeps them too."""

from typing import TYPE_CHECKING

from shared.cli import err, fail
from shared.cli.answers import TRY_LATER, answered_or_why, is_at_a_commune
from shared.cli.sending import own_broker
from shared.commune_client.outbox import commune_folder
from shared.contracts.indicators import KeepOwnNames

if TYPE_CHECKING:
    from services.indicators.readings_file.names.own import KeptNames

COLUMN_NAMES = "tên cột mà đơn vị đã chọn trên trang web"
OF_THIS_MACHINE = "Chưa hỏi được tỉnh tên cột đã chọn trên trang web ({why}); dùng tên cột nhớ trên máy này."
KEPT_HERE = "Chỉ nhớ trên máy này, chưa báo được cho tỉnh: {why}."


def kept_names(commune: str) -> "KeptNames":
    """Those of this machine, and those of the province, which win: a clerk may have chosen in the portal since.

    Without an answer of the province those of this machine, with a sentence. Ends the command where the file here is
    damaged.
    """
    own = names_of_machine(commune)
    if not is_at_a_commune():
        return own
    return with_those_of_province(own, KeepOwnNames(commune=commune, columns={}, fields={}), OF_THIS_MACHINE)


def names_of_machine(commune: str) -> "KeptNames":
    from services.indicators.readings_file.names.own import OwnNamesUnreadable, read_own_names

    try:
        return read_own_names(commune_folder(commune))
    except OwnNamesUnreadable as unreadable:
        fail(str(unreadable))


def with_those_of_province(own: "KeptNames", question: KeepOwnNames, without: str = KEPT_HERE) -> "KeptNames":
    """The names after the province kept or forgot what the question has.

    Without an answer those of this machine, and the sentence `without`.
    """
    broker, _ = own_broker(question.commune)
    answer = answered_or_why(broker, question, COLUMN_NAMES)
    if isinstance(answer, str):
        err.print(without.format(why=answer.rstrip(".").removesuffix(f"; {TRY_LATER}")), markup=False)
        return own
    return own.with_columns(answer.answer.columns).with_fields(answer.answer.fields)
