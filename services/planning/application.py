"""What Planning does when asked: load, decide, save."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from psycopg_pool import ConnectionPool

from services.planning.domain.commune import Commune
from services.planning.domain.plan import Plan
from services.planning.domain.refused import PlanRefused
from services.planning.domain.submission import Verdict
from services.planning.domain.task import Task
from services.planning.issuing import Draft, draft_of
from services.planning.plan_file import PlanFile
from services.planning.read_models import Communes, Plans, RegisteredCommune, Tasks
from services.planning.register import RegisterEntry, communes_of
from services.planning.settling import parked, settled, steps_of
from shared.clock import day_of
from shared.contracts import Submission
from shared.contracts.planning import ReportProgress
from shared.event_store import MOST_EVENTS_IN_ONE_SAVE, AggregateNotFoundError, EventStore, IntegrityError
from shared.intake import TRIES, Outcome, Submitted, Unreadable
from shared.settings import Settings

KINDS: tuple[type[Submission], ...] = (ReportProgress,)
REGISTER_IN_FORCE_FROM = date(2025, 7, 1)
SWEPT_AT_ONCE = 300


class Issued(NamedTuple):
    """What issuing a file did: the plans and tasks that are new, and the plans that were issued so before."""

    plan_id: str
    plans: int = 0
    tasks: int = 0
    already: int = 0


class Swept(NamedTuple):
    """How many deadlines were announced as approaching and as missed."""

    approached: int = 0
    missed: int = 0


class Planning(EventStore):
    name = "planning"

    def __init__(self, settings: Settings, pool: "ConnectionPool[Any]") -> None:
        super().__init__(settings)
        self.communes = Communes(pool)
        self.plans = Plans(pool)
        self.tasks = Tasks(pool)

    def register_communes(self, province: str, codes: Collection[str] | None = None) -> int:
        """Register those communes of a province that are not yet; how many. PlanRefused for no province's code.

        `codes`: only these take part.
        """
        entries = [entry for entry in communes_of(province) if codes is None or entry.code in codes]
        if not entries:
            raise PlanRefused(f'"{province}" is not the code of a province; a code has two digits, such as 51')
        return self.register(entries, REGISTER_IN_FORCE_FROM)

    def register(self, entries: Sequence[RegisterEntry], in_force_from: date) -> int:
        """Register communes that take part from a day on; how many of them are new."""
        for _ in range(TRIES):
            known = {commune.commune for commune in self.communes.of()}
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

    def issue_plan(self, file: PlanFile, issued_on: date | None = None, commune: str | None = None) -> Issued:
        """Put a plan in force: for the commune whose code is given, else for the one that the file names.

        A file that names none is a province's standard plan: it is issued for the province, and for each of its
        communes that has no plan of that regime and year. Issuing again completes what is missing. Raises PlanRefused.
        """
        draft = draft_of(file, issued_on or file.plan.issued_on or day_of(self.clock()))
        if commune is None and draft.for_communes:
            return self._issue_standard(draft)
        return self._issue(draft, self._commune(draft, commune))

    def settle(self, submissions: Sequence[Submitted], at: datetime) -> list[Outcome]:
        """Decide a batch of submissions. Within it, each sees what those before did to a task."""
        tasks = self._named(step.task_id for submitted in submissions for step in steps_of(submitted))
        outcomes = []
        for submitted in submissions:
            if isinstance(submitted.content, Unreadable):
                outcomes.append(parked(submitted, submitted.content, at))
                continue
            verdict = Verdict(submitted.commune, tasks, at)
            for step in steps_of(submitted):
                verdict.take(step)
            outcomes.append(settled(submitted, verdict))
        return outcomes

    def sweep(self, today: date) -> Swept:
        """Announce every deadline whose day has come, each once, however many sweep and whenever they did before."""
        waiting = self.tasks.to_announce(today)
        swept = Swept()
        while waiting:
            looked_at, announced = self._announce(waiting, today)
            waiting = waiting[looked_at:]
            swept = Swept(swept.approached + announced.approached, swept.missed + announced.missed)
        return swept

    def _commune(self, draft: Draft, code: str | None) -> RegisteredCommune:
        code = code or draft.commune
        if code is None:
            raise PlanRefused("the plan does not tell which commune it is for; say it with --commune CODE")
        commune = self.communes.with_code(code)
        if commune is None:
            raise PlanRefused(f"commune {code} is not registered; run: minhbach commune register --province PROVINCE")
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
            try:
                plan = cast(Plan, self.repository.get(Plan.create_id(owner, province, draft.regime, draft.year)))
                plan.issue_again(draft.plan["sha256"])
                return Issued(plan.plan_id, already=1)
            except AggregateNotFoundError:
                at = self.clock()
            plan = Plan.issue(at, commune=owner, province=province, standard_plan_id=standard, **draft.plan)
            tasks = plan.assign(draft.tasks, at) if commune else []
            try:
                self.commit(plan, *tasks, at=at, statements=[Plans.row(plan), *Tasks.rows(tasks)])
            except IntegrityError:  # another instance issued it
                continue
            return Issued(plan.plan_id, plans=1, tasks=len(tasks))
        raise TimeoutError(f"{TRIES} times another instance was first")

    def _named(self, task_ids: Iterable[str]) -> dict[str, Task]:
        identities = self.tasks.identities(task_ids)
        return {task_id: self._task(identity) for task_id, identity in identities.items()}

    def _task(self, identity: UUID) -> Task:
        return cast(Task, self.repository.get(identity))

    def _announce(self, waiting: Sequence[UUID], today: date) -> tuple[int, Swept]:
        """The first of the waiting tasks, as many as one transaction takes: how many, and what was announced."""
        for _ in range(TRIES):
            at = self.clock()
            tasks = self._decided(waiting[:SWEPT_AT_ONCE], today, at)
            # Rows of those only that change: what another instance said of the others meanwhile must stand.
            changed = [task for task in tasks if task.pending_events]
            events = [type(event) for task in changed for event in task.pending_events]
            try:
                self.commit(*changed, at=at, statements=Tasks.rows(changed))
            except IntegrityError:  # another instance announced some of them, or a commune reported on one
                continue
            return len(tasks), Swept(events.count(Task.DeadlineApproached), events.count(Task.DeadlineMissed))
        raise TimeoutError(f"{TRIES} times another instance was first")

    def _decided(self, waiting: Sequence[UUID], today: date, at: datetime) -> list[Task]:
        tasks: list[Task] = []
        events = 0
        for identity in waiting:
            task = self._task(identity)
            task.announce_deadlines(today, at)
            events += len(task.pending_events)
            if events > MOST_EVENTS_IN_ONE_SAVE:
                break
            tasks.append(task)
        return tasks
