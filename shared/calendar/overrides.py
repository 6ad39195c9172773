"""Reads the override file: decisions about single days, each with its date and its document."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unicodedata import normalize

from shared.vietnamese import written_day

COLUMNS = ("day", "is", "decided_on", "source")
IS_WORKING = {"off": False, "working": True}
YEARS = range(1990, 2200)  # those of a plan file; another is a slip of the finger
LARGEST = 1024 * 1024  # bytes; ten years of decisions are some kilobytes
SHOWN = 20  # errors


class CalendarError(ValueError):
    """The errors of an override file, each as "<file>:<line>: <sentence>" or "<file>: <sentence>"."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(self.errors)


@dataclass(frozen=True)
class Override:
    """`day` is a working day or not, known since `decided_on`; `source` names the document."""

    day: date
    is_working: bool
    decided_on: date
    source: str


def load_overrides(path: Path) -> tuple[Override, ...]:
    """The overrides of a CSV file with the columns day, is (off or working), decided_on and source, in its order.

    UTF-8, at most 1 MB; days as 2026-01-02; lines that begin with # are comments. A later decision about the same day
    replaces the earlier one from its date on. Raises CalendarError with up to 20 errors; nothing else.
    """
    try:
        return _overrides_in(_text_of(path))
    except _Wrong as wrong:
        raise CalendarError([f"{path}: {wrong}"]) from None
    except _WrongLines as wrong:
        raise CalendarError([f"{path}:{number}: {sentence}" for number, sentence in wrong.lines[:SHOWN]]) from None


class _Wrong(Exception):
    """A sentence about the file or a line."""


class _WrongLines(Exception):
    def __init__(self, lines: list[tuple[int, str]]) -> None:
        super().__init__(lines)
        self.lines = lines


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():
            raise _Wrong("this is not a file" if path.exists() else "there is no such file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _Wrong(f"the file cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise _Wrong("the file is larger than 1 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Wrong("the file is not text in UTF-8") from None
    if re.search(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]", text):
        raise _Wrong("the file holds control characters, so it is not CSV")
    return normalize("NFC", text)


def _overrides_in(text: str) -> tuple[Override, ...]:
    lines = _lines(text)
    columns = _header(lines)
    found: dict[tuple[date, date], int] = {}
    overrides, errors = [], []
    for number, line in lines:
        try:
            override = _override(columns, _cells(line))
            first = found.setdefault((override.day, override.decided_on), number)
            if first != number:
                raise _Wrong(f"line {first} has a decision about {override.day} of the same date already")
            overrides.append(override)
        except _Wrong as wrong:
            errors.append((number, str(wrong)))
    if errors:
        raise _WrongLines(errors)
    return tuple(overrides)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbered from 1, without comments and without the empty rows that a spreadsheet leaves."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip(" \t\r,") and not line.startswith("#"):
            yield number, line.rstrip("\r")


def _header(lines: Iterator[tuple[int, str]]) -> list[str]:
    number, header = next(lines, (1, ""))
    try:
        return _columns(header)
    except _Wrong as wrong:
        raise _WrongLines([(number, str(wrong))]) from None


def _columns(header: str) -> list[str]:
    columns = _cells(header)
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise _Wrong(f"the column {unknown[0][:40]!r} is unknown; the columns are {','.join(COLUMNS)}")
    if missing := [name for name in COLUMNS if columns.count(name) != 1]:
        stands = "is missing" if missing[0] not in columns else "stands twice"
        raise _Wrong(f"the column {missing[0]} {stands}; the columns are {','.join(COLUMNS)}")
    return columns


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for row in csv.reader([line], strict=True) for cell in row]
    except csv.Error as error:
        raise _Wrong(f"the line is not CSV: {error}") from None


def _override(columns: list[str], cells: list[str]) -> Override:
    if len(cells) != len(columns):
        raise _Wrong(f"the line has {len(cells)} cells, not {len(columns)}")
    row = dict(zip(columns, cells, strict=True))
    day, decided_on = _day("day", row["day"]), _day("decided_on", row["decided_on"])
    if row["is"] not in IS_WORKING:
        raise _Wrong(f"is must be off or working, not {row['is'][:40]!r}")
    if decided_on > day:
        raise _Wrong(f"decided_on ({decided_on}) is after the day that it is about ({day})")
    if not row["source"]:
        raise _Wrong("source is empty; write the number of the document")
    return Override(day, IS_WORKING[row["is"]], decided_on, row["source"])


def _day(column: str, cell: str) -> date:
    try:
        day = written_day(cell)
    except ValueError:
        raise _Wrong(f"{column} is not a day of the calendar: {cell}") from None
    if day is None:
        raise _Wrong(f"{column} must be a day written as 2026-01-02 or 2/1/2026, not {cell[:40]!r}")
    if day.year not in YEARS:
        raise _Wrong(f"{column} is not in the years {YEARS[0]} to {YEARS[-1]}: {cell}")
    return day
