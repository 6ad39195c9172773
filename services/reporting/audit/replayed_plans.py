"""Plans, targets and tasks as the events of Planning leave them, one event after the other."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.reporting.domain.evidence import PlanTarget, Task
from services.reporting.domain.quarterly_report import Target

CHANGES_OF_TASKS = {
    f"planning.task-{change}"
    for change in (
        "completed",
        "reopened",
        "returned",
        "withdrawn",
        "obligation-fulfilled",
        "extended",
        "resolved",
        "rescheduled",
        "revised",
    )
}


@dataclass
class ReplayedPlans:
    """Of the plans of a province in force on a day."""

    province: str
    day: date
    # The targets of each plan in force, that of the latest version last.
    in_force: dict[str, list[PlanTarget]] = field(default_factory=dict)
    _tasks: dict[str, Task] = field(default_factory=dict)
    _plan_of: dict[str, str] = field(default_factory=dict)
    _withdrawn: set[str] = field(default_factory=set)

    def take(self, name: str, said: dict[str, Any]) -> None:
        match name:
            case "planning.plan-issued" | "planning.plan-amended" if said["province"] == self.province:
                if said.get("amended_on", "") <= self.day.isoformat():
                    self._put_in_force(said)
            case "planning.plan-closed" if said["closed_on"] <= self.day.isoformat():
                self.in_force.pop(said["plan_id"], None)
            case "planning.task-assigned":
                due = tuple(date.fromisoformat(text) for text in said["deadlines"])
                self._tasks[said["task_id"]] = Task(said["commune"], tuple(said["lead"]), due, done=False)
                self._plan_of[said["task_id"]] = said["plan_id"]
            case _ if name in CHANGES_OF_TASKS:
                self._change_task(name, said)

    @property
    def targets(self) -> list[PlanTarget]:
        """Of several plans for one commune, those of the one issued or amended last."""
        return list({(t.commune, t.indicator): t for t in self._every() if t.scope is None}.values())

    @property
    def scoped_targets(self) -> list[PlanTarget]:
        scoped = {(t.commune, t.indicator, t.scope, t.fields): t for t in self._every() if t.scope is not None}
        return list(scoped.values())

    @property
    def tasks(self) -> list[Task]:
        return [
            task
            for task_id, task in self._tasks.items()
            if self._plan_of[task_id] in self.in_force and task_id not in self._withdrawn
        ]

    def _every(self) -> Iterable[PlanTarget]:
        return (target for plan in self.in_force.values() for target in plan)

    def _change_task(self, name: str, said: dict[str, Any]) -> None:
        task = self._tasks[said["task_id"]]
        if name in {"planning.task-completed", "planning.task-reopened", "planning.task-returned"}:
            task = replace(task, done=name == "planning.task-completed")
        elif name == "planning.task-withdrawn":
            task = replace(task, done=False)  # asked again, it is to be done again
            self._withdrawn.add(said["task_id"])
        else:
            task = replace(task, deadlines=tuple(date.fromisoformat(text) for text in said["deadlines"]))
        if name == "planning.task-revised":
            task = replace(task, lead=tuple(said["lead"]))
            self._withdrawn.discard(said["task_id"])
        self._tasks[said["task_id"]] = task

    def _put_in_force(self, plan: dict[str, Any]) -> None:
        self.in_force.pop(plan["plan_id"], None)
        if not plan["span_from"] <= self.day.isoformat() <= plan["span_until"]:
            return
        targets = self.in_force[plan["plan_id"]] = []
        seen = set()
        for target in plan["targets"]:
            indicator, fields = target["indicator"], tuple(target.get("field") or ())
            scope = target["scope"] or ", ".join(fields) or None
            if not indicator or (indicator, scope, fields) in seen:
                continue
            seen.add((indicator, scope, fields))
            bounds = target["target"]
            asked = bounds and Target(**{name: Decimal(n) for name, n in bounds.items() if n is not None})
            targets.append(PlanTarget(plan["commune"], indicator, asked, target["target_text"], scope, fields))
