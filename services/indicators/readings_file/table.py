"""A table of readings, from CSV or XLSX: its header says what each column is, each row below it is one reading."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from services.indicators.readings_file.cells import CellError, id_in, is_empty, shown
from services.indicators.readings_file.entries import Cell, Entry
from services.indicators.readings_file.errors import Findings
from services.indicators.readings_file.layout import Layout

MAX_COLUMNS = 256
# Titles may stand above the header: the national name, the office, the name of the table.
HEADER_WITHIN = 20

# What stands in the cells that are not empty, by column, counted from 1.
Row = dict[int, object]

REASONS_HEADER = "Lý do từ chối"
KNOWN_HEADERS = {
    "reading_id": "reading_id",
    "observed_on": "observed_on",
    "ngày": "observed_on",
    "ngày báo cáo": "observed_on",
    "field": "field",
    "lĩnh vực": "field",
}
IGNORED_HEADERS = {"stt", "tt", "ghi chú", REASONS_HEADER.casefold()}
HIDDEN_ROW = ("hàng bị ẩn; hãy bỏ ẩn, hoặc dùng --hidden include để tính, --hidden skip để bỏ qua",)
TOTALS = {"tổng", "tổng cộng", "tổng số", "cộng", "total"}


class Line(NamedTuple):
    """A row with its number, and whether a spreadsheet hides it."""

    number: int
    cells: Row
    hidden: bool = False


class Header(NamedTuple):
    """Where each part of a reading stands: known parts and measures by column, columns that say nothing, and errors."""

    number: int
    row: Row
    known: dict[str, int]
    measures: dict[str, int]
    ignored: set[int]
    wrong: list[tuple[int, str]]


def filled(lines: Iterable[Line]) -> Iterator[Line]:
    """The rows in which something stands."""
    for line in lines:
        cells = {column: raw for column, raw in line.cells.items() if not is_empty(raw)}
        if cells:
            yield line._replace(cells=cells)


def entries(lines: Iterator[Line], layout: Layout, findings: Findings) -> Iterator[Entry] | None:
    """One entry a row below the header; None if there is no header."""
    first: list[Line] = []
    for line in filled(lines):
        first.append(line)
        if len(first) == HEADER_WITHIN:
            break
    header, below = header_in(first, layout)
    if header is None:
        return None
    for column, what in header.wrong:
        findings.add(what, layout.place(header.number, column, header.row.get(column)))
    return _entries(header, chain(below, filled(lines)), layout, findings)


def header_in(lines: list[Line], layout: Layout) -> tuple[Header | None, list[Line]]:
    """The first row that names the day and is understood in every column, else the first that names the day."""
    found = [(at, _header(lines[at:], layout)) for at, line in enumerate(lines) if is_header(line.cells)]
    if not found:
        return None, []
    at, header = next((one for one in found if not one[1].wrong), found[0])
    return header, [line for line in lines[at:] if line.number > header.number]


def is_header(row: Row) -> bool:
    """Whether a row names the day of a reading, without which a table cannot be read."""
    return any(_known(raw) == "observed_on" for raw in row.values())


def _header(lines: list[Line], layout: Layout) -> Header:
    """A header that is merged over several rows: of each column, the lowest of them says what it is."""
    top = lines[0]
    day = next(column for column, raw in top.cells.items() if _known(raw) == "observed_on")
    bottom = layout.bottom(top.number, day)
    row: Row = {}
    for line in lines:
        if line.number <= bottom:
            row |= line.cells
    header = Header(bottom, row, {}, {}, set(), [])
    for column, raw in row.items():
        _name(header, column, raw)
    if len(row) > MAX_COLUMNS:
        header.wrong.insert(0, (MAX_COLUMNS + 1, f"có hơn {MAX_COLUMNS} cột"))
    return header


def _name(header: Header, column: int, raw: object) -> None:
    if _folded(raw) in IGNORED_HEADERS:
        header.ignored.add(column)
        return
    known = _known(raw)
    try:
        names, name = (header.known, known) if known else (header.measures, id_in(raw))
    except CellError:
        header.wrong.append((column, f"{shown(raw)} không phải tên cột đã biết hay mã số đo"))
        return
    if names.setdefault(name, column) != column:
        header.wrong.append((column, f"{shown(raw)} là cột thứ hai của {name}"))


def _entries(header: Header, lines: Iterable[Line], layout: Layout, findings: Findings) -> Iterator[Entry]:
    columns = {column: name for name, column in (*header.known.items(), *header.measures.items())}
    for line in lines:
        row = layout.filled(line.number, line.cells, set(header.known.values()))
        if _is_total(header, row):
            findings.note("là hàng tổng nên không tính", layout.row(line.number))
            continue
        layout.hidden_rows += line.hidden
        if line.hidden and layout.hidden == "skip":
            continue
        hidden = HIDDEN_ROW if line.hidden and layout.hidden == "refuse" else ()
        problems = (*hidden, *_headless(header, line, layout), *layout.problems(line.number, row, columns))
        yield _entry(header, line.number, row, layout, problems)


def _entry(header: Header, number: int, row: Row, layout: Layout, problems: tuple[str, ...]) -> Entry:
    def cell(column: int) -> Cell:
        return Cell(layout.cell(number, column, header.row[column]), row.get(column))

    known = {name: cell(column) for name, column in header.known.items()}
    values = tuple((name, cell(column)) for name, column in header.measures.items() if column in row)
    return Entry(
        layout.row(number), known.get("reading_id"), known.get("observed_on"), known.get("field"), values, problems
    )


def _headless(header: Header, line: Line, layout: Layout) -> Iterator[str]:
    for column in line.cells.keys() - header.row.keys():
        yield f"{layout.cell(line.number, column, None)}: {shown(line.cells[column])} nằm ở cột không có tiêu đề"


def _is_total(header: Header, row: Row) -> bool:
    """A row of sums has no day: it says so where the day or the field would stand, or the number of the row."""
    day = row.get(header.known["observed_on"])
    says = [row.get(column) for column in (*header.known.values(), *header.ignored)]
    return (day is None or _folded(day) in TOTALS) and any(_folded(raw) in TOTALS for raw in says)


def _known(raw: object) -> str | None:
    return KNOWN_HEADERS.get(_folded(raw))


def _folded(raw: object) -> str:
    """A name whatever its case, spaces, Unicode form, and a colon after it."""
    return unicodedata.normalize("NFC", " ".join(raw.split())).casefold().rstrip(":") if isinstance(raw, str) else ""
