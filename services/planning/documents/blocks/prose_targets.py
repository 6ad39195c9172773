"""Targets within sentences: of the tasks, and of the sections that announce aims."""

from collections.abc import Iterator, Sequence

from services.planning.documents.blocks.headings import Heading
from services.planning.documents.blocks.markers import Line
from services.planning.documents.blocks.sections import speaks_of_targets
from services.planning.documents.blocks.tasks import Block, told
from services.planning.documents.draft import DraftTarget, DraftTask
from services.planning.phrases.prose_targets import targets_in
from shared.vietnamese import folded


def targets_of(block: Block, task: DraftTask, warnings: list[str]) -> list[DraftTarget]:
    """The targets in a task's lines and its product, which those who lead it own."""
    lines = [item for item in block.items if isinstance(item, Line)]
    passages = [Line(block.heading, task.place), *lines, Line(task.deliverable or "", task.place)]
    return list(_targets(passages, task.lead, warnings))


def section_targets(root: Heading, warnings: list[str]) -> list[DraftTarget]:
    """The targets of sections such as "Mục tiêu", which nobody owns."""
    passages = [
        line
        for heading in root.everything_below()
        if speaks_of_targets(heading) and not heading.is_keyed
        for line in (Line(heading.text, heading.line.place), *heading.items)
        if isinstance(line, Line)
    ]
    return list(_targets(passages, [], warnings))


def together(targets: Sequence[DraftTarget], warnings: list[str]) -> list[DraftTarget]:
    """A target that is printed twice, once, with the owners of both places."""
    once: dict[tuple[str, ...], DraftTarget] = {}
    for target in targets:
        key = (folded(target.name), folded(target.target_text), folded(target.scope or ""))
        first = once.setdefault(key, target)
        if first is not target:
            first.owners += [owner for owner in target.owners if owner not in first.owners]
            again = f'chỉ tiêu "{target.name}" đã ghi ở {first.place}; gộp làm một'
            warnings.append(told(target.place, again))
    return list(once.values())


def _targets(passages: Sequence[Line], owners: list[str], warnings: list[str]) -> Iterator[DraftTarget]:
    for passage in passages:
        for found in targets_in(passage.text) if passage.text else ():
            warnings += [told(passage.place, warning) for warning in found.warnings]
            yield DraftTarget(
                name=found.name,
                place=passage.place,
                target_text=found.target_text,
                unit=found.unit,
                target=found.target,
                scope=found.scope,
                owners=list(owners),
            )
