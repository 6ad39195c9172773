"""The columns of one table: role and header of each, and the kind of table that they make."""

import re
from dataclasses import dataclass
from typing import Literal

from services.planning.phrases.bodies import BodiesRole
from shared.vietnamese import folded

# "share", "indicator", "unit or body", "person" and "evidence" are ambiguous; column_roles.py replaces them.
# "marked" is a column that is named after a body and has marks in its cells; "role" tells the role of the body beside.
ColumnRole = Literal[
    "number",
    "group",
    "content",
    "deliverable",
    "lead",
    "support",
    "bodies",
    "schedule",
    "begin",
    "end",
    "period",
    "unit",
    "target",
    "share",
    "indicator",
    "unit or body",
    "person",
    "evidence",
    "marked",
    "role",
    "other",
]
TableKind = Literal["tasks", "indicators"]

BODIES: tuple[ColumnRole, ...] = ("lead", "support", "bodies")
SCHEDULES: tuple[ColumnRole, ...] = ("schedule", "begin", "end", "period")
ROLE_NAMES: dict[ColumnRole, str] = {
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
_WHO_OR_WHEN = {*BODIES, *SCHEDULES, "marked"}
_TARGETS = re.compile(r"(nội dung |tên |các )*(chỉ tiêu|mục tiêu)\b(?!.*(nhiệm vụ|giải pháp|công việc|hoạt động))")
_YEAR = re.compile(r"\b(20\d\d)\b")


@dataclass(frozen=True)
class Column:
    """`header` is as printed, "" where the header is lost; `also`: further roles that its words name."""

    at: int
    role: ColumnRole
    header: str = ""
    also: tuple[ColumnRole, ...] = ()
    is_by_cells: bool = False  # its header is unknown: its cells tell the role

    @property
    def year(self) -> int | None:
        years = _YEAR.findall(self.header)
        return int(years[-1]) if years else None

    @property
    def name(self) -> str:
        """The header, or the number of the column, for a warning."""
        return self.header or str(self.at + 1)


@dataclass(frozen=True)
class Columns:
    """All columns of a table, in their order."""

    all: tuple[Column, ...]

    def of(self, *roles: ColumnRole) -> list[Column]:
        return [column for column in self.all if column.role in roles]

    def first(self, *roles: ColumnRole) -> Column | None:
        return next(iter(self.of(*roles)), None)

    def headers(self) -> tuple[str, ...]:
        """For comparison with a header that is printed again on the next page."""
        return tuple(folded(column.header) for column in self.all)

    @property
    def kind(self) -> TableKind | None:
        if self.first("content") is None:
            return None
        assigns_work = any({*column.also} & _WHO_OR_WHEN for column in self.of("content"))
        if self.first("target") and (self.first("unit") or not (assigns_work or self.of(*SCHEDULES, "deliverable"))):
            return "indicators"
        if self._name_targets():
            return "indicators"
        if self._list_people():
            return None
        names_who_or_when = any({column.role, *column.also} & _WHO_OR_WHEN for column in self.all)
        if names_who_or_when or (self.first("number") and self.first("deliverable")):
            return "tasks"
        return None

    def _name_targets(self) -> bool:
        """Whether the names hold the targets ("80% hồ sơ trực tuyến" below "Chỉ tiêu") and no column is about work."""
        if self.of(*SCHEDULES, "deliverable") or any(column.also for column in self.all):
            return False
        return all(_TARGETS.match(folded(column.header)) for column in self.of("content"))

    def _list_people(self) -> bool:
        """Whether it lists the members of a team with their posts, without a schedule or a deliverable."""
        if self.of(*SCHEDULES, "deliverable"):
            return False
        return any(name.startswith(("họ và tên", "họ tên", "chức vụ", "chức danh")) for name in self.headers())


def role_of_bodies(role: ColumnRole) -> BodiesRole:
    """ "both" for a column that does not name a role."""
    return "lead" if role == "lead" else "support" if role == "support" else "both"
