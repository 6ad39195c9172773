"""Finds the roles of columns by the contents of their cells, for headers that are lost or empty."""

from collections.abc import Callable, Sequence

from services.planning.documents.document import Row
from services.planning.documents.tables.cell_contents import (
    code_of,
    is_body,
    is_schedule,
    is_target,
    is_unit,
    texts_of,
)
from services.planning.documents.tables.columns.column import ROLE_NAMES, Column, ColumnRole, Columns

_LOOKS: tuple[tuple[ColumnRole, Callable[[str], object]], ...] = (
    ("unit", is_unit),
    ("target", is_target),
    ("schedule", is_schedule),
    ("bodies", is_body),
)


def columns_by_cells(rows: Sequence[Row]) -> Columns | None:
    """None where no column looks like schedules, bodies or targets."""
    width = len(rows[0].cells)
    texts = [texts_of(row) for row in rows]
    cells = [[row[at] for row in texts if row[at]] for at in range(width)]
    if width < 3 or not _full_rows(rows):
        return None
    roles: list[ColumnRole | None] = [role_by_cells(at, column) for at, column in enumerate(cells)]
    if not any(role in ("schedule", "bodies", "target") for role in roles):
        return None
    _name_texts(roles, cells)
    _name_bodies(roles)
    return Columns(tuple(Column(at, role or "other") for at, role in enumerate(roles)))


def role_by_cells(at: int, cells: Sequence[str]) -> ColumnRole | None:
    """The role of a column without a header; None for running text."""
    if at == 0 and mostly(code_of, cells):
        return "number"
    return next((role for role, looks in _LOOKS if mostly(looks, cells)), None)


def mostly(test: Callable[[str], object], cells: Sequence[str], share: float = 0.5) -> bool:
    """Whether more than a share of the cells pass; an empty column passes nothing."""
    return bool(cells) and sum(bool(test(cell)) for cell in cells) > share * len(cells)


def guess_warning(columns: Columns) -> str:
    """The guessed columns, for a person to check."""
    guess = "; ".join(f"cột {column.at + 1} là {ROLE_NAMES[column.role]}" for column in columns.all)
    return f"bảng không có dòng tiêu đề, các cột được xác định theo nội dung các ô: {guess}."


def _full_rows(rows: Sequence[Row]) -> bool:
    return sum(sum(bool(text) for text in texts_of(row)) >= 3 for row in rows) >= min(2, len(rows))


def _name_texts(roles: list[ColumnRole | None], cells: Sequence[Sequence[str]]) -> None:
    """The first column of long texts is the content, the next the product."""
    texts = [at for at, role in enumerate(roles) if role is None and cells[at]]
    if not texts:
        texts = [at for at, role in enumerate(roles) if role == "bodies" and cells[at]][:1]
    for at in texts[:1]:
        roles[at] = "content"
    for at in texts[1:2]:
        roles[at] = "deliverable"


def _name_bodies(roles: list[ColumnRole | None]) -> None:
    """Of two columns with bodies the first leads; role words within the cells are read later."""
    bodies = [at for at, role in enumerate(roles) if role == "bodies"]
    if len(bodies) >= 2:
        roles[bodies[0]], roles[bodies[1]] = "lead", "support"
        for at in bodies[2:]:
            roles[at] = "other"
