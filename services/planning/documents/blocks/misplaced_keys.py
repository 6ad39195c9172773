"""Moves keys to the tasks that they apply to: shared by several tasks, or printed below the last part of one."""

import re
from dataclasses import replace

from services.planning.documents.blocks.headings import Heading, TaskKey
from services.planning.documents.line_markers import MarkedLine
from shared.vietnamese import folded

_PART = re.compile(r"(?:nội dung|nhiệm vụ|công việc)(?: (?:thực hiện|cụ thể|công việc|nhiệm vụ|chính|chủ yếu))*(?::|$)")


def copy_shared_keys(root: Heading) -> None:
    """Copies keys that apply to several tasks to the tasks of the same kind above that have none of their own.

    Such a key, and those after it: "Thời gian thực hiện các nhiệm vụ trên: …".
    """
    for heading in root.everything_below():
        at = next((at for at, item in enumerate(heading.items) if isinstance(item, TaskKey) and item.shared), None)
        if at is None or heading.parent is None:
            continue
        shared = [item for item in heading.items[at:] if isinstance(item, TaskKey)]
        for other in _tasks_above(heading, heading.parent):
            roles = {_shared_role(key) for key in other.keys}
            other.items += [replace(key) for key in shared if _shared_role(key) not in roles]


def _shared_role(key: TaskKey) -> str:
    """ "Cơ quan thực hiện" names the leading body, as "Cơ quan chủ trì" does."""
    return "lead" if key.role == "both" else key.role


def _tasks_above(heading: Heading, parent: Heading) -> list[Heading]:
    place = next(at for at, child in enumerate(parent.children) if child is heading)
    return [other for other in parent.children[:place] if other.line.style == heading.line.style]


def move_keys_up(root: Heading) -> None:
    """Gives keys of the last numbered part of a task to the whole task, where only that part has keys.

    Likewise the keys beside a part that is only called "Nội dung".
    """
    everything = root.everything_below()
    of_tasks = {heading.line.style for heading in everything if _is_task_before_others(heading)}
    for heading in everything:
        if (
            heading.line.style.startswith("decimal")
            and heading.children
            and (_PART.match(folded(heading.children[0].text)) or _only_the_last_has_keys(heading, of_tasks))
        ):
            turn_parts_into_lines(heading)


def _only_the_last_has_keys(heading: Heading, of_tasks: set[str]) -> bool:
    *others, last = heading.children
    return (
        bool(others)
        and last.names_body_or_time
        and last.line.style not in of_tasks
        and not heading.names_body_or_time
        and not any(other.names_body_or_time or other.children for other in others)
    )


def _is_task_before_others(heading: Heading) -> bool:
    return heading.names_body_or_time and heading.parent is not None and heading.parent.children[-1] is not heading


def turn_parts_into_lines(heading: Heading) -> None:
    """Turns the numbered parts of a task into lines of it, unless one of them is a task."""
    below = heading.everything_below()
    if not below or (heading.names_body_or_time and any(part.names_body_or_time for part in below)):
        return
    keys = [item for item in heading.items if isinstance(item, TaskKey)]
    lines: list[MarkedLine | TaskKey] = [item for item in heading.items if isinstance(item, MarkedLine)]
    for part in below:
        lines.append(MarkedLine(part.text, part.line.place, part.line.style, part.line.number))
        lines += part.items
        part.items = []
    heading.children = []
    heading.items = [*lines, *keys]
