"""The plans, targets and tasks of a province, from the events of Planning."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.reporting.audit import stored_names as names
from services.reporting.domain.content.report_content import Target
from services.reporting.domain.drafts.evidence import KnownTask, PlanTarget

CHANGES_OF_TASKS = {
    names.TASK_COMPLETED,
    names.TASK_REOPENED,
    names.TASK_RETURNED,
    names.TASK_WITHDRAWN,
    names.TASK_OBLIGATION_FULFILLED,
    names.TASK_EXTENDED,
    names.TASK_RESOLVED,
    names.TASK_RESCHEDULED,
    names.TASK_REVISED,
}


@dataclass
class ReplayedPlans:
    """Of the plans of a province in force on a day."""

    province: str
    day: date
    # The targets of each plan in force, that of the latest version last.
    in_force: dict[str, list[PlanTarget]] = field(default_factory=dict)
    _tasks: dict[str, KnownTask] = field(default_factory=dict)
    _plan_of: dict[str, str] = field(default_factory=dict)
    _withdrawn: set[str] = field(default_factory=set)

    def take(self, name: str, fields: dict[str, Any]) -> None:
        match name:
            case names.PLAN_ISSUED | names.PLAN_AMENDED if fields["province"] == self.province:
                if fields.get("amended_on", "") <= self.day.isoformat():
                    self._put_in_force(fields)
            case names.PLAN_CLOSED if fields["closed_on"] <= self.day.isoformat():
                self.in_force.pop(fields["plan_id"], None)
            case names.TASK_ASSIGNED:
                due = tuple(date.fromisoformat(text) for text in fields["deadlines"])
                self._tasks[fields["task_id"]] = KnownTask(fields["commune"], tuple(fields["lead"]), due, done=False)
                self._plan_of[fields["task_id"]] = fields["plan_id"]
            case _ if name in CHANGES_OF_TASKS:
                self._change_task(name, fields)

    @property
    def targets(self) -> list[PlanTarget]:
        """Of several plans for one commune, those of the one issued or amended last."""
        return list({(t.commune, t.indicator): t for t in self._every() if t.scope is None}.values())

    @property
    def scoped_targets(self) -> list[PlanTarget]:
        scoped = {(t.commune, t.indicator, t.scope, t.fields): t for t in self._every() if t.scope is not None}
        return list(scoped.values())

    @property
    def tasks(self) -> list[KnownTask]:
        return [
            task
            for task_id, task in self._tasks.items()
            if self._plan_of[task_id] in self.in_force and task_id not in self._withdrawn
        ]

    def _every(self) -> Iterable[PlanTarget]:
        return (target for plan in self.in_force.values() for target in plan)

    def _change_task(self, name: str, fields: dict[str, Any]) -> None:
        task = self._tasks[fields["task_id"]]
        if name in {names.TASK_COMPLETED, names.TASK_REOPENED, names.TASK_RETURNED}:
            task = replace(task, done=name == names.TASK_COMPLETED)
        elif name == names.TASK_WITHDRAWN:
            task = replace(task, done=False)  # assigned again, it is to be done again
            self._withdrawn.add(fields["task_id"])
        else:
            task = replace(task, deadlines=tuple(date.fromisoformat(text) for text in fields["deadlines"]))
        if name == names.TASK_REVISED:
            task = replace(task, lead=tuple(fields["lead"]))
            self._withdrawn.discard(fields["task_id"])
        self._tasks[fields["task_id"]] = task

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
            change = bounds and bounds.get("change")
            if change and target.get("unit") not in ("%", None):  # a change in ranks is compared with no rate
                bounds = None
            given = {name: Decimal(n) for name, n in (bounds or {}).items() if n is not None and name != "change"}
            asked = Target(**given, change=change) if bounds else None
            targets.append(PlanTarget(plan["commune"], indicator, asked, target["target_text"], scope, fields))
