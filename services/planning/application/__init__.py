"""The use cases of Planning: load, decide, save. Communes, plans, reported progress, deadlines, and past tasks."""

from collections.abc import Collection, Sequence, Set
from datetime import date, datetime
from typing import cast
from uuid import UUID

from psycopg_pool import ConnectionPool

from services.planning.application.deadlines import AT_ONCE, DeadlineSweep, Swept
from services.planning.application.evidence_files import EvidenceFiles
from services.planning.application.past_lists import PastLists
from services.planning.application.plan_in_force import PlansInForce, Version
from services.planning.application.plans import AmendmentResult, IssueResult, PlanChanges
from services.planning.application.progress import ProgressBatch, named_files, steps_of
from services.planning.application.succession import CommuneSuccession
from services.planning.deadline_settings import DeadlineSettings
from services.planning.domain.communes.commune import Commune
from services.planning.domain.plans.plan import Plan
from services.planning.domain.refusal import UNKNOWN_PROVINCE, Refusal, RequestRefused
from services.planning.domain.tasks.following import following_of
from services.planning.domain.tasks.history import HistoryEntry, history
from services.planning.domain.tasks.listed_task import ListedTask
from services.planning.domain.tasks.state import DONE, WITHDRAWN
from services.planning.domain.tasks.task import Task
from services.planning.plan_file import PlanFile
from services.planning.read_models import Communes, Evidence, IssuedPlan, Plans, RegisteredCommune, Tasks
from services.planning.read_models.evidence import KeptFile
from services.planning.register import IN_FORCE_FROM, RegisterEntry, communes_of
from services.planning.virus_scanner import VirusScanner
from shared.clock import day_of, end_of
from shared.contracts.planning import TaskStep, needed_grant
from shared.contracts.planning.plan_contents import PlainPlan
from shared.grants import Actor, covering
from shared.messaging.following.grants import Grants
from shared.messaging.intake.submissions import Submitted
from shared.record.event_store import EventStore
from shared.settings import Settings


