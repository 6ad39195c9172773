"""Reads a document into the draft of a plan: its head, the tasks and targets of its blocks and tables, warnings."""

from collections.abc import Iterator
from pathlib import Path

from services.planning.documents.blocks import merged_targets, read_blocks, read_office_duties
from services.planning.documents.document import Document, Paragraph
from services.planning.documents.document_checks import (
    ANY_YEAR,
    missing_annex,
    missing_sections,
    move_notes_to_tasks,
    remove_dates,
    results_of_the_past,
    warn_of_days_before_issue,
    warn_of_doubts,
    year_by_dates,
)
from services.planning.documents.draft import Draft, DraftTarget, with_place
from services.planning.documents.legends import name_numbered_offices, with_legends_applied
from services.planning.documents.opening import open_document
from services.planning.documents.plan_head import read_head
from services.planning.documents.tables import TablesFound, find_tables, read_indicators, read_tasks
from services.planning.documents.unread_assignments import warn_of_unread_assignments
from services.planning.documents.unused_places import warn_of_unused_places
from services.planning.target_binding import binding_of, fields_in, unassessed
from services.planning.target_binding.names import IndicatorNames
from shared.office_files.sandboxed_process import in_sandboxed_process


def read_document(path: Path, names: IndicatorNames | None = None) -> Draft:
    """The draft of the plan in a file, its targets bound to indicators, those of a province where `names` are given.

    UnreadableDocument where it cannot be read.
    """
    return _checked(in_sandboxed_process(draft_in, path), names)


def read_with_text(path: Path, seconds: int, patience: int) -> tuple[Draft, list[str]]:
    """The same, and the text of the document: a line for each paragraph and each row of a table."""
    draft, lines = in_sandboxed_process(draft_and_text_in, path, seconds=seconds, patience=patience)
    return _checked(draft), lines


def draft_and_text_in(path: Path) -> tuple[Draft, list[str]]:
    document = open_document(path)
    return draft_of(document), list(lines_of(document))


def lines_of(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield f"{block.number} {block.text}" if block.number else block.text
        else:
            rows = ([cell.text for cell in row.cells if cell.text] for row in block.rows)
            yield from (" | ".join(" ".join(text.split()) for text in texts) for texts in rows if texts)


def _checked(draft: Draft, names: IndicatorNames | None = None) -> Draft:
    bind_targets(draft, names)
    return draft


def draft_in(path: Path) -> Draft:
    return draft_of(open_document(path))


def draft_of(document: Document) -> Draft:
    """Tasks in the order of the document: first those in blocks of prose, then those in tables.

    The duties of offices are read as tasks only where the document has no other task and refers to no annex of tasks:
    with the annex missing, a few duties would look like the whole plan.
    """
    head, warnings = read_head(document)
    document = with_legends_applied(document)
    draft = Draft(plan=head, warnings=[*document.notes, *warnings, *year_by_dates(head, document)])
    tables = find_tables(document)
    draft.warnings += tables.warnings
    _read_blocks(draft, tables)
    _read_tables(draft, tables)
    annex = missing_annex(draft, tables)
    if not draft.tasks and not annex:
        draft.tasks += read_office_duties(tables.paragraphs, head.year or ANY_YEAR, head.span)
        _place_warnings(draft)
    name_numbered_offices(draft, tables.paragraphs)
    move_notes_to_tasks(draft, document.notes)
    if head.year is None:
        remove_dates(draft)
    warn_of_days_before_issue(draft)
    warn_of_doubts(draft)
    draft.warnings += [*annex, *missing_sections(tables.paragraphs)]
    if draft.tasks:
        warn_of_unread_assignments(draft, document, tables.paragraphs)
        warn_of_unused_places(draft, document, tables.paragraphs)
    if not draft.tasks and not any("nhiệm vụ" in warning for warning in draft.warnings):
        draft.warnings.append("Không đọc được nhiệm vụ nào trong tài liệu.")
    draft.warnings = list(dict.fromkeys(draft.warnings))
    return draft


def _read_blocks(draft: Draft, tables: TablesFound) -> None:
    read = read_blocks(tables.paragraphs, draft.plan.year or ANY_YEAR, draft.plan.span)
    draft.tasks += read.tasks
    draft.indicators += read.indicators
    draft.warnings += read.warnings
    _place_warnings(draft)


def _place_warnings(draft: Draft) -> None:
    for task in draft.tasks:
        task.warnings = [with_place(task.place, warning) for warning in task.warnings]


def _read_tables(draft: Draft, tables: TablesFound) -> None:
    """Puts the targets of indicator tables before those found in prose."""
    in_cells = []
    in_tables = []
    for table in tables.tables:
        if of_the_past := results_of_the_past(table, draft.plan.year):
            draft.warnings.append(of_the_past)
        elif table.kind == "indicators":
            read = read_indicators(table, draft.plan.year)
            in_tables += read.targets
            draft.warnings += read.warnings
        else:
            tasks, targets, warnings = read_tasks(table, draft.plan.year or ANY_YEAR, draft.plan.span)
            draft.tasks += tasks
            in_cells += targets
            draft.warnings += warnings
    draft.indicators = [*in_tables, *merged_targets([*draft.indicators, *in_cells], draft.warnings)]


def bind_targets(draft: Draft, names: IndicatorNames | None = None) -> None:
    """Binds targets to indicators and fields, and warns where a person has to look or to decide."""
    for target in draft.indicators:
        target.field = target.field or fields_in(target.scope, names)
        binding = binding_of(target, names)
        target.indicator = binding.indicator
        if binding.indicator and binding.question:
            draft.warnings.append(_warning(target, binding.question))
    draft.warnings += [
        _warning(draft.indicators[each.place - 1], each.question) for each in unassessed(draft.indicators, names)
    ]


def _warning(target: DraftTarget, question: str) -> str:
    return with_place(target.place, f"chỉ tiêu “{' '.join(target.name.split())}” {question}")
