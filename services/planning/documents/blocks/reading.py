"""From paragraphs to tasks and targets: which headings are tasks, which are sections, and which are neither."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.planning.documents.blocks.charges import hear_charges
from services.planning.documents.blocks.grouping import groups_of
from services.planning.documents.blocks.headings import Heading, Keyed
from services.planning.documents.blocks.lifting import absorb, lift_keys
from services.planning.documents.blocks.markers import Line
from services.planning.documents.blocks.outline import outline
from services.planning.documents.blocks.prose_targets import section_targets, targets_of, together
from services.planning.documents.blocks.sections import is_general, section_of
from services.planning.documents.blocks.shared_keys import share_keys
from services.planning.documents.blocks.tasks import Block, Period, task_of
from services.planning.documents.document import Paragraph
from services.planning.documents.draft import DraftTarget, DraftTask


@dataclass
class BlocksRead:
    """`warnings` are those of the document; a task's own stand with it. All begin with a place."""

    tasks: list[DraftTask] = field(default_factory=list)
    indicators: list[DraftTarget] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_blocks(paragraphs: Sequence[Paragraph], year: int, span: tuple[date, date] | None) -> BlocksRead:
    """Every task written as a heading with keys below it, in the order of the document, and the targets in prose."""
    root = outline(paragraphs)
    hear_charges(root)
    share_keys(root)
    lift_keys(root)
    read = BlocksRead()
    targets = []
    headings = root.everything_below()
    among_tasks = _among_tasks(headings)
    sections = {_kind(heading) for heading in headings if heading.is_keyed and _holds_several(heading)}
    for heading in headings:
        blocks = _blocks_of(heading, among_tasks=id(heading) in among_tasks, is_section=_kind(heading) in sections)
        for block in blocks:
            task = task_of(block, Period(year, span))
            read.tasks.append(task)
            targets += targets_of(block, task, read.warnings)
    read.indicators = together([*section_targets(root, read.warnings), *targets], read.warnings)
    return read


def _blocks_of(heading: Heading, *, among_tasks: bool, is_section: bool) -> Iterator[Block]:
    if heading.is_keyed:
        absorb(heading)
        yield from _split(heading, is_section=is_section)
    elif among_tasks and _is_task_without_keys(heading):
        absorb(heading)
        yield Block(heading.text, heading.line, section_of(heading), heading.items)


def _among_tasks(headings: Sequence[Heading]) -> set[int]:
    """The headings beside which at least half, and two, of the same kind have keys: by `id`."""
    beside: dict[tuple[int, str], list[Heading]] = {}
    for heading in headings:
        beside.setdefault(_kind(heading), []).append(heading)
    return {
        id(heading)
        for alike in beside.values()
        if (keyed := sum(one.is_keyed for one in alike)) >= 2 and 2 * keyed >= len(alike)
        for heading in alike
    }


def _is_task_without_keys(heading: Heading) -> bool:
    """A numbered block, as the one about reporting often is; a section of general words, or above tasks, is none."""
    if heading.line.number is None or is_general(heading):
        return False
    return not any(below.is_keyed for below in heading.everything_below())


def _kind(heading: Heading) -> tuple[int, str]:
    """What the headings beside it that are numbered alike have in common."""
    return id(heading.parent), heading.line.style


def _holds_several(heading: Heading) -> bool:
    groups = groups_of(heading.items)
    return len(groups) > 1 and isinstance(groups[0][0], Line)


def _split(heading: Heading, *, is_section: bool) -> Iterator[Block]:
    """One task, or one for each group of lines and keys; `is_section`: a heading beside it has several."""
    groups = groups_of(heading.items)
    if len(groups) == 1 and not (is_section and isinstance(groups[0][0], Line)):
        yield Block(heading.text, heading.line, section_of(heading), heading.items)
        return
    for group in groups:
        first = group[0]
        if isinstance(first, Keyed):
            yield Block(heading.text, heading.line, section_of(heading), group)
        else:
            yield Block(first.text, first, section_of(heading, within=True), group[1:])
