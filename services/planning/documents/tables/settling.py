"""Header cells as columns, with what their words leave open settled by the other columns and by the cells below."""

from collections.abc import Sequence
from dataclasses import replace

from services.planning.documents.tables.cell_contents import (
    is_body,
    is_schedule,
    is_target,
    is_unit,
    one_line,
    stripped,
)
from services.planning.documents.tables.columns import BODIES, SCHEDULES, Column, Columns, mostly, role_by_cells
from services.planning.documents.tables.header_words import Role, further_roles, role_of, role_under
from services.planning.documents.tables.marked_bodies import is_for_one_body
from shared.vietnamese import folded


def columns_under(parents: Sequence[str], headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns:
    """`parents` is the first row of a header and `headers` the row under it ("" where there is none)."""
    found = []
    for at, (parent, header) in enumerate(zip(parents, headers, strict=True)):
        name = header or parent
        if role_of(name) == "other" and is_for_one_body(name, _cells(rows, at)):
            found.append(Column(at, "marked", one_line(name)))
            continue
        role = role_under(parent, header) if header and header != parent else role_of(parent)
        also = further_roles(name)
        if role == "schedule" and also:  # the time is what is taken out of a cell, whatever stands first
            role, also = also[0], ("schedule",)
        found.append(Column(at, role, one_line(parent if header == parent else f"{parent} {header}"), also))
    return Columns(tuple(_settled(found, rows)))


def _settled(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    columns = [_by_cells(column, columns, _cells(rows, column.at)) for column in columns]
    columns = _names_and_targets(columns, rows)
    return _one_content(_stretches(_stand_ins(columns)), rows)


def _cells(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [text for row in rows if (text := stripped(row[at]))]


def _by_cells(column: Column, columns: Sequence[Column], cells: Sequence[str]) -> Column:
    """Đơn vị is a unit above "%", and a body above offices; Tỷ lệ a unit above "%", and a target above numbers."""
    if column.role == "unit or body":
        units = mostly(is_unit, cells) or not mostly(is_body, cells)
        return replace(column, role="unit" if units and _has(columns, "indicator", "target", "share") else "bodies")
    if column.role == "share":
        return replace(column, role="unit" if mostly(is_unit, cells) and not mostly(is_target, cells) else "target")
    if not column.header and (role := role_by_cells(column.at, cells)):
        given = _has(columns[: column.at], "lead", "bodies")
        return replace(column, role="support" if role == "bodies" and given else role)
    return column


def _names_and_targets(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Chỉ tiêu is the name of an indicator where nothing else names it, and otherwise what is asked of it."""
    columns = _numbers_as_targets(_without_past(columns), rows)
    named = _has(columns, "content")
    settled: list[Column] = []
    for column in columns:
        if column.role == "indicator":
            role: Role = "target" if named or column.year else "content"
            named = named or role == "content"
            settled.append(replace(column, role=role))
        else:
            settled.append(column)
    if _has(settled, "unit"):
        return settled
    if _has(settled, *SCHEDULES) and (target := next((c for c in settled if c.role == "target"), None)):
        role = "other" if _has(settled, "deliverable") else "deliverable"
        settled = [replace(c, role=role) if c is target else c for c in settled]
    return settled


def _without_past(columns: list[Column]) -> list[Column]:
    """What was reached in an earlier year stands beside what is asked."""
    years = [column.year for column in columns if column.year and column.role in ("target", "indicator")]
    return [
        replace(column, role="other") if column.role == "deliverable" and column.year and years else column
        for column in columns
    ]


def _numbers_as_targets(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Beside units a column of numbers is what is asked, whatever its header: Yêu cầu, Kết quả cần đạt."""
    if not _has(columns, "unit") or _has(columns, "target"):
        return columns
    asked = (c for c in columns if c.role in ("deliverable", "indicator") and mostly(is_target, _cells(rows, c.at)))
    chosen = next(asked, None)
    return [replace(column, role="target") if column is chosen else column for column in columns]


def _stand_ins(columns: list[Column]) -> list[Column]:
    """Người phụ trách and Tài liệu kiểm chứng say who does what with which result, unless other columns do."""
    roles: dict[Role, Role] = {
        "person": "other" if _has(columns, *BODIES) else "bodies",
        "evidence": "other" if _has(columns, "deliverable", "target") else "deliverable",
    }
    return [replace(column, role=roles.get(column.role, column.role)) for column in columns]


def _stretches(columns: list[Column]) -> list[Column]:
    """Beside the beginning Thời gian hoàn thành is the end."""
    if not _has(columns, "begin") or _has(columns, "end"):
        return columns
    end = next((c for c in columns if c.role == "schedule" and "hoàn thành" in folded(c.header)), None)
    return [replace(column, role="end") if column is end else column for column in columns]


def _one_content(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Of several columns with contents the last but those of a smaller kind names the task; those before it group."""
    contents = [column for column in columns if column.role == "content"]
    if not contents:
        names = [column for column in columns if column.role == "group"][-1:] or _unknown_names(columns, rows)
        return [replace(column, role="content") if column in names else column for column in columns]
    main = max(contents, key=lambda column: (_is_work(column.header), -column.at))
    return [
        replace(column, role="group") if column.role == "content" and column.at < main.at else column
        for column in columns
    ]


def _unknown_names(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Beside numbers and dates the first column of texts says what is to be done, whatever its header."""
    dated = any(mostly(is_schedule, _cells(rows, c.at)) for c in columns if c.role == "schedule")
    if not dated or not _has(columns, "number"):
        return []
    return [c for c in columns if c.role == "other" and c.header and 2 * len(_cells(rows, c.at)) > len(rows)][:1]


def _is_work(header: str) -> bool:
    return any(word in folded(header) for word in ("nhiệm vụ", "công việc", "hoạt động", "đầu việc", "chỉ tiêu"))


def _has(columns: Sequence[Column], *roles: Role) -> bool:
    return any(column.role in roles for column in columns)
