"""What is to be said of a file of readings: why it is refused, which of its rows are, and what was passed over."""

from collections.abc import Mapping
from typing import NamedTuple

MAX_SENTENCES = 100


class FileErrors(ValueError):
    """A file that was refused as a whole. `errors` holds Vietnamese sentences for the clerk, one an error."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class RefusedRow(NamedTuple):
    """A row or line that is no reading: where it stands, every reason, and what it said by column."""

    place: str
    reasons: tuple[str, ...]
    said: Mapping[str, str]


def printable(text: str, longest: int = 60) -> str:
    """Text from a file, made fit for a terminal: cut, and without control characters or lone surrogates."""
    if len(text) <= longest and text.isprintable():
        return text
    cut = text if len(text) <= longest else text[:longest] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)


class Findings:
    """Gathers what concerns a file as a whole while it is read on: errors, and notes on what was not counted."""

    def __init__(self, file_name: str) -> None:
        self.file_name = printable(file_name, 255)
        self.count = 0
        self.notes: list[str] = []
        self._sentences: list[str] = []

    def add(self, what: str, place: str = "") -> None:
        """An error that leaves the meaning of the whole file in doubt."""
        self.count += 1
        if self.count <= MAX_SENTENCES:
            self._sentences.append(self._sentence(what, place))

    def note(self, what: str, place: str = "") -> None:
        """What the clerk should know, although nothing is wrong with it."""
        if len(self.notes) < MAX_SENTENCES:
            self.notes.append(self._sentence(what, place))

    def refusal(self, what: str) -> FileErrors:
        """To be raised where nothing of the file can be read."""
        return FileErrors([self._sentence(what, "")])

    def raise_any(self) -> None:
        """Raises `FileErrors` if an error was found."""
        more = self.count - len(self._sentences)
        if self.count:
            raise FileErrors([*self._sentences, *([f"và {more} lỗi khác"] if more else [])])

    def _sentence(self, what: str, place: str) -> str:
        return ": ".join(part for part in (self.file_name, place, what) if part)
