"""Issues, amends and closes plans: a commune's own, or the standard plan of a province with those made from it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, cast

from services.planning.deadline_settings import DeadlineSettings
from services.planning.domain.plans.plan import Plan, commune_refusals
from services.planning.domain.refusal import (
    COMMUNE_MISSING,
    COMMUNE_UNKNOWN,
    NOT_ISSUED,
    UNKNOWN_PLAN,
    UNKNOWN_PROVINCE,
    Refusal,
    RequestRefused,
)
from services.planning.domain.tasks.task import Task
from services.planning.plan_file import PlanFile
from services.planning.plan_file.definitions import PlanDefinitions, definitions_in
from services.planning.read_models import Communes, Plans, RegisteredCommune, Tasks
from services.planning.register import communes_of
from shared.clock import day_of
from shared.grants import Actor
from shared.record.event_store import AggregateNotFoundError, EventStore


class IssueResult(NamedTuple):
    """How many plans and tasks are new, and how many plans were issued with this content before.

    `plans` holds the standard plan of a province beside those of its communes, of which there are `communes`.
    """

    plan_id: str
    plans: int = 0
    tasks: int = 0
    already: int = 0
    communes: int = 0


class AmendmentResult(NamedTuple):
    """The version in force now, and how many tasks are new, revised or withdrawn.

    `still_late` of the revised ones keep a missed deadline where the plan names a later day; `withdrawn_late` were late
    when withdrawn.
    """

    plan_id: str
    version: int
    added: int = 0
    revised: int = 0
    withdrawn: int = 0
    still_late: int = 0
    withdrawn_late: int = 0


class PlanChanges:
    def __init__(
        self, store: EventStore, communes: Communes, plans: Plans, tasks: Tasks, settings: DeadlineSettings
    ) -> None:
        self._store = store
        self._communes = communes
        self._plans = plans
        self._tasks = tasks
        self._settings = settings

    def issue(
        self, file: PlanFile, issued_on: date | None, commune: str | None, *, standard: bool, by: Actor | None = None
    ) -> IssueResult:
        definitions = definitions_in(file, issued_on or file.plan.issued_on or day_of(self._store.clock()))
        if commune is None and definitions.for_communes and standard:
            return self._issue_standard(definitions, by)
        return self._issue(definitions, self._owner(definitions, commune), by)

    def amend(self, file: PlanFile, *, by: Actor, reason: str, commune: str | None, standard: bool) -> AmendmentResult:
        definitions = definitions_in(file, day_of(self._store.clock()))
        if commune is None and definitions.for_communes and standard:
            return self._amend_standard(definitions, by, reason)
        registered = self._owner(definitions, commune)
        return self._amend(definitions, registered.commune, registered.province, by, reason)

    def commune_of(self, file: PlanFile, code: str | None) -> RegisteredCommune:
        definitions = definitions_in(file, day_of(self._store.clock()))
        name = code or definitions.commune
        return self._checked(definitions, name, self._communes.named(name) if name else None)

    def close(self, plan_id: str, *, by: Actor, reason: str) -> None:
        known = self._plans.with_id(plan_id)
        if known is None:
            raise RequestRefused(Refusal(UNKNOWN_PLAN, f"Không có kế hoạch {plan_id}."))

        def attempt(at: datetime) -> None:
            with self._tasks.alone():
                plan = self._in_force(known.commune, known.province, known.regime, known.year)
                tasks = self._tasks_of(plan)
                refusal = plan.close(tasks, at, by=by.name, account=by.account, reason=reason)
                self._commit(plan, tasks, at, alone=True)
            _raise(refusal)

        self._store.decide(attempt)

    def _issue_standard(self, definitions: PlanDefinitions, by: Actor | None) -> IssueResult:
        province, plan = definitions.province or "", definitions.plan
        if not communes_of(province):
            raise RequestRefused(Refusal(UNKNOWN_PROVINCE, f'"{province}" không phải là mã của một tỉnh.'))
        standard = self._issue(definitions, None, by)
        without = self._communes.without_plan(province, plan.regime, plan.year)
        every = [standard, *(self._issue(definitions, commune, by, standard.plan_id) for commune in without)]
        return IssueResult(
            standard.plan_id,
            plans=sum(each.plans for each in every),
            tasks=sum(each.tasks for each in every),
            already=sum(each.already for each in every),
            communes=sum(each.plans for each in every[1:]),
        )

    def _issue(
        self,
        definitions: PlanDefinitions,
        commune: RegisteredCommune | None,
        by: Actor | None,
        standard_plan_id: str | None = None,
    ) -> IssueResult:
        """One plan and its tasks in one transaction; the standard plan of a province without a commune."""
        owner, province = (commune.commune, commune.province) if commune else (None, definitions.province or "")

        def attempt(at: datetime) -> IssueResult:
            definition, rules = definitions.plan, self._settings.rules(day_of(at), definitions.roll)
            plan = self._plan(owner, province, definition.regime, definition.year)
            if plan is None:
                plan = Plan.issue(
                    definition,
                    at,
                    commune=owner,
                    province=province,
                    standard_plan_id=standard_plan_id,
                    roll=rules.roll,
                    by=by,
                )
                tasks = plan.assign(definitions.tasks, at, rules) if commune else []
                self._commit(plan, tasks, at)
                return IssueResult(plan.plan_id, plans=1, tasks=len(tasks))
            refusal = plan.issue_again(definition.sha256, at, by)
            self._commit(plan, [], at)
            _raise(refusal)
            return IssueResult(plan.plan_id, already=1)

        return self._store.decide(attempt)

    def _amend_standard(self, definitions: PlanDefinitions, by: Actor, reason: str) -> AmendmentResult:
        province, regime, year = definitions.province or "", definitions.plan.regime, definitions.plan.year
        every = [self._amend(definitions, None, province, by, reason)]
        standard = self._in_force(None, province, regime, year)
        for commune in self._plans.made_from(standard.plan_id):
            plan = self._in_force(commune, province, regime, year)
            if plan.matches_any_version_of(standard) and plan.closed_on is None:
                every.append(self._amend(definitions, commune, province, by, reason))
        return AmendmentResult(
            standard.plan_id,
            every[0].version,
            added=sum(each.added for each in every),
            revised=sum(each.revised for each in every),
            withdrawn=sum(each.withdrawn for each in every),
            still_late=sum(each.still_late for each in every),
            withdrawn_late=sum(each.withdrawn_late for each in every),
        )

    def _amend(
        self, definitions: PlanDefinitions, commune: str | None, province: str, by: Actor, reason: str
    ) -> AmendmentResult:
        def attempt(at: datetime) -> AmendmentResult:
            # Alone: deciding a large plan takes a second, and would lose to every step reported meanwhile.
            with self._tasks.alone():
                plan = self._in_force(commune, province, definitions.plan.regime, definitions.plan.year)
                before = self._tasks_of(plan)
                rules = self._settings.rules(day_of(at), definitions.roll)
                tasks = definitions.tasks if commune else []
                amended = plan.amend(
                    definitions.plan, tasks, before, at, rules, by=by.name, account=by.account, reason=reason
                )
                added = [] if isinstance(amended, Refusal) else amended.added
                self._commit(plan, [*before, *added], at, alone=True)
            if isinstance(amended, Refusal):
                raise RequestRefused(amended)
            today = day_of(at)
            return AmendmentResult(
                plan.plan_id,
                plan.version_in_force,
                added=len(amended.added),
                revised=len(amended.revised),
                withdrawn=len(amended.withdrawn),
                still_late=sum(task.keeps_missed_deadline(today) for task in amended.revised),
                withdrawn_late=sum(task.is_late(today) for task in amended.withdrawn),
            )

        return self._store.decide(attempt)

    def _owner(self, definitions: PlanDefinitions, commune: str | None) -> RegisteredCommune:
        """The commune whose plan it is: that with the id, else the one whose code is given or that the file names."""
        name = commune or definitions.commune
        found = (self._communes.with_id(commune) if commune else None) or (self._communes.named(name) if name else None)
        return self._checked(definitions, name, found)

    def _checked(
        self, definitions: PlanDefinitions, name: str | None, commune: RegisteredCommune | None
    ) -> RegisteredCommune:
        if name is None:
            raise RequestRefused(Refusal(COMMUNE_MISSING, "Kế hoạch không ghi là của đơn vị nào."))
        if commune is None:
            raise RequestRefused(Refusal(COMMUNE_UNKNOWN, f"Đơn vị có mã {name} chưa đăng ký tham gia."))
        today = day_of(self._store.clock())
        refusals = commune_refusals(
            definitions.province, commune.name, commune.province, gone_from=commune.gone_from, today=today
        )
        _raise(next(refusals, None))
        return commune

    def _in_force(self, commune: str | None, province: str, regime: str, year: int) -> Plan:
        plan = self._plan(commune, province, regime, year)
        if plan is None:
            owner = f"Đơn vị {commune}" if commune else f"Tỉnh {province}"
            sentence = f"{owner} chưa có kế hoạch {regime} năm {year}; phải ban hành kế hoạch trước."
            raise RequestRefused(Refusal(NOT_ISSUED, sentence))
        return plan

    def _tasks_of(self, plan: Plan) -> list[Task]:
        """All tasks that the plan ever assigned."""
        return [cast(Task, self._store.repository.get(each)) for each in self._tasks.of_plan(plan.plan_id)]

    def _plan(self, commune: str | None, province: str, regime: str, year: int) -> Plan | None:
        try:
            return cast(Plan, self._store.repository.get(Plan.create_id(commune, province, regime, year)))
        except AggregateNotFoundError:
            return None

    def _commit(self, plan: Plan, tasks: Sequence[Task], at: datetime, *, alone: bool = False) -> None:
        """`alone`: the lock is held already."""
        changed = [task for task in tasks if task.pending_events]
        statements = [Plans.row(plan), *Tasks.rows(changed, alone=alone)]
        self._store.commit(plan, *changed, at=at, statements=statements)


def _raise(refusal: Refusal | None) -> None:
    if refusal:
        raise RequestRefused(refusal)
