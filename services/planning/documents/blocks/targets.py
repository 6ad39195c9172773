"""Finds targets within sentences: in tasks, and in sections such as "Mục tiêu"."""

import re
from collections.abc import Iterator, Sequence

from services.planning.documents.blocks.headings import Heading
from services.planning.documents.blocks.tasks import TaskBlock, sentence_at
from services.planning.documents.draft import DraftTarget, DraftTask
from services.planning.documents.line_markers import MarkedLine
from services.planning.phrases.targets import targets_in
from shared.vietnamese import folded

_OF_TARGETS = re.compile(r"(?:các )?(?:mục tiêu|chỉ tiêu)(?: [^:]{0,60})?:")


def task_targets(block: TaskBlock, task: DraftTask, year: int, warnings: list[str]) -> list[DraftTarget]:
    """The targets in a task's lines and deliverable, owned by the leading bodies."""
    lines = [item for item in block.items if isinstance(item, MarkedLine)]
    passages = [MarkedLine(block.heading, task.place), *lines, MarkedLine(task.deliverable or "", task.place)]
    return list(_targets(passages, task.lead, year, warnings))


def section_targets(root: Heading, year: int, warnings: list[str]) -> list[DraftTarget]:
    """The targets of sections such as "Mục tiêu", and of such a line above the first heading, without owners."""
    passages = [line for line in root.items if isinstance(line, MarkedLine) and _OF_TARGETS.match(folded(line.text))]
    passages += [
        line
        for heading in root.everything_below()
        if heading.announces_targets and not heading.names_body_or_time
        for line in (MarkedLine(heading.text, heading.line.place), *heading.items)
        if isinstance(line, MarkedLine)
    ]
    return list(_targets(passages, [], year, warnings))


def merged_targets(targets: Sequence[DraftTarget], warnings: list[str]) -> list[DraftTarget]:
    """Each target once, with the owners of all places where it is printed, and a warning for each repetition."""
    once: dict[tuple[str, ...], DraftTarget] = {}
    for target in targets:
        key = (folded(target.name), folded(target.target_text), folded(target.scope or ""))
        first = once.setdefault(key, target)
        if first is not target:
            first.owners += [owner for owner in target.owners if owner not in first.owners]
            again = f'chỉ tiêu "{target.name}" đã ghi ở {first.place}; gộp làm một'
            warnings.append(sentence_at(target.place, again))
    return list(once.values())


def _targets(
    passages: Sequence[MarkedLine], owners: list[str], year: int, warnings: list[str]
) -> Iterator[DraftTarget]:
    for passage in passages:
        for found in targets_in(passage.text, year) if passage.text else ():
            warnings += [sentence_at(passage.place, warning) for warning in found.warnings]
            yield DraftTarget.in_prose(found, found.name, passage.place, owners)
