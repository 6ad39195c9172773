"""The entries of a task table as tasks, with what a person should look at."""

from datetime import date

from services.planning.documents.draft import DraftTarget, DraftTask, placed
from services.planning.documents.tables.cell_contents import one_line
from services.planning.documents.tables.columns import BODIES, SCHEDULES, BodiesRole, Column, Columns, role_of_bodies
from services.planning.documents.tables.lost_headers import NAMES
from services.planning.documents.tables.marked_bodies import bodies_by_marks, role_of_mark
from services.planning.documents.tables.mixed_cells import taken_apart
from services.planning.documents.tables.months import Schedule, schedule_of
from services.planning.documents.tables.parts import Part
from services.planning.documents.tables.prose_targets import TargetsFound, targets_of
from services.planning.documents.tables.rows import Entry, read_rows
from services.planning.documents.tables.task_warnings import warn_of_neighbours, warnings_of
from services.planning.phrases.bodies import read_bodies
from services.planning.phrases.schedules import read_schedule
from services.planning.plan_file import Unspecified
from shared.vietnamese import folded

Span = tuple[date, date] | None


def read_tasks(part: Part, year: int, span: Span) -> tuple[list[DraftTask], list[DraftTarget], list[str]]:
    """The tasks of one table, the targets that its cells hold, and warnings about the table."""
    rows = read_rows(part.columns, part.rows, part.section)
    found = TargetsFound()
    tasks = []
    for entry in rows.entries:
        task = _task(entry, part.columns, year, span)
        targets_of(task, found)
        tasks.append(task)
    warn_of_neighbours(tasks)
    return tasks, found.targets, [*_about(part), *rows.warnings, *found.warnings]


def _task(entry: Entry, columns: Columns, year: int, span: Span) -> DraftTask:
    apart = taken_apart(entry, columns)
    content = entry.text(columns, "content")
    task = DraftTask(
        content=content or one_line(" ".join(entry.texts)),
        place=entry.place,
        code=entry.code,
        section=entry.section,
        deliverable=entry.text(columns, "deliverable") or apart.get("deliverable"),
    )
    task.warnings += [*entry.warnings, *([] if content else ["ô nội dung để trống, lấy chữ của các ô khác."])]
    _read_schedule(
        task, Schedule(apart["schedule"]) if "schedule" in apart else schedule_of(entry, columns), year, span
    )
    for column in columns.of(*BODIES):
        _add_bodies(task, entry.texts[column.at], _role(column, columns), column.header)
    for role in BODIES:
        _add_bodies(task, apart.get(role, ""), role_of_bodies(role))
    for body, does in bodies_by_marks([(column.header, entry.texts[column.at]) for column in columns.of("marked")]):
        _add_bodies(task, body, does)
    task.warnings += warnings_of(task, columns)
    for column in columns.of("other", "unit", "target", "marked"):
        text = one_line(entry.texts[column.at])
        if text and not (column.role == "marked" and role_of_mark(text)):
            task.warnings.append(f"cột “{column.header or column.at + 1}”: {text}")
    task.warnings = [placed(entry.place, warning) for warning in dict.fromkeys(task.warnings)]
    return task


def _read_schedule(task: DraftTask, schedule: Schedule, year: int, span: Span) -> None:
    task.schedule_text = schedule.text
    task.warnings += schedule.warnings
    if schedule.text is None:
        task.milestones = [Unspecified(kind="unspecified")]
        return
    reading = read_schedule(schedule.means or schedule.text, year, span)
    task.milestones = list(reading.milestones)
    task.warnings += reading.warnings


def _role(column: Column, columns: Columns) -> BodiesRole:
    """Where a column leads already, the one that does not say who does what supports."""
    role = role_of_bodies(column.role)
    if role == "both" and columns.of("lead"):
        return "support"
    return "lead" if role == "both" and columns.of("support") else role


def _add_bodies(task: DraftTask, text: str, role: BodiesRole, header: str = "") -> None:
    if not text:
        return
    bodies = read_bodies(text, role)
    if role == "both" and len(bodies.lead) > 1 and not bodies.support and _says_both(header):
        task.warnings.append(f"cột “{header}” không ghi ai chủ trì, ai phối hợp; đọc tất cả là chủ trì.")
    task.lead += [body for body in bodies.lead if body not in task.lead]
    task.support += [body for body in bodies.support if body not in task.support]
    task.warnings += bodies.warnings


def _says_both(header: str) -> bool:
    return "chủ trì" in folded(header) and "phối hợp" in folded(header)


def _about(part: Part) -> list[str]:
    """A column that has no field in the plan format is named once; its cells are with the tasks."""
    told = []
    if headers := [f"“{column.header}”" for column in part.columns.of("other", "unit", "target") if column.header]:
        kept = "không có trong mẫu kế hoạch; nội dung ghi ở cảnh báo của nhiệm vụ."
        told.append(f"{part.place}: cột {', '.join(headers)} {kept}")
    if any(part.columns.headers()):
        told += [
            f"{part.place}: cột {column.at + 1} không có tiêu đề, đọc là cột {NAMES[column.role]} theo các ô."
            for column in part.columns.of(*BODIES, *SCHEDULES)
            if not column.header
        ]
    return told
