"""Reads the file in which a commune keeps its readings: CSV, XLSX or JSON lines; a bad row costs no good one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from services.indicators.readings_file import csv_file, json_lines_file, xlsx_file
from services.indicators.readings_file.choices import HIDDEN, Choices, Hidden
from services.indicators.readings_file.entries import Entry
from services.indicators.readings_file.errors import FileErrors, Findings, RefusedRow
from services.indicators.readings_file.gathering import gather
from shared.contracts.indicators import Reading

__all__ = ["HIDDEN", "Choices", "FileErrors", "FileReadings", "Hidden", "RefusedRow", "read_readings"]

MAX_BYTES = 50 * 1024 * 1024

ENTRIES: dict[str, Callable[[bytes, Findings, Choices], Iterator[Entry]]] = {
    ".csv": csv_file.entries,
    ".xlsx": xlsx_file.entries,
    ".jsonl": json_lines_file.entries,
}


class FileReadings(NamedTuple):
    """What a file says: its readings, the rows that are none with the reasons, and notes on what was not counted."""

    readings: list[Reading]
    refused: list[RefusedRow]
    notes: list[str]


def read_readings(
    path: Path, choices: Choices | None = None, told: Callable[[int], None] = lambda _: None
) -> FileReadings:
    """The readings of a file, in its order: at most 100,000, no two with the same id, and every row that is none.

    Raises `FileErrors` where the meaning of all rows is in doubt: the file cannot be opened, it has no header, a column
    stands twice or is unknown. `told` hears now and then how many rows were read.
    """
    findings = Findings(path.name or str(path))
    content = _content(path, findings)
    gathered = gather(ENTRIES[path.suffix.lower()](content, findings, choices or Choices()), findings, told)
    findings.raise_any()
    readings, refused = gathered.readings(), gathered.refused()
    if not readings and not refused:
        raise findings.refusal("không có số liệu nào")
    return FileReadings(readings, refused, findings.notes)


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
        raise findings.refusal(f"không mở được ({error.strerror or error})") from error
    if not content.strip():
        raise findings.refusal("là tệp rỗng")
    return content
