"""Takes what was carried over out of "Tổng số" of received files, where a sheet adds both as form II.06 does."""

from services.indicators.readings_file.entries import Cell
from services.indicators.readings_file.tables.columns import Header
from services.indicators.readings_file.values.cells import CellError, is_empty
from services.indicators.readings_file.values.whole_counts import count_in

RECEIVED, CARRIED = "files-received", "files-carried-over"
PARTS = ("files-received-online", "files-received-direct")

Values = tuple[tuple[str, Cell], ...]


def received_alone(header: Header, values: Values) -> tuple[Values, list[str]]:
    """The values with the count of files received in the period, or why the row leaves it in doubt.

    Column 3 of form II.06 is the sum of columns 4, 5 and 6, and column 6 was received before the period. Where the
    parts are there they say whether a sheet adds so; without them it is the form's rule.
    """
    if not _adds_carried(header):
        return values, []
    cells = dict(values)
    if any(name not in cells or is_empty(cells[name].raw) for name in (RECEIVED, CARRIED)):
        return values, []
    try:
        total, carried = count_in(cells[RECEIVED].raw), count_in(cells[CARRIED].raw)
        parts = [count_in(cells[name].raw) for name in PARTS if name in cells and not is_empty(cells[name].raw)]
    except CellError:
        return values, []  # refused at its cell
    received = total - carried
    if len(parts) == len(PARTS) and sum(parts) != received:
        if sum(parts) != total:
            sums = f"tổng số {total} không bằng trực tuyến + trực tiếp + kỳ trước chuyển qua ({sum(parts) + carried})"
            return values, [f"{cells[RECEIVED].place}: {sums}"]
        received = total
    cells[RECEIVED] = Cell(cells[RECEIVED].place, received)
    return tuple(cells.items()), []


def _adds_carried(header: Header) -> bool:
    total, carried = header.measures.get(RECEIVED), header.measures.get(CARRIED)
    return total in header.sums and carried is not None and header.groups[total or 0] == header.groups.get(carried)
