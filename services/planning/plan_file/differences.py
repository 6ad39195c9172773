"""Compares two plan files: which tasks and targets are added, changed or withdrawn. Tasks match as in an amendment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.planning.domain.plans.matching import Described, pairs
from services.planning.domain.plans.plan_tasks import described
from services.planning.plan_file.contents import PlanFile, PlannedTarget, PlannedTask
from services.planning.plan_file.definitions import definition_of

TASK_KEYS = ("code", "section", "content", "deliverable", "lead", "support", "schedule_text", "milestones")
TARGET_KEYS = ("code", "name", "unit", "target", "target_text", "scope", "owners", "indicator", "field")
# Not `cites`, which require nothing. The day of issue need not stand in a file.
PLAN_KEYS = ("title", "regime", "year", "span", "number", "issued_on", "based_on", "roll")


@dataclass(frozen=True)
class ChangedKey:
    """A key whose value differs, with both values as plain values of the plan format."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class PlanDifference:
    """`kind` is plan, task or target; `how` is added, changed or withdrawn; places are those of the lists, from 1.

    A task with another place only is no difference.
    """

    kind: str
    how: str
    name: str
    old_place: int | None = None
    new_place: int | None = None
    changes: tuple[ChangedKey, ...] = ()


def differences(old: PlanFile, new: PlanFile) -> list[PlanDifference]:
    """In the order of the new file, then the withdrawn tasks and targets."""
    changes = _changes(old.plan, new.plan, PLAN_KEYS)
    plan = tuple(each for each in changes if each.key != "issued_on" or (each.before and each.after))
    head = [PlanDifference("plan", "changed", new.plan.title, changes=plan)] if plan else []
    return [*head, *_between("task", old.tasks, new.tasks), *_between("target", old.indicators, new.indicators)]


def _described(item: PlannedTask | PlannedTarget) -> Described:
    """The texts by which two versions are matched; two targets of one name differ by the part for which they hold."""
    if isinstance(item, PlannedTarget):
        return Described(item.name, item.code, more=(item.scope or "",))
    definition = definition_of(item, place=0)
    return described(definition, task_id=definition.continues)


def _between(
    kind: str, old: Sequence[PlannedTask | PlannedTarget], new: Sequence[PlannedTask | PlannedTarget]
) -> Iterator[PlanDifference]:
    keys = TASK_KEYS if kind == "task" else TARGET_KEYS
    old_described, new_described = ([_described(item) for item in items] for items in (old, new))
    continued = {pair.new: pair.old for pair in pairs(old_described, new_described)}
    for n, now in enumerate(new):
        name = _first_line(new_described[n].content)
        if n not in continued:
            yield PlanDifference(kind, "added", name, None, n + 1)
        elif changes := tuple(_changes(old[continued[n]], now, keys)):
            yield PlanDifference(kind, "changed", name, continued[n] + 1, n + 1, changes)
    for n in sorted(set(range(len(old))) - set(continued.values())):
        yield PlanDifference(kind, "withdrawn", _first_line(old_described[n].content), n + 1)


def _changes(old: Any, new: Any, keys: Sequence[str]) -> Iterator[ChangedKey]:
    before, after = (part.model_dump(mode="json", include=set(keys)) for part in (old, new))
    for key in keys:
        if before[key] != after[key]:
            yield ChangedKey(key, before[key], after[key])


def _first_line(text: str) -> str:
    return text.splitlines()[0]
