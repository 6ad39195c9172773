"""Reads the file in which a commune keeps its readings: CSV, XLSX or JSON lines; all of it or nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

from services.indicators.readings_file import csv_file, json_lines_file, xlsx_file
from services.indicators.readings_file.entries import Entry, readings_in
from services.indicators.readings_file.errors import FileErrors, Findings
from shared.contracts.indicators import Reading

__all__ = ["FileErrors", "read_readings"]

MAX_BYTES = 50 * 1024 * 1024

ENTRIES: dict[str, Callable[[bytes, Findings], Iterator[Entry]]] = {
    ".csv": csv_file.entries,
    ".xlsx": xlsx_file.entries,
    ".jsonl": json_lines_file.entries,
}


def read_readings(path: Path) -> list[Reading]:
    """The readings of a file, in its order: at least one and at most 100,000, no two with the same id.

    Raises `FileErrors` with a sentence for every error in the file; nothing else, whatever the file holds.
    Where there is no reading id, it is the day and the field, so that a file pushed twice is the same readings.
    """
    findings = Findings(path.name or str(path))
    content = _content(path, findings)
    readings = readings_in(ENTRIES[path.suffix.lower()](content, findings), findings)
    findings.raise_any()
    if not readings:
        raise findings.refusal("holds no readings")
    return readings


def _content(path: Path, findings: Findings) -> bytes:
    try:
        if path.is_dir():
            raise findings.refusal("is a folder, not a file")
        if not path.is_file():
            raise findings.refusal("is not a file" if path.exists() else "there is no such file")
        if path.suffix.lower() not in ENTRIES:
            raise findings.refusal("the name must end in .csv, .xlsx or .jsonl")
        if path.stat().st_size > MAX_BYTES:
            raise findings.refusal("is larger than 50 MB")
        content = path.read_bytes()
    except OSError as error:
        raise findings.refusal(f"cannot be opened: {error.strerror or error}") from error
    if not content.strip():
        raise findings.refusal("is empty")
    return content
