"""Columns by what their cells hold, for a table whose header is lost."""

from collections.abc import Sequence

from services.planning.documents.document import Row
from services.planning.documents.tables.columns import Column, Columns, role_by_cells
from services.planning.documents.tables.header_words import Role
from services.planning.documents.tables.headers import texts_of

NAMES: dict[Role, str] = {
    "number": "số thứ tự",
    "content": "nội dung",
    "deliverable": "sản phẩm",
    "lead": "chủ trì",
    "support": "phối hợp",
    "bodies": "cơ quan thực hiện",
    "schedule": "thời gian",
    "unit": "đơn vị tính",
    "target": "chỉ tiêu",
    "other": "chưa rõ",
}


def columns_by_contents(rows: Sequence[Row]) -> Columns | None:
    """None where nothing says that these are tasks or indicators."""
    width = len(rows[0].cells)
    texts = [texts_of(row) for row in rows]
    cells = [[row[at] for row in texts if row[at]] for at in range(width)]
    if width < 3 or not _full_rows(rows):
        return None
    roles: list[Role | None] = [role_by_cells(at, column) for at, column in enumerate(cells)]
    if not any(role in ("schedule", "bodies", "target") for role in roles):
        return None
    _name_texts(roles, cells)
    _name_bodies(roles)
    return Columns(tuple(Column(at, role or "other") for at, role in enumerate(roles)))


def told(columns: Columns) -> str:
    """The guess, for a person to look at."""
    guess = "; ".join(f"cột {column.at + 1} là {NAMES[column.role]}" for column in columns.all)
    return f"bảng không có dòng tiêu đề, các cột được xác định theo nội dung các ô: {guess}."


def _full_rows(rows: Sequence[Row]) -> bool:
    return sum(sum(bool(text) for text in texts_of(row)) >= 3 for row in rows) >= min(2, len(rows))


def _name_texts(roles: list[Role | None], cells: Sequence[Sequence[str]]) -> None:
    """The first column of long texts is the content, the next the product."""
    texts = [at for at, role in enumerate(roles) if role is None and cells[at]]
    if not texts:
        texts = [at for at, role in enumerate(roles) if role == "bodies" and cells[at]][:1]
    for at in texts[:1]:
        roles[at] = "content"
    for at in texts[1:2]:
        roles[at] = "deliverable"


def _name_bodies(roles: list[Role | None]) -> None:
    """Of two columns with bodies the first leads; words in the cells that say otherwise are read with them."""
    bodies = [at for at, role in enumerate(roles) if role == "bodies"]
    if len(bodies) >= 2:
        roles[bodies[0]], roles[bodies[1]] = "lead", "support"
        for at in bodies[2:]:
            roles[at] = "other"
