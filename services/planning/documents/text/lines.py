"""The lines of a text with their numbers; each reader takes its tables out of a run of lines and leaves the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.planning.documents.document import Table


class Line(NamedTuple):
    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text or self.text.isspace()


@dataclass(frozen=True)
class Note:
    """Something a person should look at; `line` puts the notes of several readers in order."""

    line: int
    sentence: str


Run = Sequence[Line]
Part = Run | Table
Reader = Callable[[Run, list[Note]], list[Part]]


def place(line: int) -> str:
    return f"dòng {line}"
