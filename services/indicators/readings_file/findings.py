"""Collects what a clerk must know about a file of readings: errors of the file, refused rows, and notes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.repeated_problems import SHEET

MAX_SENTENCES = 100


class FileErrors(ValueError):
    """A file that was refused as a whole. `errors` holds Vietnamese sentences for the clerk, one an error."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class FoundColumn(NamedTuple):
    """A column of a table: its place, its headings, and the measure or part of a reading that it holds.

    `meaning` is "" of a column that is passed over, and None of one that is unknown.
    """

    place: str
    heading: str
    meaning: str | None


class RefusedRow(NamedTuple):
    """A row or line that is no reading: its place, every reason, and its texts by column."""

    place: str
    reasons: tuple[str, ...]
    texts: Mapping[str, str]


def printable(text: str, longest: int = 60) -> str:
    """Text from a file, made fit for a terminal: cut, and without control characters or lone surrogates."""
    if len(text) <= longest and text.isprintable():
        return text
    cut = text if len(text) <= longest else text[:longest] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)


def several(places: Sequence[str], most: int = 5) -> str:
    """The first places of many, with the sheet once."""
    first, *others = places[:most]
    return ", ".join([first, *(SHEET.sub("", place) for place in others)]) + (" …" if len(places) > most else "")


class Findings:
    """Collects errors of the whole file, and notes on what was not counted, while the file is read on."""

    def __init__(self, file_name: str) -> None:
        self.file_name = printable(file_name, 255)
        self.count = 0
        self.notes: list[str] = []
        self.columns: list[FoundColumn] = []
        self._sentences: list[str] = []

    def add(self, problem: str, place: str = "") -> None:
        """An error that leaves the meaning of the whole file in doubt."""
        self.count += 1
        if self.count <= MAX_SENTENCES:
            self._sentences.append(self._sentence(problem, place))

    def note(self, note: str, place: str = "") -> None:
        """Something that the clerk should know, although it is no error."""
        if len(self.notes) < MAX_SENTENCES:
            self.notes.append(self._sentence(note, place))

    def refusal(self, problem: str) -> FileErrors:
        """To be raised where nothing of the file can be read."""
        return FileErrors([self._sentence(problem, "")])

    def raise_any(self) -> None:
        """Raises `FileErrors` if an error was found."""
        more = self.count - len(self._sentences)
        if self.count:
            raise FileErrors([*self._sentences, *([f"và {more} lỗi khác"] if more else [])])

    def _sentence(self, remark: str, place: str) -> str:
        return ": ".join(part for part in (self.file_name, place, remark) if part)
