"""A table of readings, from CSV or XLSX: its header says what each column is, each row below it is one reading."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol

from services.indicators.readings_file.cells import CellError, id_in, is_empty, shown
from services.indicators.readings_file.entries import Cell, Entry
from services.indicators.readings_file.errors import Findings

MAX_COLUMNS = 256

# What stands in the cells that are not empty, by column, counted from 1.
Row = dict[int, object]

KNOWN_HEADERS = {
    "reading_id": "reading_id",
    "observed_on": "observed_on",
    "ngày": "observed_on",
    "ngày báo cáo": "observed_on",
    "field": "field",
    "lĩnh vực": "field",
}


class Places(Protocol):
    """How a kind of table names its places."""

    def row(self, number: int) -> str: ...

    def cell(self, number: int, column: int, header: object) -> str: ...


def known_header(raw: object) -> str | None:
    """The part of a reading that a header names, whatever its case, spaces and Unicode form."""
    return KNOWN_HEADERS.get(unicodedata.normalize("NFC", " ".join(str(raw).split())).casefold())


def is_header(row: Row) -> bool:
    """Whether a row names the day of a reading, without which a table cannot be read."""
    return any(known_header(raw) == "observed_on" for raw in row.values())


def filled(rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """The rows in which something stands, with their numbers."""
    for number, row in rows:
        cells = {column: raw for column, raw in row.items() if not is_empty(raw)}
        if cells:
            yield number, cells


class Table:
    """The columns that a header row names, and the entries in the rows below it."""

    def __init__(self, number: int, header: Row, places: Places, findings: Findings) -> None:
        self._header = header
        self._places = places
        self._findings = findings
        self._known: dict[str, int] = {}
        self._measures: dict[str, int] = {}
        if len(header) > MAX_COLUMNS:
            findings.add(f"there are more than {MAX_COLUMNS} columns", places.row(number))
            return
        for column, raw in header.items():
            self._name(column, raw, places.cell(number, column, raw))

    def _name(self, column: int, raw: object, place: str) -> None:
        known = known_header(raw)
        try:
            names, name = (self._known, known) if known else (self._measures, id_in(raw))
        except CellError:
            self._findings.add(f"{shown(raw)} is neither a column of readings nor the id of a measure", place)
            return
        if names.setdefault(name, column) != column:
            self._findings.add(f"{shown(raw)} is a second column for {name}", place)

    def entries(self, rows: Iterable[tuple[int, Row]]) -> Iterator[Entry]:
        """One entry a row. Without a column for the day there is none: each row would repeat the same error."""
        if "observed_on" not in self._known:
            return
        for number, row in rows:
            self._find_headless(number, row)
            yield Entry(
                self._places.row(number),
                self._known_cell("reading_id", number, row),
                self._known_cell("observed_on", number, row),
                self._known_cell("field", number, row),
                [
                    (name, self._cell(number, column, row[column]))
                    for name, column in self._measures.items()
                    if column in row
                ],
            )

    def _find_headless(self, number: int, row: Row) -> None:
        for column in row.keys() - self._header.keys():
            place = self._places.cell(number, column, None)
            self._findings.add(f"{shown(row[column])} stands in a column without a header", place)

    def _known_cell(self, name: str, number: int, row: Row) -> Cell | None:
        column = self._known.get(name)
        return None if column is None else self._cell(number, column, row.get(column))

    def _cell(self, number: int, column: int, raw: object) -> Cell:
        return Cell(self._places.cell(number, column, self._header[column]), raw)
