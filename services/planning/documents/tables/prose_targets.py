"""Targets inside the cells of a task table: "100% hồ sơ …" in a column Yêu cầu."""

import re
from dataclasses import dataclass, field

from services.planning.documents.draft import DraftTarget, DraftTask, placed
from services.planning.documents.tables.cell_contents import one_line
from services.planning.phrases.prose_targets import ProseTarget, targets_in

_PERCENTAGE = re.compile(r"\d\s*%")


@dataclass
class TargetsFound:
    targets: list[DraftTarget] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def targets_of(task: DraftTask, found: TargetsFound) -> None:
    """Adds the targets of one task, which those who lead it own. A requirement that repeats the content is one text."""
    for prose in dict.fromkeys(text for text in (task.content, task.deliverable) if text):
        for target in targets_in(prose):
            found.targets.append(_target(target, task))
            found.warnings += [placed(task.place, warning) for warning in target.warnings if target.name]
        if len(_PERCENTAGE.findall(prose)) > 1:
            several = "một ô có nhiều tỷ lệ phần trăm; cần xem tỷ lệ nào là chỉ tiêu."
            task.warnings.append(placed(task.place, several))


def _target(target: ProseTarget, task: DraftTask) -> DraftTarget:
    return DraftTarget(
        name=target.name or one_line(task.content),
        place=task.place,
        target_text=target.target_text,
        unit=target.unit,
        target=target.target,
        scope=target.scope,
        owners=list(task.lead),
    )
