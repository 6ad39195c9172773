"""The plan in force as plain values of the plan format, from the events of the plan and of its tasks."""

from datetime import date, datetime
from decimal import Decimal
from typing import cast

from services.planning.deadline_settings import DeadlineSettings
from services.planning.domain.plans import events
from services.planning.domain.plans.plan import Plan
from services.planning.domain.plans.state import StoredTarget
from services.planning.domain.refusal import UNKNOWN_PLAN, Refusal, RequestRefused
from services.planning.domain.tasks.state import WITHDRAWN
from services.planning.domain.tasks.task import Task
from services.planning.read_models import Communes, IssuedPlan, Plans, Tasks
from shared.clock import day_of, end_of
from shared.contracts.planning.plan_contents import PlainHead, PlainPlan, PlainTarget, PlainTask
from shared.record.event_store import EventStore

NO_LEAD = "Chưa có cơ quan chủ trì."
Version = events.Issued | events.Amended


class PlansInForce:
    def __init__(
        self, store: EventStore, communes: Communes, plans: Plans, tasks: Tasks, settings: DeadlineSettings
    ) -> None:
        self._store = store
        self._communes = communes
        self._plans = plans
        self._tasks = tasks
        self._settings = settings

    def file_of(self, name: str, known_at: date | None = None) -> PlainPlan:
        """The plan with an id, or the last one of the commune with a code, without its withdrawn tasks.

        A plan in force keeps no texts that it only cites. Of a commune's plan each task has its id, by which an
        amendment made of this file continues it whatever its text is then. `known_at`: as known at the end of that day.
        """
        plan = self.named(name)
        known_until = end_of(known_at) if known_at else None
        commune = self._communes.named(plan.commune) if plan.commune else None
        default = self._settings.rules(day_of(self._store.clock())).roll
        version = self._version(plan, known_until)
        return {
            "plan": _head(version, commune.code if commune else None, commune.name if commune else None, default),
            "tasks": [
                _task(task, with_id=commune is not None) for task in self._assigned(plan, version.sha256, known_until)
            ],
            "indicators": [_target(target) for target in version.targets],
            "warnings": [],
        }

    def named(self, name: str) -> IssuedPlan:
        """The plan with an id, or the last one of the commune with a code or an id. RequestRefused without one."""
        with_id, commune = self._plans.with_id(name), self._communes.named(name)
        own = [*([with_id] if with_id else []), *(self._plans.of(commune.commune) if commune else [])]
        if not own:
            raise RequestRefused(Refusal(UNKNOWN_PLAN, f"Không có kế hoạch {name}, và không đơn vị nào mang mã đó."))
        return max(own, key=lambda plan: (plan.closed_on is None, plan.year, plan.issued_on))

    def versions(self, plan: IssuedPlan, known_until: datetime | None = None) -> list[Version]:
        """The events that put a version in force, the last one first."""
        identity = Plan.create_id(plan.commune, plan.province, plan.regime, plan.year)
        return [event for event in reversed(self._store.events_of(identity, known_until)) if isinstance(event, Version)]

    def _version(self, plan: IssuedPlan, known_until: datetime | None = None) -> Version:
        """The event of the version in force. RequestRefused where the plan was not known yet."""
        for event in self.versions(plan, known_until):
            return event
        raise RequestRefused(Refusal(UNKNOWN_PLAN, f"Đến hết ngày này chưa có kế hoạch {plan.plan_id}."))

    def _assigned(self, plan: IssuedPlan, sha256: str, known_until: datetime | None) -> list[Task]:
        """The plan's tasks in their order. A standard plan assigns none: those of a commune's plan of its content."""
        plan_id = plan.plan_id
        if plan.commune is None:
            made = [each for each in self._plans.all() if each.standard_plan_id == plan_id]
            plan_id = next((each.plan_id for each in made if self._has_content(each, sha256, known_until)), plan_id)
        identities = list(self._tasks.of_plan(plan_id))
        if known_until is None:
            tasks = [cast(Task, self._store.repository.get(each)) for each in identities]
        else:
            tasks = list(self._store.known_at(identities, known_until))
        return sorted((t for t in tasks if t.state != WITHDRAWN), key=lambda task: task.definition.place)

    def _has_content(self, plan: IssuedPlan, sha256: str, known_until: datetime | None) -> bool:
        return [version.sha256 for version in self.versions(plan, known_until)[:1]] == [sha256]


def _head(version: Version, commune_code: str | None, name: str | None, default_roll: str) -> PlainHead:
    plain: PlainHead = {
        "commune": commune_code,
        "commune_name": name,
        "province": version.province,
        "title": version.title,
        "regime": version.regime,
        "year": version.year,
        "span": {"from": version.span_from.isoformat(), "until": version.span_until.isoformat()},
        "number": version.number,
        "issued_on": version.issued_on.isoformat(),
        "based_on": list(version.based_on),
        "cites": [],
    }
    if version.roll != default_roll:
        plain["roll"] = version.roll
    return plain


def _task(task: Task, *, with_id: bool) -> PlainTask:
    defined = task.definition
    plain: PlainTask = {
        "code": defined.code,
        "section": defined.section,
        "content": defined.content,
        "deliverable": defined.deliverable,
        "lead": list(defined.lead),
        "support": list(defined.support),
        "schedule_text": defined.schedule_text,
        "milestones": [dict(milestone) for milestone in defined.milestones],
        "warnings": [] if defined.lead else [NO_LEAD],
    }
    if with_id:
        plain["task_id"] = task.task_id
    return plain


def _target(stored: StoredTarget) -> PlainTarget:
    bounds = stored["target"] or {}
    target = {key: bound if key == "change" else _number(bound) for key, bound in bounds.items()}
    return {**stored, "target": target or None}


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)
