"""What the rows of a table are by its columns: tasks, indicators, or neither."""

import re
from typing import Literal

from services.planning.documents.tables.columns import BODIES, SCHEDULES, Columns
from shared.vietnamese import folded

Kind = Literal["tasks", "indicators"]
_WHO_OR_WHEN = {*BODIES, *SCHEDULES, "marked"}
_TARGETS = re.compile(r"(nội dung |tên |các )*(chỉ tiêu|mục tiêu)\b(?!.*(nhiệm vụ|giải pháp|công việc|hoạt động))")


def kind_of(columns: Columns) -> Kind | None:
    if columns.first("content") is None:
        return None
    if columns.first("target") and (columns.first("unit") or not columns.of(*SCHEDULES, "deliverable")):
        return "indicators"
    if _names_targets(columns):
        return "indicators"
    if _lists_people(columns):
        return None
    says_who_or_when = any({column.role, *column.also} & _WHO_OR_WHEN for column in columns.all)
    if says_who_or_when or (columns.first("number") and columns.first("deliverable")):
        return "tasks"
    return None


def _names_targets(columns: Columns) -> bool:
    """Whether the levels stand within the names: "Chỉ tiêu" above "80% hồ sơ trực tuyến", and no work beside it."""
    if columns.of(*SCHEDULES, "deliverable") or any(column.also for column in columns.all):
        return False
    return all(_TARGETS.match(folded(c.header)) for c in columns.of("content"))


def _lists_people(columns: Columns) -> bool:
    """The members of a team with their posts, which is no work with a date or a result."""
    names = [folded(header) for header in columns.headers()]
    if columns.of(*SCHEDULES, "deliverable"):
        return False
    return any(name.startswith(("họ và tên", "họ tên", "chức vụ", "chức danh")) for name in names)
