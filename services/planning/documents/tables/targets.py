"""Reads targets: the entries of an indicator table, and levels inside the cells of a task table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.planning.documents.draft import DraftTarget, DraftTask, with_place
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.tables.bodies_and_schedules import add_owners
from services.planning.documents.tables.cell_contents import one_line
from services.planning.documents.tables.columns.column import SCHEDULES, Column
from services.planning.documents.tables.headed_tables import HeadedTable
from services.planning.documents.tables.rows.entries import Entry, read_entries
from services.planning.phrases.targets import read_target, targets_in

_EMPTY = "(để trống)"
_PERCENTAGE = re.compile(r"\d\s*%")


@dataclass
class TargetsRead:
    targets: list[DraftTarget] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_indicators(table: HeadedTable, year: int | None) -> TargetsRead:
    read = TargetsRead()
    column = _target_column(table, year, read) if table.columns.of("target") else None
    entries = read_entries(table.columns, table.rows, None)
    for entry in entries.entries:
        _add(read, entry, table, *(_level(entry, table, column) if column else _level_in_name(entry, table, year)))
    read.warnings += entries.warnings
    return read


def add_targets_of_task(read: TargetsRead, task: DraftTask, year: int) -> None:
    """Adds the targets in the content and the deliverable of a task, owned by its leading bodies."""
    for prose in dict.fromkeys(text for text in (task.content, task.deliverable) if text):
        for target in targets_in(prose, year):
            read.targets.append(
                DraftTarget.in_prose(target, target.name or one_line(task.content), task.place, task.lead)
            )
            read.warnings += [with_place(task.place, warning) for warning in target.warnings if target.name]
        if len(_PERCENTAGE.findall(prose)) > 1:
            several = "một ô có nhiều tỷ lệ phần trăm; cần xem tỷ lệ nào là chỉ tiêu."
            task.warnings.append(with_place(task.place, several))


def _target_column(table: HeadedTable, year: int | None, read: TargetsRead) -> Column:
    """Of several columns the one of the plan year, else the first."""
    targets = table.columns.of("target")
    chosen = next((column for column in targets if year and column.year == year), targets[0])
    others = [f"“{column.header}”" for column in targets if column is not chosen]
    if others:
        read.warnings.append(f"{table.place}: lấy chỉ tiêu ở cột “{chosen.header}”, chưa đọc cột {', '.join(others)}.")
    elif year and chosen.year and chosen.year != year:
        read.warnings.append(f"{table.place}: cột “{chosen.header}” không phải của năm {year}; cần xem lại.")
    return chosen


def _add(
    read: TargetsRead, entry: Entry, table: HeadedTable, target: DraftTarget, level_warnings: Sequence[str]
) -> None:
    warnings = [*entry.warnings, *level_warnings, *add_owners(target, entry, table.columns)]
    if target.target_text == _EMPTY:
        warnings.append(f"chỉ tiêu “{first_words(target.name)}” không ghi mức phải đạt.")
    if entry.section and (target.code is None or target.code.islower()):
        warnings.append(f"chỉ tiêu “{first_words(target.name)}” nằm dưới “{first_words(entry.section)}”.")
    warnings += _rest(entry, table)
    read.targets.append(target)
    read.warnings += [with_place(entry.place, warning) for warning in dict.fromkeys(warnings)]


def _level(entry: Entry, table: HeadedTable, column: Column) -> tuple[DraftTarget, Sequence[str]]:
    name = one_line(entry.text(table.columns, "content"))
    unit = one_line(entry.text(table.columns, "unit")).strip("()") or ("%" if "%" in column.header else None)
    text = one_line(entry.texts[column.at])
    target = DraftTarget(name or "…", entry.place, text or _EMPTY, code=entry.code, unit=unit)
    if not text:
        return target, ()
    reading = read_target(text, unit)
    target.target, target.target_text = reading.target, reading.target_text or text
    target.unit, target.scope = reading.unit or unit, reading.scope
    return target, reading.warnings


def _level_in_name(entry: Entry, table: HeadedTable, year: int | None) -> tuple[DraftTarget, Sequence[str]]:
    """The first level within the name, which is kept whole."""
    name = one_line(entry.text(table.columns, "content"))
    target = DraftTarget(name or "…", entry.place, _EMPTY, code=entry.code)
    found = targets_in(name, year)
    if not found:
        return target, ()
    target.target, target.target_text = found[0].target, found[0].target_text
    target.unit, target.scope = found[0].unit, found[0].scope
    several = ["tên chỉ tiêu có nhiều mức; cần xem mức nào phải đạt."] if len(found) > 1 else []
    return target, [*found[0].warnings, *several]


def _rest(entry: Entry, table: HeadedTable) -> list[str]:
    """The cells without a field in the plan format, as warnings."""
    rest = table.columns.of("other", "deliverable", "marked", *SCHEDULES)
    return [f"cột “{column.header}”: {text}" for column in rest if (text := one_line(entry.texts[column.at]))]
