"""What Planning does when asked: load, decide, save."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from psycopg_pool import ConnectionPool

from services.planning.domain.commune import Commune
from services.planning.domain.plan import Plan
from services.planning.domain.refused import PlanRefused
from services.planning.domain.step import Refusal
from services.planning.domain.submission import UnreadableMessage, Verdict
from services.planning.domain.task import Task
from services.planning.issuing import Draft, draft_of
from services.planning.plan_file import PlanFile
from services.planning.read_models import ONE_AT_A_TIME, Communes, ListedTask, Plans, RegisteredCommune, Tasks
from services.planning.register import IN_FORCE_FROM, RegisterEntry, communes_of
from services.planning.settling import settled, steps_of
from services.planning.succeeding import Succeeding
from services.planning.sweeping import SWEPT_AT_ONCE, Decide, every_task_decides
from services.planning.terms import SetTerms
from shared.calendar import Calendar
from shared.clock import day_of, end_of
from shared.contracts import Submission
from shared.contracts.planning import ReportProgress
from shared.event_store import AggregateNotFoundError, EventStore, IntegrityError
from shared.intake import TRIES, Outcome, Submitted, Unreadable, parked
from shared.settings import Settings

KINDS: tuple[type[Submission], ...] = (ReportProgress,)


class Issued(NamedTuple):
    """What issuing a file did: the plans and tasks that are new, and the plans that were issued so before."""

    plan_id: str
    plans: int = 0
    tasks: int = 0
    already: int = 0


class Amendment(NamedTuple):
    """What amending did: the version in force now, and how many tasks are new, say something else, or are withdrawn."""

    plan_id: str
    version: int
    added: int = 0
    revised: int = 0
    withdrawn: int = 0


class Swept(NamedTuple):
    """How many deadlines were announced as approaching and as missed, and how many tasks another calendar moved."""

    approached: int = 0
    missed: int = 0
    rescheduled: int = 0


class Planning(EventStore):
    name = "planning"

    def __init__(self, settings: Settings, pool: "ConnectionPool[Any]") -> None:
        super().__init__(settings)
        self.terms = SetTerms(settings.env)
        self.communes = Communes(pool, lambda: day_of(self.clock()))
        self.succeeding = Succeeding(self, self.communes)
        self.plans = Plans(pool)
        self.tasks = Tasks(pool)

    def register_communes(self, province: str, codes: Collection[str] | None = None) -> int:
        """Register those communes of a province that are not yet; how many. PlanRefused for no province's code.

        `codes`: only these take part.
        """
        entries = [entry for entry in communes_of(province) if codes is None or entry.code in codes]
        if not entries:
            raise PlanRefused(f'"{province}" is not the code of a province; a code has two digits, such as 51')
        return self.register(entries, IN_FORCE_FROM)

    def register(self, entries: Sequence[RegisterEntry], in_force_from: date) -> int:
        """Register communes that take part from a day on; how many of them are new."""
        for _ in range(TRIES):
            known = self.communes.ids()
            at = self.clock()
            new = [
                Commune.register(at, in_force_from=in_force_from, **asdict(entry))
                for entry in entries
                if entry.code not in known
            ]
            try:
                self.commit(*new, at=at, statements=Communes.rows(new))
            except IntegrityError:  # another instance registered some of them
                continue
            return len(new)
        raise TimeoutError(f"{TRIES} times another instance was first")

    def issue_plan(
        self, file: PlanFile, issued_on: date | None = None, commune: str | None = None, *, standard: bool = False
    ) -> Issued:
        """Put a plan in force: for the commune whose code is given, else for the one that the file names.

        `standard`: a file that names none is a province's standard plan. It is issued for the province, and for each of
        its communes that has no plan of that regime and year. Issuing again completes what is missing. Raises
        PlanRefused, also for a file that names none without `standard`: a draft may only lack what nobody filled in.
        """
        draft = draft_of(file, issued_on or file.plan.issued_on or day_of(self.clock()))
        if commune is None and draft.for_communes and standard:
            return self._issue_standard(draft)
        return self._issue(draft, self._commune(draft, commune))

    def amend_plan(
        self, file: PlanFile, *, by: str, reason: str, commune: str | None = None, standard: bool = False
    ) -> Amendment:
        """Put another version of a plan in force: of the commune's, or with `standard` of the province's standard plan.

        A standard plan is amended with those communes' plans that were made from it and still say what it said; doing
        so again completes what is missing. PlanRefused, once the refusal is recorded, for what the rules do not allow.
        """
        draft = draft_of(file, day_of(self.clock()))
        if commune is None and draft.for_communes and standard:
            return self._amend_standard(draft, by, reason)
        registered = self._commune(draft, commune)
        return self._amend(draft, registered.commune, registered.province, by, reason)

    def close_plan(self, plan_id: str, *, by: str, reason: str) -> None:
        """End a plan with all its tasks. PlanRefused as above."""
        known = self.plans.with_id(plan_id)
        if known is None:
            raise PlanRefused(f"there is no plan {plan_id}")
        for _ in range(TRIES):
            with self._alone():
                plan, tasks = self._plan(known.commune, known.province, known.regime, known.year)
                at = self.clock()
                refusal = plan.close(tasks, at, by=by, reason=reason)
                done = self._committed(plan, tasks, at, alone=True)
            if done:
                return _or_refused(refusal)
        raise TimeoutError(f"{TRIES} times another instance was first")

    def tasks_known_at(self, known_at: date, commune: str | None = None) -> list[ListedTask]:
        """The tasks as they were known at the end of a day, from their events; in the order of their plans."""
        listed = {task.task_id: task for task in self.tasks.all(commune)}
        identities = self.tasks.identities(listed)
        past = cast("Iterable[Task]", self.known_at(list(identities.values()), end_of(known_at)))
        stood = {task.task_id: task for task in past}
        known = [listed[task_id].as_it_stood(task) for task_id, task in stood.items()]
        return sorted(known, key=lambda task: (task.commune, task.plan_id, task.place, task.task_id))

    def settle(self, submissions: Sequence[Submitted], at: datetime) -> list[Outcome]:
        """Decide a batch of submissions. Within it, each sees what those before did to a task."""
        tasks = self._named(step.task_id for submitted in submissions for step in steps_of(submitted))
        calendar = self.terms.calendar(day_of(at))
        outcomes = []
        for submitted in submissions:
            if isinstance(submitted.content, Unreadable):
                outcomes.append(parked(UnreadableMessage, submitted, submitted.content, at))
                continue
            verdict = Verdict(submitted.commune, tasks, at, calendar)
            for step in steps_of(submitted):
                verdict.take(step)
            outcomes.append(settled(submitted, verdict))
        return outcomes

    def sweep(self, today: date) -> Swept:
        """Announce every deadline whose day has come, each once, however many sweep and whenever they did before.

        First what the calendar, as known today, puts on another day.
        """
        calendar = self.terms.calendar(today)
        rescheduled = self._decided(self._misdated(calendar, today), lambda task, at: task.follow(calendar, at))
        waiting = self.tasks.to_announce(today)
        announced = self._decided(waiting, lambda task, at: task.announce_deadlines(today, at))
        return Swept(announced[Task.DeadlineApproached], announced[Task.DeadlineMissed], rescheduled[Task.Rescheduled])

    def refresh(self) -> None:
        """Write the rows again that an earlier version of this program wrote."""
        outdated = self.tasks.outdated()
        for start in range(0, len(outdated), SWEPT_AT_ONCE):
            with self.tasks.pool.connection() as connection:
                # Before they are loaded: else a row could be older than what is committed meanwhile, and stay so.
                connection.execute(ONE_AT_A_TIME[0].encode())
                tasks = [self._task(identity) for identity in outdated[start : start + SWEPT_AT_ONCE]]
                for statement, parameters in Tasks.rows(tasks):
                    connection.execute(statement.encode(), parameters)

    def _commune(self, draft: Draft, code: str | None) -> RegisteredCommune:
        code = code or draft.commune
        if code is None:
            raise PlanRefused(
                "the plan does not tell which commune it is for; say it with --commune CODE, or with --standard that it"
                " is the province's plan for all its communes"
            )
        commune = self.communes.named(code)
        if commune is None:
            raise PlanRefused(f"commune {code} is not registered; run: minhbach commune register --province PROVINCE")
        if commune.gone_from and commune.gone_from <= day_of(self.clock()):
            raise PlanRefused(
                f"{commune.name} is there no longer since {commune.gone_from}; its plans can only be closed"
            )
        if draft.province not in (None, commune.province):
            raise PlanRefused(f"the plan is of province {draft.province}, {commune.name} is in {commune.province}")
        return commune

    def _issue_standard(self, draft: Draft) -> Issued:
        assert draft.province
        if not communes_of(draft.province):
            raise PlanRefused(f'"{draft.province}" is not the code of a province')
        standard = self._issue(draft, None)
        without = self.communes.without_plan(draft.province, draft.regime, draft.year)
        every = [standard, *(self._issue(draft, commune, standard.plan_id) for commune in without)]
        return Issued(
            standard.plan_id, sum(i.plans for i in every), sum(i.tasks for i in every), sum(i.already for i in every)
        )

    def _issue(self, draft: Draft, commune: RegisteredCommune | None, standard: str | None = None) -> Issued:
        """One plan and its tasks in one transaction; the standard plan of a province without a commune."""
        owner, province = (commune.commune, commune.province) if commune else (None, draft.province or "")
        for _ in range(TRIES):
            at = self.clock()
            terms = self.terms.on(day_of(at), draft.roll)
            try:
                plan = cast(Plan, self.repository.get(Plan.create_id(owner, province, draft.regime, draft.year)))
            except AggregateNotFoundError:
                what = {**draft.plan, "roll": terms.roll}
                plan = Plan.issue(at, commune=owner, province=province, standard_plan_id=standard, **what)
                tasks = plan.assign(draft.tasks, at, terms) if commune else []
                if self._committed(plan, tasks, at):
                    return Issued(plan.plan_id, plans=1, tasks=len(tasks))
                continue  # another instance issued it
            refusal = plan.issue_again(draft.plan["sha256"], at)
            if self._committed(plan, [], at):
                _or_refused(refusal)
                return Issued(plan.plan_id, already=1)
        raise TimeoutError(f"{TRIES} times another instance was first")

    def _amend_standard(self, draft: Draft, by: str, reason: str) -> Amendment:
        assert draft.province
        every = [self._amend(draft, None, draft.province, by, reason)]
        standard, _ = self._plan(None, draft.province, draft.regime, draft.year)
        for commune in self.plans.made_from(standard.plan_id):
            plan, _ = self._plan(commune, draft.province, draft.regime, draft.year)
            if plan.says_what_was_said_by(standard) and plan.closed_on is None:
                every.append(self._amend(draft, commune, draft.province, by, reason))
        counts = (sum(amended.added for amended in every), sum(a.revised for a in every))
        return Amendment(standard.plan_id, every[0].version, *counts, sum(a.withdrawn for a in every))

    def _amend(self, draft: Draft, commune: str | None, province: str, by: str, reason: str) -> Amendment:
        for _ in range(TRIES):
            with self._alone():
                plan, before = self._plan(commune, province, draft.regime, draft.year)
                at = self.clock()
                terms = self.terms.on(day_of(at), draft.roll)
                what = {**draft.plan, "issued_on": plan.issued_on, "roll": terms.roll}
                asked = draft.tasks if commune else []
                amended = plan.amend(what, asked, before, at, terms, by=by, reason=reason)
                added = [] if isinstance(amended, Refusal) else amended.added
                done = self._committed(plan, [*before, *added], at, alone=True)
            if done:
                if isinstance(amended, Refusal):
                    raise PlanRefused(amended.sentence)
                changed = (amended.added, amended.revised, amended.withdrawn)
                return Amendment(plan.plan_id, plan.version_in_force, *map(len, changed))
        raise TimeoutError(f"{TRIES} times another instance was first")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody changes a task meanwhile: deciding a large plan takes a second, and would lose to every step reported.

        Whoever reports waits, and is decided again on what the plan asks then.
        """
        with self.tasks.pool.connection() as connection:
            connection.execute(ONE_AT_A_TIME[0].encode())
            yield

    def _plan(self, commune: str | None, province: str, regime: str, year: int) -> tuple[Plan, list[Task]]:
        """A plan in force, and all tasks that it ever assigned."""
        try:
            plan = cast(Plan, self.repository.get(Plan.create_id(commune, province, regime, year)))
        except AggregateNotFoundError:
            whose = f"commune {commune}" if commune else f"province {province}"
            raise PlanRefused(f"{whose} has no plan for {regime} {year} yet; issue it first") from None
        return plan, [self._task(identity) for identity in self.tasks.of_plan(plan.plan_id)]

    def _committed(self, plan: Plan, tasks: Sequence[Task], at: datetime, *, alone: bool = False) -> bool:
        """False when another instance was first. `alone`: the lock is held already."""
        changed = [task for task in tasks if task.pending_events]
        try:
            self.commit(plan, *changed, at=at, statements=[Plans.row(plan), *Tasks.rows(changed, alone=alone)])
        except IntegrityError:
            return False
        return True

    def _named(self, task_ids: Iterable[str]) -> dict[str, Task]:
        identities = self.tasks.identities(task_ids)
        return {task_id: self._task(identity) for task_id, identity in identities.items()}

    def _task(self, identity: UUID) -> Task:
        return cast(Task, self.repository.get(identity))

    def _decided(self, waiting: Sequence[UUID], decide: Decide) -> Counter[type[Any]]:
        return every_task_decides(self, waiting, self._task, decide)

    def _misdated(self, calendar: Calendar, today: date) -> list[UUID]:
        """Open tasks that owe something on a day which the calendar may put elsewhere."""
        days = self.tasks.due_days(today)
        moved = {nominal for nominal, due, roll in days if calendar.effective(nominal, roll) != due}
        return self.tasks.due_on(sorted(moved)) if moved else []


def _or_refused(refusal: Refusal | None) -> None:
    if refusal:
        raise PlanRefused(refusal.sentence)