class Planning(EventStore):
    """`succession` has the use cases of communes that change. RequestRefused where the rules do not allow one."""

    name = "planning"

    def __init__(self, settings: Settings, pool: ConnectionPool) -> None:
        super().__init__(settings)
        self.communes = Communes(pool, lambda: day_of(self.clock()))
        self.plans = Plans(pool)
        self.tasks = Tasks(pool)
        self.evidence = Evidence(pool)
        self.evidence_files = EvidenceFiles(self.evidence, VirusScanner.of(settings.env))
        self.succession = CommuneSuccession(self, self.communes)
        self.deadline_settings = DeadlineSettings(settings.env)
        self._plan_changes = PlanChanges(self, self.communes, self.plans, self.tasks, self.deadline_settings)
        self._plans_in_force = PlansInForce(self, self.communes, self.plans, self.tasks, self.deadline_settings)
        self._past_tasks = PastLists[ListedTask](self)
        self._grants = Grants(pool, self.communes.places, lambda: day_of(self.clock()))
        self._deadline_sweep = DeadlineSweep(self, self.tasks, self.deadline_settings)

    def register_communes(self, province: str, codes: Collection[str] | None = None, by: Actor | None = None) -> int:
        """Register those communes of a province that are not yet; how many. `codes`: only these take part."""
        return self.register(entries_of(province, codes), IN_FORCE_FROM, by)

    def register(self, entries: Sequence[RegisterEntry], in_force_from: date, by: Actor | None = None) -> int:
        """Register communes that take part from a day on; how many of them are new."""

        def attempt(at: datetime) -> int:
            known = self.communes.ids()
            entered = [vars(entry) for entry in entries if entry.code not in known]
            new = [Commune.register(at, in_force_from=in_force_from, by=by, **each) for each in entered]
            self.commit(*new, at=at, statements=Communes.rows(new))
            return len(new)

        return self.decide(attempt)

    def issue_plan(
        self,
        file: PlanFile,
        issued_on: date | None = None,
        commune: str | None = None,
        *,
        standard: bool = False,
        by: Actor | None = None,
    ) -> IssueResult:
        """Put a plan in force: for the commune whose code is given, else for the one that the file names.

        `standard`: a file that names none is a province's standard plan. It is issued for the province, and for each of
        its communes that has no plan of that regime and year. Issuing again completes what is missing. A file that
        names none is refused without `standard`: it may be a draft whose commune was not filled in yet.
        """
        return self._plan_changes.issue(file, issued_on, commune, standard=standard, by=by)

    def commune_of(self, file: PlanFile, code: str | None = None) -> RegisteredCommune:
        """The commune whose plan a file is: that of a code or an id, else the one that it names. RequestRefused."""
        return self._plan_changes.commune_of(file, code)

    def amend_plan(
        self,
        file: PlanFile,
        *,
        by: str,
        reason: str,
        commune: str | None = None,
        standard: bool = False,
        account: str | None = None,
    ) -> AmendmentResult:
        """Put another version of a plan in force: of the commune's, or with `standard` of the province's standard plan.

        A standard plan is amended with those communes' plans that were made from it and whose content is still one of
        its versions; doing so again completes what is missing. Refusals are recorded.
        """
        return self._plan_changes.amend(file, by=Actor(by, account), reason=reason, commune=commune, standard=standard)

    def plan_named(self, name: str) -> IssuedPlan:
        """The plan with an id, or the last one of the commune with a code or an id."""
        return self._plans_in_force.named(name)

    def plan_in_force(self, name: str, known_at: date | None = None) -> PlainPlan:
        """A plan, by its id or its commune's code, as plain values of the plan format; as known at the end of a day."""
        return self._plans_in_force.file_of(name, known_at)

    def plan_versions(self, name: str, known_at: date | None = None) -> list[Version]:
        """The events that put its versions in force, the last one first."""
        known_until = end_of(known_at) if known_at else None
        return self._plans_in_force.versions(self.plan_named(name), known_until)

    def plans_known_at(self, plans: Sequence[IssuedPlan], known_at: date) -> list[IssuedPlan]:
        """Those that were issued by the end of a day, as they and their tasks stood then."""
        identities = {Plan.create_id(each.commune, each.province, each.regime, each.year): each for each in plans}
        then = {identities[plan.id]: plan for plan in self.known_at(list(identities), end_of(known_at))}
        communes = {each.commune for each in plans if each.commune}
        tasks = self.tasks_known_at(known_at, *communes) if communes else []
        return [
            listed._replace(
                title=then[listed].title, version=then[listed].version_in_force, closed_on=then[listed].closed_on,
                tasks=sum(task.plan_id == listed.plan_id and task.state != WITHDRAWN for task in tasks),
                completed=sum(task.plan_id == listed.plan_id and task.state in DONE for task in tasks),
            )
            for listed in plans
            if listed in then
        ]  # fmt: skip

    def close_plan(self, plan_id: str, *, by: str, reason: str, account: str | None = None) -> None:
        """End a plan with all its tasks. Refusals are recorded."""
        self._plan_changes.close(plan_id, by=Actor(by, account), reason=reason)

    def last_event_of_plan(self, plan_id: str) -> str:
        """The id of its newest event, as announcements have it."""
        known = self.plans.with_id(plan_id)
        assert known, "it was changed just now"
        identity = Plan.create_id(known.commune, known.province, known.regime, known.year)
        plan = cast(Plan, self.repository.get(identity))
        return f"{plan.id}/{plan.version}"

    def last_event_of_commune(self, commune: str) -> str:
        known = cast(Commune, self.repository.get(Commune.create_id(commune)))
        return f"{known.id}/{known.version}"

    def progress_batch(self, submissions: Sequence[Submitted], at: datetime) -> ProgressBatch:
        """The tasks that a batch of submissions names. Each submission sees the changes of those before it."""
        identities = self.tasks.identities(step.task_id for submitted in submissions for step in steps_of(submitted))
        tasks = {task_id: self._task(identity) for task_id, identity in identities.items()}
        calendar = self.deadline_settings.calendar(day_of(at))
        return ProgressBatch(tasks, at, calendar, self._files(submissions), self._grant_of)

    def followings_of(self, actor: str | None) -> set[str]:
        """As tasks keep those of an account that go on: by grants that it has today, also for a past day."""
        if actor is None:
            return set()
        today, account = day_of(self.clock()), Actor("", actor)
        grants = [each.grant for each in self._grants.of(actor) if each.in_force_on(today)]
        return {following_of(account, grant) for grant in (None, *grants)}

    def _grant_of(self, account: str, commune: str, step: TaskStep) -> str | None:
        """Of those that allow it the one that lasts longest."""
        (roles, body), today = needed_grant(step), day_of(self.clock())
        grants = [
            each
            for each in self._grants.of(account)
            if covering([each], roles, commune, today, self.communes.places, body=body)
        ]
        return max(grants, key=lambda each: (each.until or date.max, each.grant)).grant if grants else None

    def _files(self, submissions: Sequence[Submitted]) -> dict[tuple[str, str], KeptFile]:
        """Those that the submissions name and their communes have sent whole."""
        found = (
            (each.commune, self.evidence.of_commune(each.commune, names))
            for each in submissions
            if (names := named_files(each))
        )
        return {(commune, sha256): file for commune, files in found for sha256, file in files.items()}

    def sweep(self, today: date) -> Swept:
        """Announce every deadline whose day has come, each once, however many sweep and whenever they did before.

        Obligations that the calendar, as known today, puts on another day are moved first.
        """
        return self._deadline_sweep.run(today)

    def refresh(self) -> None:
        """Write the rows again that an earlier version of this program wrote."""
        outdated = self.tasks.outdated()
        for start in range(0, len(outdated), AT_ONCE):
            # Loaded under the lock: else a row could be older than an event that is committed meanwhile.
            with self.tasks.alone():
                self.tasks.write([self._task(identity) for identity in outdated[start : start + AT_ONCE]])

    def tasks_known_at(self, known_at: date, *communes: str) -> list[ListedTask]:
        """The tasks as they were known at the end of a day, from their events; in the order of their plans."""

        def read(position: int) -> list[ListedTask]:
            listed = {task.task_id: task for task in self.tasks.all(*communes)}
            identities = list(self.tasks.identities(listed).values())
            return self.tasks.as_known(self.at_position(identities, position), listed)

        tasks, names = self._past_tasks.of(tuple(sorted(communes)), known_at, read), self.communes.names()
        return [task if task.name == names[task.commune] else task._replace(name=names[task.commune]) for task in tasks]

    def listed_tasks(
        self, *communes: str, known_at: date | None = None, late: bool = False, followed: Set[str] | None = None
    ) -> tuple[date, list[ListedTask]]:
        """The day of the list, and the tasks of these communes or of all as they were known on it.

        `late`: those that are late on that day; `followed`: those of one of these followings.
        """
        day = known_at or day_of(self.clock())
        if known_at is None:
            return day, self.tasks.all(*communes, late_on=day if late else None, followed=followed)
        known = (task for task in self.tasks_known_at(known_at, *communes) if task.days_late(day) or not late)
        return day, [task for task in known if followed is None or task.is_followed_by(followed)]

    def task_history(self, task_id: str, known_at: date | None = None) -> list[HistoryEntry]:
        """What happened to a task, in order; empty for one that nobody knows."""
        identity = self.tasks.identities([task_id]).get(task_id)
        known_until = end_of(known_at) if known_at else None
        return history(self.events_of(identity, known_until)) if identity else []

    def _task(self, identity: UUID) -> Task:
        return cast(Task, self.repository.get(identity))


def entries_of(province: str, codes: Collection[str] | None = None) -> list[RegisterEntry]:
    """The communes of a province in the register, of these codes. RequestRefused where there is none."""
    entries = [entry for entry in communes_of(province) if codes is None or entry.code in codes]
    if not entries:
        sentence = f'"{province}" không phải là mã của một tỉnh; mã tỉnh có hai chữ số, ví dụ 51.'
        raise RequestRefused(Refusal(UNKNOWN_PROVINCE, sentence))
    return entries
