"""Reads the entries of a task table as tasks, with warnings for a person to check."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from services.planning.documents.blocks.assignments import last_days_within
from services.planning.documents.draft import DraftTarget, DraftTask, with_place
from services.planning.documents.tables.bodies_and_schedules import PrintedSchedule, add_bodies, schedule_of
from services.planning.documents.tables.cell_contents import is_a_leader, one_line, role_of_mark
from services.planning.documents.tables.cell_lists import with_parts_of_lists
from services.planning.documents.tables.columns.column import BODIES, ROLE_NAMES, SCHEDULES, Columns
from services.planning.documents.tables.headed_tables import HeadedTable
from services.planning.documents.tables.mixed_cells import NO_LEAD, take_missing_fields
from services.planning.documents.tables.rows.entries import Entry, read_entries
from services.planning.documents.tables.targets import TargetsRead, add_targets_of_task
from services.planning.phrases.bodies import is_generic, is_outside_commune, same_body
from services.planning.phrases.schedules import read_schedule
from services.planning.plan_file import Deadline, Unspecified
from shared.vietnamese import folded

# "06 tháng: trước ngày 10/6; năm: trước ngày 5/12": the period of a report, whose day follows.
_NAMED_PERIOD = re.compile(
    r"(?:^|(?<=[;\n])|(?<=; ))\s*[-+•]?\s*(?:báo cáo )?"
    r"(?:(?:0?[369]|sáu) tháng|(?:cả )?năm|quý [ivx\d]+)(?: đầu năm)?\s*:\s*"
    r"(?=(?:trước|chậm nhất|đến|xong|hoàn thành|gửi)[^;\n:]{0,20}\d{1,2}[/.]\d)",
    re.IGNORECASE,
)
Span = tuple[date, date] | None


class TasksRead(NamedTuple):
    """The tasks of one table, the targets in its cells, and warnings about the table."""

    tasks: list[DraftTask]
    targets: list[DraftTarget]
    warnings: list[str]


def read_tasks(table: HeadedTable, year: int, span: Span) -> TasksRead:
    entries = read_entries(table.columns, table.rows, table.section)
    found = TargetsRead()
    tasks = []
    for entry in with_parts_of_lists(entries.entries, table.columns):
        task = _task(entry, table, year, span)
        add_targets_of_task(found, task, year)
        tasks.append(task)
    tasks = _without_groups(tasks if not table.columns.of("role") else _with_all_bodies(tasks))
    _compare_neighbours(tasks)
    return TasksRead(tasks, found.targets, [*_column_warnings(table), *entries.warnings, *found.warnings])


def _with_all_bodies(tasks: Sequence[DraftTask]) -> list[DraftTask]:
    """One task of the rows that name its bodies one by one, each with its role."""
    kept: list[DraftTask] = []
    for task in tasks:
        last = kept[-1] if kept else None
        if last is None or (last.code, last.content, last.schedule_text) != (
            task.code,
            task.content,
            task.schedule_text,
        ):
            kept.append(task)
            continue
        last.lead += [body for body in task.lead if body not in last.lead]
        last.support += [body for body in task.support if body not in last.support]
        last.warnings = [each for each in (*last.warnings, *task.warnings) if not (last.lead and NO_LEAD in each)]
    return kept


def _without_groups(tasks: Sequence[DraftTask]) -> list[DraftTask]:
    """ "1 Soạn thảo văn bản" with an office and no time, above a) and b) with times and no office, is their heading."""
    kept: list[DraftTask] = []
    group: DraftTask | None = None
    for task, below in zip(tasks, [*tasks[1:], None], strict=False):  # one more where there is no task
        if task.lead and task.schedule_text is None and below and _is_part(below):
            group = task
            continue
        group = group if _is_part(task) else None
        if group:
            task.lead, task.support, task.section = list(group.lead), list(group.support), group.content
            task.warnings = [each for each in task.warnings if NO_LEAD not in each]
            _warn(task, f"cơ quan lấy theo {_row_name(group)} ở trên, cần xem lại.")
        kept.append(task)
    return kept


def _is_part(task: DraftTask) -> bool:
    is_lettered = task.code is not None and re.fullmatch(r"[a-zđ]", task.code) is not None
    return is_lettered and not task.lead and task.schedule_text is not None


def _task(entry: Entry, table: HeadedTable, year: int, span: Span) -> DraftTask:
    columns = table.columns
    taken = take_missing_fields(entry, columns, table.time, table.office)
    content = entry.text(columns, "content")
    task = DraftTask(
        content=content or one_line(" ".join(entry.texts)),
        place=entry.place,
        code=entry.code,
        section=entry.section,
        deliverable=entry.text(columns, "deliverable") or taken.get("deliverable"),
    )
    task.warnings += [*entry.warnings, *([] if content else ["ô nội dung để trống, lấy chữ của các ô khác."])]
    schedule = PrintedSchedule(taken["schedule"]) if "schedule" in taken else schedule_of(entry, columns)
    _read_schedule(task, schedule, year, span)
    if columns.of(*SCHEDULES):
        _compare_with_the_day_in_the_work(task, year, span)
    add_bodies(task, entry, columns, taken, first_leads=table.first_leads)
    task.warnings += _task_warnings(task, columns)
    for column in columns.of("other", "unit", "target", "marked"):
        text = one_line(entry.texts[column.at])
        if text and not (column.role == "marked" and role_of_mark(text)):
            task.warnings.append(f"cột “{column.name}”: {text}")
    task.warnings = [with_place(entry.place, warning) for warning in dict.fromkeys(task.warnings)]
    return task


def _read_schedule(task: DraftTask, schedule: PrintedSchedule, year: int, span: Span) -> None:
    task.schedule_text = schedule.text
    task.warnings += schedule.warnings
    if schedule.text is None:
        task.milestones = [Unspecified(kind="unspecified")]
        return
    reading = read_schedule(_NAMED_PERIOD.sub("", schedule.meaning or schedule.text), year, span)
    task.milestones = list(reading.milestones)
    task.warnings += reading.warnings


def _compare_with_the_day_in_the_work(task: DraftTask, year: int, span: Span) -> None:
    """ "Rà soát biểu mẫu, xong trước ngày 25/3" beside "Tháng 3": the day is nearer than the month that it is in."""
    clauses = last_days_within(task.content)
    known = [each.due for each in task.milestones if isinstance(each, Deadline)]
    days = [
        (clause, each)
        for clause in clauses
        for each in read_schedule(clause, year, span).milestones
        if isinstance(each, Deadline) and each.due not in known
    ]
    if not days:
        return
    clause, day = days[0]
    beside = task.milestones[0] if len(task.milestones) == 1 else None
    if len(clauses) > 1:
        all_of_them = "”, “".join(clauses)
        task.warnings.append(f"nội dung ghi nhiều hạn “{all_of_them}”; chưa lấy, giữ cột thời gian, cần xem lại.")
    elif isinstance(beside, Deadline) and beside.from_ and beside.from_ <= day.due <= beside.due:
        printed, task.schedule_text, task.milestones = task.schedule_text, clause, [day]
        task.warnings.append(f"thời hạn “{clause}” lấy từ nội dung, cột thời gian ghi “{one_line(printed or '')}”.")
    else:
        task.warnings.append(f"nội dung còn ghi “{clause}”, khác cột thời gian; chưa lấy, cần xem lại.")


def _column_warnings(table: HeadedTable) -> list[str]:
    """Names each column without a field in the plan format once, and each without a header."""
    warnings = []
    if headers := [f"“{column.header}”" for column in table.columns.of("other", "unit", "target") if column.header]:
        kept = "không có trong mẫu kế hoạch; nội dung ghi ở cảnh báo của nhiệm vụ."
        warnings.append(f"{table.place}: cột {', '.join(headers)} {kept}")
    if guessed := [f"“{c.header}” đọc là cột {ROLE_NAMES[c.role]}" for c in table.columns.all if c.is_by_cells]:
        warnings.append(f"{table.place}: {'; '.join(guessed)}: tiêu đề lạ, xác định theo các ô, cần xem lại.")
    if any(table.columns.headers()):
        warnings += [
            f"{table.place}: cột {column.at + 1} không có tiêu đề, đọc là cột {ROLE_NAMES[column.role]} theo các ô."
            for column in table.columns.of(*BODIES, *SCHEDULES)
            if not column.header
        ]
    return warnings


def _task_warnings(task: DraftTask, columns: Columns) -> list[str]:
    """Empty cells, and bodies that are named twice, from outside the commune or not by name; without the place."""
    warnings = []
    if not task.lead:
        warnings.append(NO_LEAD if columns.of(*BODIES, "marked") else "bảng không có cột cơ quan chủ trì.")
    if task.schedule_text is None:
        empty = "ô thời hạn để trống." if columns.of(*SCHEDULES) else "bảng không có cột thời hạn."
        warnings.append(empty)
    if task.deliverable is None and columns.of("deliverable"):
        header = columns.of("deliverable")[0].header or "Sản phẩm"
        warnings.append(f"ô “{header}” để trống.")
    both = [body for body in task.lead if any(same_body(body, other) for other in task.support)]
    warnings += [f"cơ quan phối hợp trùng với cơ quan chủ trì: {body}." for body in both]
    warnings += [f"cơ quan chủ trì là chức danh lãnh đạo: {body}." for body in task.lead if is_a_leader(body)]
    outside = [body for body in task.lead if is_outside_commune(body)]
    warnings += [f"cơ quan chủ trì là cơ quan ngoài xã, phường: {body}." for body in outside]
    return warnings + [f"cơ quan chủ trì ghi chung, chưa nêu tên: {body}." for body in task.lead if is_generic(body)]


def _compare_neighbours(tasks: Sequence[DraftTask]) -> None:
    """Warns of a deliverable that may be printed a row too low, or copied from the row above."""
    for above, below in pairwise(tasks):
        if above.deliverable is None and above.schedule_text is None and above.lead and below.deliverable:
            _warn(above, f"yêu cầu của dòng này có thể bị in lệch xuống {_row_name(below)}; chưa chuyển, cần xem lại.")
            _warn(
                below,
                f"{_row_name(above)} ngay trên để trống yêu cầu; cần xem yêu cầu ở đây có phải của dòng đó không.",
            )
        same = above.deliverable and folded(above.deliverable) == folded(below.deliverable or "")
        if same and len(above.deliverable or "") > 50 and folded(above.content) != folded(below.content):
            _warn(above, f"yêu cầu, sản phẩm trùng với {_row_name(below)}.")
            _warn(below, f"yêu cầu, sản phẩm trùng với {_row_name(above)}; cần xem có bị chép nhầm không.")


def _row_name(task: DraftTask) -> str:
    return f"số {task.code}" if task.code else f"dòng ở {task.place}"


def _warn(task: DraftTask, sentence: str) -> None:
    task.warnings.append(with_place(task.place, sentence))
