"""A plan in force: its definition for one regime and one year, from its issue over its amendments to its end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Unpack
from uuid import NAMESPACE_OID, UUID, uuid5

from services.planning.domain.plans import events
from services.planning.domain.plans.events import EventFields
from services.planning.domain.plans.plan_tasks import PlanTasks, TaskChanges
from services.planning.domain.plans.state import PlanDefinition, PlanState
from services.planning.domain.refusal import IN_FORCE, OTHER_PROVINCE, Refusal
from services.planning.domain.tasks.deadline_rules import DeadlineRules
from services.planning.domain.tasks.state import TaskDefinition
from services.planning.domain.tasks.task import Task
from shared.calendar import Roll
from shared.clock import day_of
from shared.grants import Actor
from shared.record.aggregate import Aggregate, Recorded
from shared.refusal_rules import BY_MISSING, REASON_MISSING, UNKNOWN_TASK


class Plan(PlanState, Aggregate):
    """One for each commune, regime and year; without a commune, the standard plan of a province.

    A standard plan sets the province's targets and assigns no tasks: its tasks are assigned by the communes' own plans
    that are made from it, each of which names it as `standard_plan_id`.
    """

    TOPIC = "planning.plan"

    Issued = events.Issued
    Amended = events.Amended
    Closed = events.Closed
    ChangeRefused = events.ChangeRefused

    @staticmethod
    def create_id(commune: str | None, province: str, regime: str, year: int) -> UUID:
        owner = f"province-{province}" if commune is None else commune
        return uuid5(NAMESPACE_OID, f"planning/plan/{owner}/{regime}/{year}")

    @classmethod
    def issue(
        cls,
        definition: PlanDefinition,
        at: datetime,
        *,
        commune: str | None,
        province: str,
        standard_plan_id: str | None,
        roll: Roll,
        by: Actor | None = None,
    ) -> "Plan":
        identity = cls.create_id(commune, province, definition.regime, definition.year)
        return cls._create(
            cls.Issued,
            id=identity,
            timestamp=at,
            plan_id=f"p-{identity.hex[:12]}",
            commune=commune,
            province=province,
            standard_plan_id=standard_plan_id,
            roll=roll,
            by=by and by.name,
            by_account=by and by.account,
            **vars(definition),
        )

    def issue_again(self, sha256: str, at: datetime, by: Actor | None = None) -> Refusal | None:
        """The same content is ignored; another one is refused: a plan in force is never replaced silently."""
        if sha256 == self.sha256:
            return None
        sentence = (
            f"Đã có kế hoạch {self.plan_id} cùng loại của năm {self.year}, ban hành ngày {self.issued_on:%-d/%-m/%Y}; "
            "muốn thay đổi thì phải sửa đổi kế hoạch đó."
        )
        return self._refuse("issue", by or Actor(""), Refusal(IN_FORCE, sentence), at)

    def assign(self, definitions: Sequence[TaskDefinition], at: datetime, rules: DeadlineRules) -> list[Task]:
        """The plan's tasks. A task is identified by its content and printed code, of equal ones also by their order."""
        return self._tasks(self.version_in_force, rules).assign(definitions, at)

    def amend(
        self,
        definition: PlanDefinition,
        tasks: Sequence[TaskDefinition],
        before: Sequence[Task],
        at: datetime,
        rules: DeadlineRules,
        *,
        by: str,
        reason: str,
        account: str | None = None,
    ) -> TaskChanges | Refusal:
        """Put another version in force, with its `tasks`; `before` are all tasks that the plan ever assigned.

        The same content again changes nothing.
        """
        if refusal := next(self._amendment_refusals(by, reason, tasks, before), None):
            return self._refuse("amend", Actor(by, account), refusal, at)
        if definition.sha256 == self.sha256:
            return TaskChanges()
        version, changes = self.version_in_force + 1, TaskChanges()
        if self.commune is not None:
            why = f"Sửa đổi kế hoạch lần {version - 1}: {reason}"
            changes = self._tasks(version, rules).amend(tasks, before, at, by=Actor(by, account), reason=why)
        self._record(
            self.Amended,
            at,
            province=self.province,
            version=version,
            amended_on=day_of(at),
            reason=reason,
            by=by,
            by_account=account,
            roll=rules.roll,
            added=[task.task_id for task in changes.added],
            revised=[task.task_id for task in changes.revised],
            withdrawn=[task.task_id for task in changes.withdrawn],
            **vars(replace(definition, issued_on=self.issued_on)),
        )
        return changes

    def close(
        self, tasks: Sequence[Task], at: datetime, *, by: str, reason: str, account: str | None = None
    ) -> Refusal | None:
        """End the plan with all its tasks as they are; closing again is ignored."""
        if self.closed_on is not None:
            return None
        if refusal := next(_unsigned(by, reason), None):
            return self._refuse("close", Actor(by, account), refusal, at)
        self._record(self.Closed, at, closed_on=day_of(at), by=by, by_account=account, reason=reason)
        for task in tasks:
            task.close(at)
        return None

    def matches_any_version_of(self, standard: "Plan") -> bool:
        """Whether its content is that of its standard plan, in whichever version: then it is amended with it."""
        return self.sha256 in standard.every_sha256

    def _tasks(self, version: int, rules: DeadlineRules) -> PlanTasks:
        assert self.commune is not None, "a standard plan assigns nothing"
        return PlanTasks(self.id, self.plan_id, self.commune, version, rules)

    def _amendment_refusals(
        self, by: str, reason: str, tasks: Sequence[TaskDefinition], before: Sequence[Task]
    ) -> Iterator[Refusal]:
        yield from _unsigned(by, reason)
        if self.closed_on is not None:
            yield Refusal(
                "closed", f"Kế hoạch {self.plan_id} đã kết thúc ngày {self.closed_on:%-d/%-m/%Y} nên không thể sửa đổi."
            )
        known, named = {task.task_id for task in before}, [task.continues for task in tasks if task.continues]
        for task_id in named:
            if task_id not in known:
                yield Refusal(UNKNOWN_TASK, f"Kế hoạch {self.plan_id} không có nhiệm vụ mang mã “{task_id}”.")
            if named.count(task_id) > 1:
                yield Refusal("task-named-twice", f"Nhiệm vụ “{task_id}” được ghi ở nhiều dòng.")

    def _refuse(self, change: str, by: Actor, refusal: Refusal, at: datetime) -> Refusal:
        self._record(
            self.ChangeRefused,
            at,
            change=change,
            by=by.name,
            by_account=by.account,
            rule=refusal.rule,
            sentence=refusal.sentence,
        )
        return refusal

    def _record(self, event: type[Recorded], at: datetime, **fields: Unpack[EventFields]) -> None:
        self.trigger_event(event, timestamp=at, plan_id=self.plan_id, commune=self.commune, **fields)


def _unsigned(by: str, reason: str) -> Iterator[Refusal]:
    if not by.strip():
        yield Refusal(BY_MISSING, "Chưa ghi người ký.")
    if not reason.strip():
        yield Refusal(REASON_MISSING, "Chưa ghi lý do.")


def commune_refusals(
    plan_province: str | None, name: str, province: str, *, gone_from: date | None, today: date
) -> Iterator[Refusal]:
    """Why a plan may not be issued or amended for a commune of this name and province."""
    if gone_from and gone_from <= today:
        since = f"{gone_from:%-d/%-m/%Y}"
        yield Refusal(
            "commune-gone", f"{name} không còn từ ngày {since}; các kế hoạch của đơn vị này chỉ có thể kết thúc."
        )
    if plan_province not in (None, province):
        yield Refusal(OTHER_PROVINCE, f"Kế hoạch là của tỉnh {plan_province}, còn {name} thuộc tỉnh {province}.")
