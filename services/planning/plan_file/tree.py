"""The plain values of a plan file, the location of each, and the problems found while they were read."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

Path = tuple[str | int, ...]
Value: TypeAlias = "dict[str, Value] | tuple[Value, ...] | str | int | Decimal | bool | None"


@dataclass(frozen=True, order=True)
class Location:
    """Counted from 1, the column in characters."""

    line: int
    column: int


class UnreadableFile(Exception):
    """The text cannot be read to its end."""

    def __init__(self, place: Location, sentence: str) -> None:
        super().__init__(place, sentence)
        self.place, self.sentence = place, sentence


@dataclass
class Tree:
    """`spoilt` are paths not checked further."""

    value: Value = None
    places: dict[Path, Location] = field(default_factory=dict)
    keys: dict[Path, Location] = field(default_factory=dict)
    problems: list[tuple[Location, str]] = field(default_factory=list)
    spoilt: set[Path] = field(default_factory=set)

    def report(self, path: Path, place: Location, sentence: str) -> None:
        self.problems.append((place, f"{written(path)} {sentence}"))

    def spoil(self, path: Path, place: Location, sentence: str) -> None:
        self.spoilt.add(path)
        self.report(path, place, sentence)

    def place_of(self, path: Path) -> Location:
        """Of the value at a path, or of the nearest one that holds it."""
        return next(self.places[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.places)


def written(path: Path) -> str:
    """tasks[3].milestones[0].due, counted from 0; "Tệp" for its root."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{_one_line(step)}" for step in path)
    return steps.removeprefix(".") or "Tệp"


def _one_line(key: str) -> str:
    return key[:60] if key.isprintable() and key else ascii(key[:60])
