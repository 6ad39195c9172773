"""From a document to the draft of a plan: its head, the tasks of its tables and blocks, targets and warnings."""

from pathlib import Path

from services.planning.documents.blocks import read_blocks, read_duties
from services.planning.documents.blocks.prose_targets import together
from services.planning.documents.document import Document
from services.planning.documents.draft import Draft, placed
from services.planning.documents.gaps import missing_annex, missing_sections
from services.planning.documents.heading import read_head
from services.planning.documents.opening import in_a_guarded_process, open_document
from services.planning.documents.tables import TablesFound, find_tables, read_indicators, read_tasks
from services.planning.documents.undated import ANY_YEAR, without_days, year_by_dates


def read_document(path: Path) -> Draft:
    """The draft of the plan in a file. Raises UnreadableDocument where nothing can be read from it."""
    return in_a_guarded_process(draft_in, path)


def draft_in(path: Path) -> Draft:
    return draft_of(open_document(path))


def draft_of(document: Document) -> Draft:
    """Tasks in the order of the document: those in blocks of prose, then those in tables.

    What offices are charged with is taken for tasks only where nothing else is one and no annex of tasks is announced:
    with the annex missing, a few duties would look like the whole plan.
    """
    head, warnings = read_head(document)
    draft = Draft(plan=head, warnings=[*document.notes, *warnings, *year_by_dates(head, document)])
    tables = find_tables(document)
    draft.warnings += tables.warnings
    _read_blocks(draft, tables)
    _read_tables(draft, tables)
    annex = missing_annex(draft, tables)
    if not draft.tasks and not annex:
        draft.tasks += read_duties(tables.paragraphs, head.year or ANY_YEAR, head.span)
        _place_warnings(draft)
    if head.year is None:
        without_days(draft)
    draft.warnings += [*annex, *missing_sections(tables.paragraphs)]
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
        task.warnings = [placed(task.place, warning) for warning in task.warnings]


def _read_tables(draft: Draft, tables: TablesFound) -> None:
    """The targets of indicator tables stand before those of prose."""
    in_cells = []
    in_tables = []
    for part in tables.parts:
        if part.kind == "indicators":
            read = read_indicators(part, draft.plan.year)
            in_tables += read.targets
            draft.warnings += read.warnings
        else:
            tasks, targets, warnings = read_tasks(part, draft.plan.year or ANY_YEAR, draft.plan.span)
            draft.tasks += tasks
            in_cells += targets
            draft.warnings += warnings
    draft.indicators = [*in_tables, *together([*draft.indicators, *in_cells], draft.warnings)]
