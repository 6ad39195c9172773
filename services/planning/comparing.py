"""What one plan file changes of another: the same matching of tasks by which an amendment goes on with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.planning.domain.amendment import described
from services.planning.domain.matching import Described, pairs
from services.planning.plan_file import PlanFile, PlannedTarget, PlannedTask

SAID_OF_A_TASK = ("code", "section", "content", "deliverable", "lead", "support", "schedule_text", "milestones")
SAID_OF_A_TARGET = ("code", "name", "unit", "target", "target_text", "scope", "owners", "indicator", "field")
SAID_OF_A_PLAN = ("title", "regime", "year", "span", "number", "issued_on", "based_on", "cites", "roll")


@dataclass(frozen=True)
class Change:
    """One key that says something else, as plain values of the plan format."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """`what` is plan, task or target; `how` is added, changed or withdrawn; places are those of the lists, from 1.

    Of a task that only stands elsewhere nothing is said: its place is not what it asks.
    """

    what: str
    how: str
    name: str
    old_place: int | None = None
    new_place: int | None = None
    changes: tuple[Change, ...] = ()


def differences(old: PlanFile, new: PlanFile) -> list[Difference]:
    """In the order of the new file, then what it asks no longer."""
    plan = tuple(_changes(old.plan, new.plan, SAID_OF_A_PLAN))
    head = [Difference("plan", "changed", new.plan.title, changes=plan)] if plan else []
    return [
        *head,
        *_between("task", old.tasks, new.tasks, [_task(t) for t in old.tasks], [_task(t) for t in new.tasks]),
        *_between(
            "target",
            old.indicators,
            new.indicators,
            [_target(target) for target in old.indicators],
            [_target(target) for target in new.indicators],
        ),
    ]


def _task(task: PlannedTask) -> Described:
    return described(task.model_dump())


def _target(target: PlannedTarget) -> Described:
    """Two of one name are told apart by the part for which they hold."""
    return Described(target.name, target.code, more=(target.scope or "",))


def _between(
    what: str,
    old: Sequence[PlannedTask | PlannedTarget],
    new: Sequence[PlannedTask | PlannedTarget],
    old_said: Sequence[Described],
    new_said: Sequence[Described],
) -> Iterator[Difference]:
    keys = SAID_OF_A_TASK if what == "task" else SAID_OF_A_TARGET
    goes_on = {pair.new: pair.old for pair in pairs(old_said, new_said)}
    for n, now in enumerate(new):
        name = _first_line(new_said[n].content)
        if n not in goes_on:
            yield Difference(what, "added", name, None, n + 1)
        elif changes := tuple(_changes(old[goes_on[n]], now, keys)):
            yield Difference(what, "changed", name, goes_on[n] + 1, n + 1, changes)
    for n in sorted(set(range(len(old))) - set(goes_on.values())):
        yield Difference(what, "withdrawn", _first_line(old_said[n].content), n + 1)


def _changes(old: Any, new: Any, keys: Sequence[str]) -> Iterator[Change]:
    before, after = (part.model_dump(mode="json", include=set(keys)) for part in (old, new))
    for key in keys:
        if before[key] != after[key]:
            yield Change(key, before[key], after[key])


def _first_line(text: str) -> str:
    return text.splitlines()[0]
