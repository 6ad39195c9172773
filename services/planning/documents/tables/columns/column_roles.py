"""Finds the role of each column: by its header, by the other columns, and by its cells where the header is lost."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.document import Row
from services.planning.documents.tables.cell_contents import (
    code_of,
    is_a_leader,
    is_body,
    is_schedule,
    is_target,
    is_unit,
    one_line,
    role_of_mark,
    stripped,
    texts_of,
)
from services.planning.documents.tables.columns.column import ROLE_NAMES, SCHEDULES, Column, ColumnRole, Columns
from services.planning.documents.tables.columns.header_words import (
    further_roles,
    is_known_other,
    role_of,
    role_under,
)
from services.planning.phrases.bodies import is_outside_commune
from services.planning.phrases.schedules import NO_TIME, read_schedule
from shared.vietnamese import folded

MOST_LOOKED_AT = 40  # cells of a column, to find what it holds

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


def columns_under(parents: Sequence[str], headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns:
    """`parents` is the first row of a header and `headers` the row under it ("" where there is none)."""
    found = []
    for at, (parent, header) in enumerate(zip(parents, headers, strict=True)):
        name = header or parent
        cells = _cells(rows, at)
        is_marked = is_body(name) and mostly(role_of_mark, cells)
        if role_of(name) == "other" and (is_marked or (name and mostly(_is_role, cells))):
            found.append(Column(at, "marked", one_line(name)))
            continue
        role = role_under(parent, header) if header and header != parent else role_of(parent)
        also = further_roles(name)
        if role == "schedule" and also:  # the schedule is taken out of a cell, even where it is named first
            role, also = also[0], ("schedule",)
        found.append(Column(at, role, one_line(parent if header == parent else f"{parent} {header}"), also))
    return Columns(tuple(_resolved(found, rows)))


def _is_role(text: str) -> bool:
    """ "CT" or "PH": below any name that is a body."""
    return role_of_mark(text) in ("lead", "support")


def _resolved(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    columns = [_ambiguous_by_cells(column, columns, _cells(rows, column.at)) for column in columns]
    columns = _names_and_targets(columns, rows)
    return _unknown_by_cells(_one_content(_ends(_people_and_evidence(columns)), rows), rows)


def _cells(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [text for row in rows if (text := stripped(row[at]))]


def _ambiguous_by_cells(column: Column, columns: Sequence[Column], cells: Sequence[str]) -> Column:
    """Decides "Đơn vị" (unit or body), "Tỷ lệ" (unit or target) and an empty header by the cells."""
    if column.role == "unit or body":
        units = mostly(is_unit, cells) or not mostly(is_body, cells)
        return replace(column, role="unit" if units and _has(columns, "indicator", "target", "share") else "bodies")
    if column.role == "group" and column.at == 0 and not _has(columns, "number") and mostly(code_of, cells):
        return replace(column, role="number")
    if column.role == "share":
        return replace(column, role="unit" if mostly(is_unit, cells) and not mostly(is_target, cells) else "target")
    if not column.header and (role := role_by_cells(column.at, cells)):
        has_lead = _has(columns[: column.at], "lead", "bodies")
        return replace(column, role="support" if role == "bodies" and has_lead else role)
    return column


def _names_and_targets(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Decides "Chỉ tiêu": the name of an indicator where no other column has it, else its target."""
    columns = _numbers_as_targets(_without_results(columns), rows)
    named = _has(columns, "content")
    resolved: list[Column] = []
    for column in columns:
        if column.role == "indicator":
            role: ColumnRole = "target" if named or column.year else "content"
            named = named or role == "content"
            resolved.append(replace(column, role=role))
        else:
            resolved.append(column)
    if _has(resolved, "unit"):
        return resolved
    is_timed = _has(resolved, *SCHEDULES) or any("schedule" in column.also for column in resolved)
    if is_timed and (target := next((c for c in resolved if c.role == "target"), None)):
        role = "other" if _has(resolved, "deliverable") else "deliverable"
        resolved = [replace(c, role=role) if c is target else c for c in resolved]
    return resolved


def _without_results(columns: list[Column]) -> list[Column]:
    """A result column with a year is the result of an earlier year, not a deliverable, beside targets with years."""
    years = [column.year for column in columns if column.year and column.role in ("target", "indicator")]
    return [
        replace(column, role="other") if column.role == "deliverable" and column.year and years else column
        for column in columns
    ]


