"""Reads a commune's file of readings: CSV, XLSX or JSON lines. A bad row is refused alone."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from services.indicators.readings_file.entries import Entry
from services.indicators.readings_file.findings import FileErrors, Findings, RefusedRow
from services.indicators.readings_file.formats.csv_file import csv_entries
from services.indicators.readings_file.formats.json_lines_file import json_lines_entries
from services.indicators.readings_file.formats.xlsx_file import xlsx_entries
from services.indicators.readings_file.names.known import Names
from services.indicators.readings_file.tables.layout import HIDDEN, Choices, Hidden
from services.indicators.readings_file.unique_readings import unique_readings
from shared.contracts import Refused
from shared.contracts.indicators import Reading
from shared.faults import fault_text

__all__ = ["HIDDEN", "Choices", "FileErrors", "FileReadings", "Hidden", "RefusedRow", "read_readings"]

MAX_BYTES = 50 * 1024 * 1024

ENTRIES: dict[str, Callable[[bytes, Findings, Choices], Iterator[Entry]]] = {
    ".csv": csv_entries,
    ".xlsx": xlsx_entries,
    ".jsonl": json_lines_entries,
}


class FileReadings(NamedTuple):
    """The readings of a file, the rows that are none with the reasons, and notes on what was not counted.

    `row_of` has the place and the texts of a reading by its id, for one that is refused later.
    """

    readings: list[Reading]
    refused: list[RefusedRow]
    notes: list[str]
    row_of: Callable[[str], RefusedRow | None]

    def refused_later(self, refused: Iterable[Refused]) -> list[RefusedRow]:
        """The rows of this file among those that the province refused, each with its sentence."""
        found = ((self.row_of(item.item), item.sentence) for item in refused)
        return [row._replace(reasons=(sentence,)) for row, sentence in found if row]


def read_readings(
    path: Path, choices: Choices | None = None, progress: Callable[[int], None] = lambda _: None
) -> FileReadings:
    """The readings of a file, in its order: at most 100,000, no two with the same id, and every row that is none.

    Raises `FileErrors` where the meaning of all rows is in doubt: the file cannot be opened, it has no header, a column
    occurs twice or is unknown. `progress` is called now and then with the number of rows read.
    """
    findings = Findings(path.name or str(path))
    choices = choices or Choices()
    return readings_of(file_entries(path, choices, findings), path.suffix.lower(), findings, choices, progress)


def readings_of(
    entries: Iterable[Entry],
    suffix: str,
    findings: Findings,
    choices: Choices,
    progress: Callable[[int], None] = lambda _: None,
) -> FileReadings:
    """The readings that the rows or lines of a file hold. Raises `FileErrors` as `read_readings` does."""
    unique = unique_readings(entries, findings, progress, in_a_sheet=suffix == ".xlsx", names=Names(choices.own))
    findings.raise_any()
    readings, refused = unique.readings(), unique.refused()
    if not readings and not refused:
        raise findings.refusal("không có số liệu nào")
    return FileReadings(readings, refused, findings.notes, unique.row_of)


def file_entries(path: Path, choices: Choices, findings: Findings) -> Iterator[Entry]:
    """The rows or lines of a file. Raises `FileErrors` where it cannot be opened."""
    content = _content(path, findings)
    return ENTRIES[path.suffix.lower()](content, findings, choices)


def _content(path: Path, findings: Findings) -> bytes:
    try:
        if path.is_dir():
            raise findings.refusal("là thư mục, không phải tệp")
        if not path.is_file():
            raise findings.refusal("không phải là tệp" if path.exists() else "không có tệp này")
        if path.suffix.lower() not in ENTRIES:
            raise findings.refusal("tên tệp phải kết thúc bằng .csv, .xlsx hoặc .jsonl")
        if path.stat().st_size > MAX_BYTES:
            raise findings.refusal("lớn hơn 50 MB")
        content = path.read_bytes()
    except OSError as error:
        raise findings.refusal(f"không mở được ({fault_text(error)})") from error
    if not content.strip():
        raise findings.refusal("là tệp rỗng")
    return content
