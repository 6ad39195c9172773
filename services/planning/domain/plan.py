"""A plan in force: what it asks of whom, in one regime and one year, from its issue over its amendments to its end."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.planning.domain.amendment import Changes, changes
from services.planning.domain.refused import PlanRefused
from services.planning.domain.reminder import Escalation
from services.planning.domain.step import Refusal
from services.planning.domain.task import Task
from shared.calendar import Calendar, Roll
from shared.clock import day_of
from shared.event_sourcing import Aggregate, Created, Recorded

MOST_TASKS = 999  # a plan and its tasks are one transaction of at most 1,000 events
MOST_OBLIGATIONS = 100  # of one task: all its reminders must fit one transaction too


@dataclass(frozen=True)
class Terms:
    """By what the days of a plan's tasks are reckoned, and who is told of them."""

    calendar: Calendar
    roll: Roll
    escalation: Escalation


class Plan(Aggregate):
    """One for each commune, regime and year; without a commune, the standard plan of a province.

    A standard plan sets the province's targets and asks nobody for anything: its tasks are those of the communes' own
    plans that are made from it, each of which names it as `standard_plan_id`.
    """

    TOPIC = "planning.plan"

    class Issued(Created):
        TOPIC = "planning.plan-issued"
        class_version = 2

        plan_id: str
        commune: str | None
        province: str
        title: str
        regime: str
        year: int
        span_from: date
        span_until: date
        number: str | None
        issued_on: date
        based_on: list[str]
        targets: list[dict[str, Any]]
        standard_plan_id: str | None
        sha256: str
        roll: str

        @staticmethod
        def upcast_v1_v2(said: dict[str, Any]) -> None:
            said["roll"] = "none"

    class Amended(Recorded):
        """`issued_on` is that of the plan, `amended_on` the day from which it asks what this version says."""

        TOPIC = "planning.plan-amended"

        plan_id: str
        commune: str | None
        province: str
        version: int
        title: str
        regime: str
        year: int
        span_from: date
        span_until: date
        number: str | None
        issued_on: date
        amended_on: date
        based_on: list[str]
        targets: list[dict[str, Any]]
        sha256: str
        roll: str
        reason: str
        by: str
        added: list[str]
        revised: list[str]
        withdrawn: list[str]

        def apply(self, aggregate: "Plan") -> None:
            aggregate.version_in_force = self.version
            aggregate.title = self.title
            aggregate.sha256 = self.sha256
            aggregate.said_before.add(self.sha256)

    class Closed(Recorded):
        TOPIC = "planning.plan-closed"

        plan_id: str
        commune: str | None
        closed_on: date
        reason: str
        by: str

        def apply(self, aggregate: "Plan") -> None:
            aggregate.closed_on = self.closed_on

    class ChangeRefused(Recorded):
        TOPIC = "planning.plan-change-refused"

        plan_id: str
        commune: str | None
        change: str
        by: str
        rule: str
        sentence: str

    @staticmethod
    def create_id(commune: str | None, province: str, regime: str, year: int) -> UUID:
        whose = f"province-{province}" if commune is None else commune
        return uuid5(NAMESPACE_OID, f"planning/plan/{whose}/{regime}/{year}")

    @classmethod
    def issue(cls, at: datetime, *, commune: str | None, **what: Any) -> "Plan":
        """`what` as in Issued, but for the plan's id."""
        identity = cls.create_id(commune, what["province"], what["regime"], what["year"])
        return cls._create(
            cls.Issued, id=identity, timestamp=at, plan_id=f"p-{identity.hex[:12]}", commune=commune, **what
        )

    def __init__(
        self,
        *,
        plan_id: str,
        commune: str | None,
        province: str,
        title: str,
        regime: str,
        year: int,
        issued_on: date,
        standard_plan_id: str | None,
        sha256: str,
    ) -> None:
        self.plan_id = plan_id
        self.commune = commune
        self.province = province
        self.title = title
        self.regime = regime
        self.year = year
        self.issued_on = issued_on
        self.standard_plan_id = standard_plan_id
        self.sha256 = sha256
        self.said_before = {sha256}
        self.version_in_force = 1
        self.closed_on: date | None = None

    def issue_again(self, sha256: str, at: datetime) -> Refusal | None:
        """The same content stays quiet; another one is refused: what is in force is never replaced silently."""
        if sha256 == self.sha256:
            return None
        sentence = (
            f"Đã có kế hoạch {self.plan_id} cùng loại của năm {self.year}, ban hành ngày {self.issued_on:%-d/%-m/%Y}; "
            "muốn thay đổi thì phải sửa đổi kế hoạch đó (minhbach plan amend)."
        )
        return self._refuse("issue", "", Refusal("in-force", sentence), at)

    def assign(self, tasks: Sequence[Mapping[str, Any]], at: datetime, terms: Terms) -> list[Task]:
        """The plan's tasks, `what` of each as in Task.Assigned; PlanRefused where there are too many.

        A task is told apart by its content and its code as printed; where two say the same, by which of them it is.
        """
        assert self.commune is not None, "a standard plan assigns nothing"
        _refuse_too_many_tasks(tasks)
        keys = enumerate(zip(_keys(tasks), tasks, strict=True), start=1)
        return [self._assign(place, key, task, at, terms) for place, (key, task) in keys]

    def amend(
        self,
        what: Mapping[str, Any],
        tasks: Sequence[Mapping[str, Any]],
        before: Sequence[Task],
        at: datetime,
        terms: Terms,
        *,
        by: str,
        reason: str,
    ) -> Changes | Refusal:
        """Another version: `what` as in Amended, `tasks` as it asks them, `before` all that the plan ever assigned.

        A task that it asks no longer is withdrawn, not deleted. The same content again changes nothing.
        """
        if refusal := next(self._amendment_refusals(by, reason, tasks, before), None):
            return self._refuse("amend", by, refusal, at)
        if what["sha256"] == self.sha256:
            return Changes()
        _refuse_too_many_tasks(tasks)
        version, keys = self.version_in_force + 1, list(_keys(tasks))
        why = f"Sửa đổi kế hoạch lần {version - 1}: {reason}"
        changed = changes(
            tasks,
            before,
            # What a task of the same words said before may be one that says something else by now.
            assign=lambda n, task: self._assign(n + 1, f"{keys[n]}\nversion {version}", task, at, terms),
            revise=lambda task, n, asked: self._revise(
                task, at, calendar=terms.calendar, plan_version=version, place=n + 1, roll=terms.roll, **_said(asked)
            ),
            withdraw=lambda task: task.withdraw(at, by=by, reason=why, plan_version=version),
        )
        touched = len(changed.added) + sum(bool(task.pending_events) for task in before)
        if touched > MOST_TASKS:
            raise PlanRefused(f"the amendment changes {touched:,} tasks; at most {MOST_TASKS} can change at once")
        self._record(
            self.Amended,
            at,
            province=self.province,
            version=version,
            amended_on=day_of(at),
            reason=reason,
            by=by,
            added=[task.task_id for task in changed.added],
            revised=[task.task_id for task in changed.revised],
            withdrawn=[task.task_id for task in changed.withdrawn],
            **what,
        )
        return changed

    def close(self, tasks: Sequence[Task], at: datetime, *, by: str, reason: str) -> Refusal | None:
        """The plan ends, and with it all its tasks as they stand; closed twice stays quiet."""
        if self.closed_on is not None:
            return None
        if refusal := next(_unsigned(by, reason), None):
            return self._refuse("close", by, refusal, at)
        self._record(self.Closed, at, closed_on=day_of(at), by=by, reason=reason)
        for task in tasks:
            task.close(at)
        return None

    def _assign(self, place: int, key: str, what: Mapping[str, Any], at: datetime, terms: Terms) -> Task:
        whose = {"plan_id": self.plan_id, "commune": self.commune, "place": place, "roll": terms.roll}
        task = Task.assign(
            self.id, key, at, calendar=terms.calendar, escalation=terms.escalation, **whose, **_said(what)
        )
        _refuse_too_many(task)
        return task

    def _revise(self, task: Task, at: datetime, **what: Any) -> bool:
        revised = task.revise(at, **what)
        _refuse_too_many(task)
        return revised

    def says_what_was_said_by(self, standard: "Plan") -> bool:
        """Whether it still says what its standard plan said, in whichever version: then it is amended with it."""
        return self.sha256 in standard.said_before

    def _amendment_refusals(
        self, by: str, reason: str, tasks: Sequence[Mapping[str, Any]], before: Sequence[Task]
    ) -> Iterator[Refusal]:
        yield from _unsigned(by, reason)
        if self.closed_on is not None:
            yield Refusal(
                "closed", f"Kế hoạch {self.plan_id} đã kết thúc ngày {self.closed_on:%-d/%-m/%Y} nên không thể sửa đổi."
            )
        known, named = {task.task_id for task in before}, [task["task_id"] for task in tasks if task["task_id"]]
        for task_id in named:
            if task_id not in known:
                yield Refusal("unknown-task", f"Kế hoạch {self.plan_id} không có nhiệm vụ mang mã “{task_id}”.")
            if named.count(task_id) > 1:
                yield Refusal("task-named-twice", f"Nhiệm vụ “{task_id}” được ghi ở nhiều dòng.")

    def _refuse(self, change: str, by: str, refusal: Refusal, at: datetime) -> Refusal:
        self._record(self.ChangeRefused, at, change=change, by=by, rule=refusal.rule, sentence=refusal.sentence)
        return refusal

    def _record(self, event: type[Recorded], at: datetime, **what: Any) -> None:
        self.trigger_event(event, timestamp=at, plan_id=self.plan_id, commune=self.commune, **what)


def _unsigned(by: str, reason: str) -> Iterator[Refusal]:
    if not by.strip():
        yield Refusal("by-missing", "Chưa ghi người ký.")
    if not reason.strip():
        yield Refusal("reason-missing", "Chưa ghi lý do.")


def _keys(tasks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for task in tasks:
        said = f"{task['code'] or ''}\n{' '.join(task['content'].split())}"
        seen[said] += 1
        yield f"{said}\n{seen[said]}"


def _said(task: Mapping[str, Any]) -> dict[str, Any]:
    """Without the id of the task that it goes on with: that only an amendment looks at."""
    return {name: value for name, value in task.items() if name != "task_id"}


def _refuse_too_many_tasks(tasks: Sequence[Mapping[str, Any]]) -> None:
    if len(tasks) > MOST_TASKS:
        raise PlanRefused(f"the plan has {len(tasks):,} tasks; a plan can have at most {MOST_TASKS}")


def _refuse_too_many(task: Task) -> None:
    if len(task.obligations) > MOST_OBLIGATIONS:
        raise PlanRefused(f"task {task.place} has {len(task.obligations)} deadlines; at most {MOST_OBLIGATIONS} can be")
