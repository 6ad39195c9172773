"""Assigns the tasks of a plan; when the plan is amended, continues, revises, adds and withdraws them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.planning.domain.plans.matching import Described, pairs
from services.planning.domain.refusal import Refusal, RequestRefused
from services.planning.domain.tasks.deadline_rules import DeadlineRules
from services.planning.domain.tasks.state import WITHDRAWN, TaskDefinition
from services.planning.domain.tasks.task import Task
from shared.grants import Actor
from shared.vietnamese import number

MOST_TASKS = 999  # a plan and its tasks are one transaction of at most 1,000 events
MOST_OBLIGATIONS = 100  # of one task: all its reminders must fit one transaction too


@dataclass
class TaskChanges:
    """Tasks whose requirements stay are in none of the lists, even where their place in the plan is another."""

    added: list[Task] = field(default_factory=list)
    revised: list[Task] = field(default_factory=list)
    withdrawn: list[Task] = field(default_factory=list)


@dataclass(frozen=True)
class PlanTasks:
    """The tasks of one version of a commune's plan. RequestRefused where there are too many."""

    plan: UUID
    plan_id: str
    commune: str
    version: int
    rules: DeadlineRules

    def assign(self, definitions: Sequence[TaskDefinition], at: datetime) -> list[Task]:
        _refuse_too_many_tasks(definitions)
        return [
            self._assign(definition, key, at) for definition, key in zip(definitions, _keys(definitions), strict=True)
        ]

    def amend(
        self, definitions: Sequence[TaskDefinition], before: Sequence[Task], at: datetime, *, by: Actor, reason: str
    ) -> TaskChanges:
        """`before` are all tasks that the plan ever assigned. A task that is dropped is withdrawn, not deleted."""
        _refuse_too_many_tasks(definitions)
        continued, changes = _continued(definitions, before), TaskChanges()
        for n, (definition, key) in enumerate(zip(definitions, _keys(definitions), strict=True)):
            if task := continued.get(n):
                if self._revise(task, definition, at):
                    changes.revised.append(task)
            else:
                # A task with the same words in an earlier version may have been revised to others since.
                changes.added.append(self._assign(definition, f"{key}\nversion {self.version}", at))
        kept = {task.task_id for task in continued.values()}
        changes.withdrawn = [
            task
            for task in before
            if task.task_id not in kept
            and task.withdraw(at, by=by.name, account=by.account, reason=reason, plan_version=self.version)
        ]
        _refuse_too_many_changes(len(changes.added) + sum(bool(task.pending_events) for task in before))
        return changes

    def _assign(self, definition: TaskDefinition, key: str, at: datetime) -> Task:
        task = Task.assign(
            self.plan, key, at, plan_id=self.plan_id, commune=self.commune, definition=definition, rules=self.rules
        )
        _refuse_too_many_obligations(task)
        return task

    def _revise(self, task: Task, definition: TaskDefinition, at: datetime) -> bool:
        revised = task.revise(definition, at, rules=self.rules, plan_version=self.version)
        _refuse_too_many_obligations(task)
        return revised


def described(definition: TaskDefinition, *, task_id: str | None, withdrawn: bool = False) -> Described:
    """The texts by which a task is matched with those of another version."""
    more = (definition.deliverable or "", definition.schedule_text or "", *definition.lead, *definition.support)
    return Described(definition.content, definition.code, task_id, more, withdrawn)


def _continued(definitions: Sequence[TaskDefinition], before: Sequence[Task]) -> dict[int, Task]:
    """The task that each definition continues, by its index; nothing for a new one."""
    old = [described(t.definition, task_id=t.task_id, withdrawn=t.state == WITHDRAWN) for t in before]
    new = [described(definition, task_id=definition.continues) for definition in definitions]
    return {pair.new: before[pair.old] for pair in pairs(old, new)}


def _keys(definitions: Sequence[TaskDefinition]) -> Iterator[str]:
    """By content and printed code; of equal ones, the first, the second and so on."""
    seen: Counter[str] = Counter()
    for definition in definitions:
        text = f"{definition.code or ''}\n{' '.join(definition.content.split())}"
        seen[text] += 1
        yield f"{text}\n{seen[text]}"


def _refuse_too_many_tasks(definitions: Sequence[TaskDefinition]) -> None:
    if len(definitions) > MOST_TASKS:
        sentence = f"Kế hoạch có {number(len(definitions))} nhiệm vụ; một kế hoạch có nhiều nhất {MOST_TASKS} nhiệm vụ."
        raise RequestRefused(Refusal("too-many-tasks", sentence))


def _refuse_too_many_obligations(task: Task) -> None:
    if len(task.obligations) > MOST_OBLIGATIONS:
        place, count = task.definition.place, len(task.obligations)
        sentence = f"Nhiệm vụ ở dòng {place} có {count} thời hạn; một mỗi nhiệm vụ có nhiều nhất {MOST_OBLIGATIONS}."
        raise RequestRefused(Refusal("too-many-deadlines", sentence))


def _refuse_too_many_changes(count: int) -> None:
    if count > MOST_TASKS:
        sentence = f"Lần sửa đổi này thay đổi {number(count)} nhiệm vụ; mỗi lần được thay đổi nhiều nhất {MOST_TASKS}."
        raise RequestRefused(Refusal("too-many-changes", sentence))