def _numbers_as_targets(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Beside units a column of numbers is the target, even below "Yêu cầu" or "Kết quả cần đạt"."""
    if not _has(columns, "unit") or _has(columns, "target"):
        return columns
    numbers = (c for c in columns if c.role in ("deliverable", "indicator") and mostly(is_target, _cells(rows, c.at)))
    chosen = next(numbers, None)
    return [replace(column, role="target") if column is chosen else column for column in columns]


def _people_and_evidence(columns: list[Column]) -> list[Column]:
    """Reads "Người phụ trách" as bodies and "Tài liệu kiểm chứng" as deliverable, unless other columns have these."""
    roles: dict[ColumnRole, ColumnRole] = {
        "person": "other" if _has(columns, "lead", "bodies") else "bodies",
        "evidence": "other" if _has(columns, "deliverable", "target") else "deliverable",
    }
    return [replace(column, role=roles.get(column.role, column.role)) for column in columns]


def _ends(columns: list[Column]) -> list[Column]:
    """Reads "Thời gian hoàn thành" as the end where another column has the beginning."""
    if not _has(columns, "begin") or _has(columns, "end"):
        return columns
    times = [column for column in columns if column.role == "schedule"]
    named = (c for c in times if "hoàn thành" in folded(c.header) or len(times) == 1)
    end = next(named, None)
    return [replace(column, role="end") if column is end else column for column in columns]


def _one_content(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Of several columns with contents, the one about work, else the first, names the task; those before it group."""
    contents = [column for column in columns if column.role == "content"]
    works = [column for column in contents if not _NAMES_A_GROUP.match(folded(column.header))]
    if works:
        groups = [column for column in contents if column not in works and column.at < works[0].at]
        columns = [replace(column, role="group") if column in groups else column for column in columns]
        contents = [column for column in contents if column not in groups]
    if not contents:
        names = [column for column in columns if column.role == "group"][-1:] or _unknown_names(columns, rows)
        return [replace(column, role="content") if column in names else column for column in columns]
    main = max(contents, key=lambda column: (_is_work(column.header), not _names_a_document(column), -column.at))
    columns = [
        replace(column, role="group") if column.role == "content" and column.at < main.at else column
        for column in columns
    ]
    issued = next((c for c in columns if c.role == "content" and c is not main and _names_a_document(c)), None)
    if issued is None or _has(columns, "deliverable"):
        return columns
    return [replace(column, role="deliverable") if column is issued else column for column in columns]


_NAMES_A_GROUP = re.compile(r"nhóm (?:nhiệm vụ|công việc|nội dung)\b")  # the work as well where none has a column
_WHO: tuple[ColumnRole, ...] = ("lead", "support")
_ANY_YEAR = 2000
_SURE = 0.7  # of the cells below an unknown header


def _unknown_by_cells(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Columns with unknown headers that hold offices or times, where no other column does."""
    if not _has(columns, "content"):
        return columns
    found = list(columns)
    for column in columns:
        if column.role != "other" or not column.header or is_known_other(column.header):
            continue  # a column of notes, of the leader in charge, of who receives it
        cells = _cells(rows, column.at)[:MOST_LOOKED_AT]
        role: ColumnRole | None = None
        if mostly(_is_a_body_alone, cells, _SURE) and not _has(found, "role"):
            free = (each for each in _WHO if not _has(found, each, "bodies", "marked"))
            role = next(free, None)
        elif mostly(_names_a_time, cells, _SURE) and not _has(found, *SCHEDULES):
            role = "schedule"
        if role:
            found[found.index(column)] = replace(column, role=role, is_by_cells=True)
    return found


def _names_a_time(text: str) -> bool:
    return is_schedule(text) and any(one.kind not in NO_TIME for one in read_schedule(text, _ANY_YEAR).milestones)


def _is_a_body_alone(text: str) -> bool:
    return is_body(text) and names_only_bodies(text) and not is_a_leader(text) and not is_outside_commune(text)


def _names_a_document(column: Column) -> bool:
    """ "Văn bản ban hành" beside a column of tasks is what comes out of them."""
    return folded(column.header).startswith(("văn bản", "tên văn bản", "loại văn bản"))


def _unknown_names(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Beside numbers and schedules the first column of texts is the content, whatever its header."""
    dated = any(mostly(is_schedule, _cells(rows, c.at)) for c in columns if c.role in ("schedule", "begin", "end"))
    if not dated or not _has(columns, "number"):
        return []
    return [c for c in columns if c.role == "other" and c.header and 2 * len(_cells(rows, c.at)) > len(rows)][:1]


def _is_work(header: str) -> bool:
    return any(word in folded(header) for word in ("nhiệm vụ", "công việc", "hoạt động", "đầu việc", "chỉ tiêu"))


def _has(columns: Sequence[Column], *roles: ColumnRole) -> bool:
    return any(column.role in roles for column in columns)
