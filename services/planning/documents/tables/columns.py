"""The columns of one table, each with what it holds and the header that says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.planning.documents.tables.cell_contents import (
    code_of,
    is_body,
    is_schedule,
    is_target,
    is_unit,
)
from services.planning.documents.tables.header_words import Role, year_in
from shared.vietnamese import folded

BODIES: tuple[Role, ...] = ("lead", "support", "bodies")
SCHEDULES: tuple[Role, ...] = ("schedule", "begin", "end", "period")
BodiesRole = Literal["lead", "support", "both"]
_LOOKS: tuple[tuple[Role, Callable[[str], object]], ...] = (
    ("unit", is_unit),
    ("target", is_target),
    ("schedule", is_schedule),
    ("bodies", is_body),
)


@dataclass(frozen=True)
class Column:
    """`header` is as printed; "" where the header is lost. `also`: what else its words name."""

    at: int
    role: Role
    header: str = ""
    also: tuple[Role, ...] = ()

    @property
    def year(self) -> int | None:
        return year_in(self.header)


@dataclass(frozen=True)
class Columns:
    """All columns of a table, in their order."""

    all: tuple[Column, ...]

    def of(self, *roles: Role) -> list[Column]:
        return [column for column in self.all if column.role in roles]

    def first(self, *roles: Role) -> Column | None:
        return next(iter(self.of(*roles)), None)

    def headers(self) -> tuple[str, ...]:
        """For comparison: the same header printed on the next page."""
        return tuple(folded(column.header) for column in self.all)


def role_of_bodies(role: Role) -> BodiesRole:
    """ "both" is a column that does not say."""
    return "lead" if role == "lead" else "support" if role == "support" else "both"


def role_by_cells(at: int, cells: Sequence[str]) -> Role | None:
    """Of a column without a header; None for running text."""
    if at == 0 and mostly(code_of, cells):
        return "number"
    return next((role for role, looks in _LOOKS if mostly(looks, cells)), None)


def mostly(test: Callable[[str], object], cells: Sequence[str], share: float = 0.5) -> bool:
    """Whether more than a share of the cells pass; an empty column passes nothing."""
    return bool(cells) and sum(bool(test(cell)) for cell in cells) > share * len(cells)
