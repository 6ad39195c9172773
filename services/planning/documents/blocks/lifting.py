"""Numbered parts of a task: lines of it, and keys that stand below the last part and belong to the whole."""

import re

from services.planning.documents.blocks.headings import Heading, Keyed
from services.planning.documents.blocks.markers import Line
from shared.vietnamese import folded

_PART = re.compile(r"(?:nội dung|nhiệm vụ|công việc)(?: (?:thực hiện|cụ thể|công việc|nhiệm vụ|chính|chủ yếu))*(?::|$)")


def lift_keys(root: Heading) -> None:
    """Where only the last of a task's numbered parts is followed by keys, they are the keys of the whole task.

    So are those beside a part that is only called "Nội dung".
    """
    everything = root.everything_below()
    of_tasks = {heading.line.style for heading in everything if _is_task_before_others(heading)}
    for heading in everything:
        if (
            heading.line.style.startswith("decimal")
            and heading.children
            and (_PART.match(folded(heading.children[0].text)) or _only_the_last_has_keys(heading, of_tasks))
        ):
            absorb(heading)


def _only_the_last_has_keys(heading: Heading, of_tasks: set[str]) -> bool:
    *others, last = heading.children
    return (
        bool(others)
        and last.is_keyed
        and last.line.style not in of_tasks
        and not heading.is_keyed
        and not any(other.is_keyed or other.children for other in others)
    )


def _is_task_before_others(heading: Heading) -> bool:
    return heading.is_keyed and heading.parent is not None and heading.parent.children[-1] is not heading


def absorb(heading: Heading) -> None:
    """Numbered parts of a task that are no tasks become lines of it, unless one of them is a task."""
    below = heading.everything_below()
    if not below or (heading.is_keyed and any(part.is_keyed for part in below)):
        return
    keys = [item for item in heading.items if isinstance(item, Keyed)]
    lines: list[Line | Keyed] = [item for item in heading.items if isinstance(item, Line)]
    for part in below:
        lines.append(Line(part.text, part.line.place, part.line.style, part.line.number))
        lines += part.items
        part.items = []
    heading.children = []
    heading.items = [*lines, *keys]
