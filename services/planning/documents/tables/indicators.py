"""The entries of an indicator table as targets."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.planning.documents.draft import DraftTarget, placed
from services.planning.documents.tables.cell_contents import first_words, one_line
from services.planning.documents.tables.columns import BODIES, SCHEDULES, Column, role_of_bodies
from services.planning.documents.tables.parts import Part
from services.planning.documents.tables.rows import Entry, read_rows
from services.planning.phrases.bodies import is_outside_commune, read_bodies
from services.planning.phrases.prose_targets import targets_in
from services.planning.phrases.targets import read_target

EMPTY = "(để trống)"


@dataclass
class IndicatorsRead:
    targets: list[DraftTarget] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_indicators(part: Part, year: int | None) -> IndicatorsRead:
    read = IndicatorsRead()
    column = _target_column(part, year, read) if part.columns.of("target") else None
    rows = read_rows(part.columns, part.rows, None)
    for entry in rows.entries:
        _add(read, entry, part, *(_level(entry, part, column) if column else _level_in_name(entry, part)))
    read.warnings += rows.warnings
    return read


def _target_column(part: Part, year: int | None, read: IndicatorsRead) -> Column:
    """The plan year's, of several."""
    targets = part.columns.of("target")
    chosen = next((column for column in targets if year and column.year == year), targets[0])
    others = [f"“{column.header}”" for column in targets if column is not chosen]
    if others:
        read.warnings.append(f"{part.place}: lấy chỉ tiêu ở cột “{chosen.header}”, chưa đọc cột {', '.join(others)}.")
    elif year and chosen.year and chosen.year != year:
        read.warnings.append(f"{part.place}: cột “{chosen.header}” không phải của năm {year}; cần xem lại.")
    return chosen


def _add(read: IndicatorsRead, entry: Entry, part: Part, target: DraftTarget, told: Sequence[str]) -> None:
    told = [*entry.warnings, *told, *_read_owners(target, entry, part)]
    if target.target_text == EMPTY:
        told.append(f"chỉ tiêu “{first_words(target.name)}” không ghi mức phải đạt.")
    if entry.section and (target.code is None or target.code.islower()):
        told.append(f"chỉ tiêu “{first_words(target.name)}” nằm dưới “{first_words(entry.section)}”.")
    told += _rest(entry, part)
    read.targets.append(target)
    read.warnings += [placed(entry.place, warning) for warning in dict.fromkeys(told)]


def _level(entry: Entry, part: Part, column: Column) -> tuple[DraftTarget, Sequence[str]]:
    name = one_line(entry.text(part.columns, "content"))
    unit = one_line(entry.text(part.columns, "unit")).strip("()") or ("%" if "%" in column.header else None)
    text = one_line(entry.texts[column.at])
    target = DraftTarget(name or "…", entry.place, text or EMPTY, code=entry.code, unit=unit)
    if not text:
        return target, ()
    reading = read_target(text, unit)
    target.target, target.target_text = reading.target, reading.target_text or text
    target.unit, target.scope = reading.unit or unit, reading.scope
    return target, reading.warnings


def _level_in_name(entry: Entry, part: Part) -> tuple[DraftTarget, Sequence[str]]:
    """The first level that the name holds; the name is kept whole."""
    name = one_line(entry.text(part.columns, "content"))
    target = DraftTarget(name or "…", entry.place, EMPTY, code=entry.code)
    found = targets_in(name)
    if not found:
        return target, ()
    target.target, target.target_text = found[0].target, found[0].target_text
    target.unit, target.scope = found[0].unit, found[0].scope
    several = ["tên chỉ tiêu có nhiều mức; cần xem mức nào phải đạt."] if len(found) > 1 else []
    return target, [*found[0].warnings, *several]


def _read_owners(target: DraftTarget, entry: Entry, part: Part) -> list[str]:
    """Those who lead, then those who support, as bare names."""
    told: list[str] = []
    for column in part.columns.of(*BODIES):
        if text := entry.texts[column.at]:
            bodies = read_bodies(text, role_of_bodies(column.role))
            target.owners += [body for body in (*bodies.lead, *bodies.support) if body not in target.owners]
            told += bodies.warnings
    if not target.owners and part.columns.of(*BODIES):
        told.append(f"chỉ tiêu “{first_words(target.name)}” chưa có cơ quan thực hiện.")
    outside = [owner for owner in target.owners if is_outside_commune(owner)]
    told += [f"cơ quan ngoài xã, phường được giao chỉ tiêu: {owner}." for owner in outside]
    return told


def _rest(entry: Entry, part: Part) -> list[str]:
    """Cells without a field in the plan format."""
    rest = part.columns.of("other", "deliverable", "marked", *SCHEDULES)
    return [f"cột “{column.header}”: {text}" for column in rest if (text := one_line(entry.texts[column.at]))]
