"""Reads the bodies of a row: who leads and who supports a task, and who owns a target."""

import re
from collections.abc import Mapping, Sequence

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.draft import DraftTarget, DraftTask
from services.planning.documents.formats.text_cleaning import first_words
from services.planning.documents.tables.cell_contents import BodiesRole, role_of_mark
from services.planning.documents.tables.columns.column import BODIES, Column, ColumnRole, Columns, role_of_bodies
from services.planning.documents.tables.rows.entries import Entry
from services.planning.phrases.bodies import is_outside_commune, read_bodies
from shared.vietnamese import folded

_SLASH_OF_ROLES = re.compile(r"chủ trì\s*/\s*(?:(?:cơ quan|đơn vị|bộ phận) )?phối hợp")


def add_bodies(task: DraftTask, entry: Entry, columns: Columns, taken: Mapping[ColumnRole, str]) -> None:
    """Adds the bodies in columns of bodies, and in columns that are named after a body; `taken`: from other cells."""
    own_role = role_of_mark(entry.text(columns, "role"))
    for column in columns.of(*BODIES):
        _add(task, entry.texts[column.at], own_role or _role(column, columns), column.header)
    for role in BODIES:
        _add(task, taken.get(role, ""), role_of_bodies(role))
    for body, mark in _by_marks([(column.header, entry.texts[column.at]) for column in columns.of("marked")]):
        _add(task, body, mark)


def add_owners(target: DraftTarget, entry: Entry, columns: Columns) -> list[str]:
    """Adds the owners: the leading, then the supporting bodies of each column; returns warnings about them."""
    warnings: list[str] = []
    for column in columns.of(*BODIES):
        if text := entry.texts[column.at]:
            bodies = read_bodies(text, role_of_bodies(column.role))
            target.owners += [body for body in (*bodies.lead, *bodies.support) if body not in target.owners]
            warnings += bodies.warnings
    if not target.owners and columns.of(*BODIES):
        warnings.append(f"chỉ tiêu “{first_words(target.name)}” chưa có cơ quan thực hiện.")
    outside = [owner for owner in target.owners if is_outside_commune(owner)]
    return warnings + [f"cơ quan ngoài xã, phường được giao chỉ tiêu: {owner}." for owner in outside]


def _role(column: Column, columns: Columns) -> BodiesRole:
    """A column without a role in its header supports where another one leads, and leads where another one supports."""
    role = role_of_bodies(column.role)
    if role == "both" and columns.of("lead"):
        return "support"
    return "lead" if role == "both" and columns.of("support") else role


def _add(task: DraftTask, text: str, role: BodiesRole, header: str = "") -> None:
    if not text:
        return
    if role == "both" and _SLASH_OF_ROLES.search(folded(header)) and (both := _by_slash(text)):
        text = f"Chủ trì: {both[0]}\nPhối hợp: {both[1]}"
    bodies = read_bodies(text, role)
    if role == "both" and len(bodies.lead) > 1 and not bodies.support and _names_both_roles(header):
        task.warnings.append(f"cột “{header}” không ghi ai chủ trì, ai phối hợp; đọc tất cả là chủ trì.")
    task.lead += [body for body in bodies.lead if body not in task.lead]
    task.support += [body for body in bodies.support if body not in task.support]
    task.warnings += bodies.warnings


def _by_slash(text: str) -> tuple[str, str] | None:
    """ "Phòng Kinh tế / Công an xã, Trạm Y tế" below "Chủ trì/Phối hợp": who leads, and who supports."""
    parts = text.split("/")
    return (parts[0], parts[1]) if len(parts) == 2 and all(map(names_only_bodies, parts)) else None


def _names_both_roles(header: str) -> bool:
    return "chủ trì" in folded(header) and "phối hợp" in folded(header)


def _by_marks(cells: Sequence[tuple[str, str]]) -> list[tuple[str, BodiesRole]]:
    """The bodies of one row with their roles, from headers and cells: "x" supports where another leads, else leads."""
    marked = [(header, role) for header, text in cells if (role := role_of_mark(text))]
    leads = any(role == "lead" for _, role in marked)
    return [(header, ("support" if leads else "lead") if role == "both" else role) for header, role in marked]
