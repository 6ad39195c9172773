"""What an amended plan changes of the tasks that the plan assigned before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.planning.domain.matching import Described, pairs
from services.planning.domain.task import Task

Asked = Mapping[str, Any]


def described(task: Asked, *, withdrawn: bool = False) -> Described:
    """By what a task is told apart, of one that was assigned as of one that is asked."""
    more = (task["deliverable"] or "", task["schedule_text"] or "", *task["lead"], *task["support"])
    return Described(task["content"], task["code"], task["task_id"], more, withdrawn)


@dataclass
class Changes:
    """Tasks that are asked as before are in none of the lists, even where they stand in another place now."""

    added: list[Task] = field(default_factory=list)
    revised: list[Task] = field(default_factory=list)
    withdrawn: list[Task] = field(default_factory=list)


def changes(
    asked: Sequence[Asked],
    before: Sequence[Task],
    *,
    assign: Callable[[int, Asked], Task],
    revise: Callable[[Task, int, Asked], bool],
    withdraw: Callable[[Task], bool],
) -> Changes:
    """A task that is asked no longer is withdrawn, not deleted; `revise` and `withdraw` say whether they changed it."""
    old = [described(vars(task), withdrawn=task.state == "withdrawn") for task in before]
    new = [described(task) for task in asked]
    goes_on = {pair.new: before[pair.old] for pair in pairs(old, new)}
    changed = Changes()
    for n, what in enumerate(asked):
        if n not in goes_on:
            changed.added.append(assign(n, what))
        elif revise(goes_on[n], n, what):
            changed.revised.append(goes_on[n])
    kept = {task.task_id for task in goes_on.values()}
    changed.withdrawn = [task for task in before if task.task_id not in kept and withdraw(task)]
    return changed
