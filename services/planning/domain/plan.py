"""A plan in force: what it asks of whom, in one regime and one year."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.planning.domain.refused import PlanRefused
from services.planning.domain.task import Task
from shared.event_sourcing import Aggregate, Created

MOST_TASKS = 999  # a plan and its tasks are one transaction of at most 1,000 events
MOST_DEADLINES = 100  # of one task: all its reminders must fit one transaction too


class Plan(Aggregate):
    """One for each commune, regime and year; without a commune, the standard plan of a province.

    A standard plan sets the province's targets and asks nobody for anything: its tasks are those of the communes' own
    plans that are made from it, each of which names it as `standard_plan_id`.
    """

    TOPIC = "planning.plan"

    class Issued(Created):
        TOPIC = "planning.plan-issued"

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

    def issue_again(self, sha256: str) -> None:
        """The same content stays quiet. PlanRefused for another one: what is in force is never replaced silently."""
        if sha256 != self.sha256:
            whose = f"commune {self.commune}" if self.commune else f"province {self.province}"
            origin = ", made from the province's standard plan" if self.standard_plan_id else ""
            raise PlanRefused(
                f"{whose} has another plan for {self.regime} {self.year} already ({self.plan_id}{origin}, issued on "
                f"{self.issued_on}); a plan in force cannot be replaced yet"
            )

    def assign(self, tasks: Sequence[Mapping[str, Any]], at: datetime) -> list[Task]:
        """The plan's tasks, `what` of each as in Task.Assigned; PlanRefused where there are too many.

        A task is told apart by its content and its code as printed; where two say the same, by which of them it is.
        """
        assert self.commune is not None, "a standard plan assigns nothing"
        if len(tasks) > MOST_TASKS:
            raise PlanRefused(f"the plan has {len(tasks):,} tasks; a plan can have at most {MOST_TASKS}")
        seen: Counter[str] = Counter()
        assigned = []
        for place, task in enumerate(tasks, start=1):
            if len(task["deadlines"]) > MOST_DEADLINES:
                raise PlanRefused(
                    f"task {place} has {len(task['deadlines'])} deadlines; at most {MOST_DEADLINES} can be"
                )
            said = f"{task['code'] or ''}\n{' '.join(task['content'].split())}"
            seen[said] += 1
            whose = {"plan_id": self.plan_id, "commune": self.commune, "place": place}
            assigned.append(Task.assign(self.id, f"{said}\n{seen[said]}", at, **whose, **task))
        return assigned
