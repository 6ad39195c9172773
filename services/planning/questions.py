"""The questions that Planning answers, each with the function that answers it."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from services.planning.application import Planning
from services.planning.application.evidence_files import Upload
from services.planning.application.plan_drafts import check_draft, read_draft
from services.planning.application.plan_in_force import Version
from services.planning.domain.plans.events import Issued
from services.planning.domain.refusal import RequestRefused
from services.planning.domain.tasks.listed_task import ListedTask
from services.planning.domain.tasks.step import unknown_task
from services.planning.read_models import IssuedPlan, RegisteredCommune
from services.planning.register import provinces
from services.planning.target_binding.names import indicator_names
from services.planning.virus_scanner import NotScanned
from shared.clock import day_of
from shared.contracts.planning import (
    CommuneRow,
    CommuneTasks,
    DraftPlan,
    FilePart,
    FormerCommune,
    HistoryEntry,
    IndicatorName,
    ListCommunes,
    ListedCommunes,
    ListedPlans,
    ListedTasks,
    ListPlans,
    ListProvincePlans,
    ListProvinceTasks,
    ListTasks,
    PlanChange,
    PlanDraft,
    PlanInForce,
    PlanRow,
    PlanVersion,
    ProvinceTasks,
    SendEvidencePart,
    ShowEvidence,
    ShowPlan,
    ShowTask,
    TakenPart,
    TaskQuestion,
    TaskRow,
    TaskWithHistory,
)
from shared.messaging.questions.questions import Functions, NoAnswer
from shared.office_files.unreadable import UnreadableDocument

NOT_SCANNED = "Máy chủ chưa quét được vi-rút trong tệp, nên chưa lưu và chưa đưa tệp ra; hãy thử lại sau ít phút."

Heirs = Mapping[str, RegisteredCommune]  # by commune that is gone

log = logging.getLogger(__name__)


def list_tasks(planning: Planning, question: ListTasks) -> ListedTasks:
    today, tasks = planning.listed_tasks(question.commune, known_at=question.known_at)
    found, followings = _of_body(question, tasks), planning.followings_of(question.actor)
    ever = _of_body(question, planning.tasks.all(question.commune)) if question.known_at else found
    heirs = planning.succession.heirs(today, question.known_at)
    return ListedTasks(
        today=today,
        tasks=_rows(found, today, followings, heirs),
        changed_on=planning.tasks.changed_on(ever),
        former=() if question.known_at else tuple(_former(planning, question, heirs)),
    )


def _former(planning: Planning, question: ListTasks, heirs: Heirs) -> Iterator[FormerCommune]:
    into_this = [former for former, heir in heirs.items() if heir.commune == question.commune]
    tasks = planning.tasks.all(*into_this) if into_this else []
    going_on = (task for task in _of_body(question, tasks) if task.goes_on)
    for (commune, name), amount in sorted(Counter((task.commune, task.name) for task in going_on).items()):
        yield FormerCommune(commune=commune, name=name, open=amount)


def list_province_tasks(planning: Planning, question: ListProvinceTasks) -> ProvinceTasks:
    there = planning.succession.not_gone(None, question.province, question.known_at)
    today = question.known_at or day_of(planning.clock())
    heirs = planning.succession.heirs(today, question.known_at)
    communes = {former: heir.code for former, heir in heirs.items() if heir.province == question.province}
    communes |= {each.commune: each.code for each in there}
    followings = planning.followings_of(question.actor)
    followed = followings if question.followed else None
    every = (
        planning.listed_tasks(*communes, known_at=question.known_at, late=question.late, followed=followed)[1]
        if communes
        else []
    )
    tasks = [
        task
        for task in every
        if question.commune in (None, task.commune) and (not question.words or task.has_words(question.words))
    ]
    # Within a commune the order of its plans stays.
    tasks.sort(key=lambda task: (-task.days_late(today) if question.late else 0, communes[task.commune]))
    part = tasks[question.skip : question.skip + question.most]
    return ProvinceTasks(
        today=today,
        total=len(tasks),
        tasks=_rows(part, today, followings, heirs),
        communes=tuple(_tasks_of_communes(every, heirs)),
    )


def _tasks_of_communes(tasks: Iterable[ListedTask], heirs: Heirs) -> Iterator[CommuneTasks]:
    for (commune, name), amount in Counter((task.commune, task.name) for task in tasks).items():
        successor = heirs[commune].name if commune in heirs else None
        yield CommuneTasks(commune=commune, name=name, successor=successor, tasks=amount)


def show_task(planning: Planning, question: ShowTask) -> TaskWithHistory:
    today, tasks = planning.listed_tasks(question.commune, known_at=question.known_at)
    shown = next((task for task in _of_body(question, tasks) if task.task_id == question.task_id), None)
    if shown is None:
        raise NoAnswer(unknown_task(question.task_id).sentence, "not-found")
    history = planning.task_history(question.task_id, question.known_at)
    followings = planning.followings_of(question.actor)
    [row] = _rows([shown], today, followings, planning.succession.heirs(today, question.known_at))
    return TaskWithHistory(
        today=today,
        task=row,
        history=tuple(_entry(entry) for entry in history),
        files_scanned=planning.evidence_files.are_scanned,
    )


def _entry(entry: Any) -> HistoryEntry:
    return HistoryEntry.model_validate(vars(entry) | {"file": entry.file and entry.file.stored()})


def list_plans(planning: Planning, question: ListPlans) -> ListedPlans:
    ever = _plans_of(planning, question.commune)
    found = planning.plans_known_at(ever, question.known_at) if question.known_at else ever
    return _plans(found).model_copy(update={"changed_on": planning.plans.changed_on(ever)})


def list_province_plans(planning: Planning, question: ListProvincePlans) -> ListedPlans:
    return _plans(planning.plans.in_province(question.province))


def show_plan(planning: Planning, question: ShowPlan) -> PlanInForce:
    plans = {each.plan_id: each for each in _plans_of(planning, question.commune)}
    try:
        plan_id = planning.plan_named(question.plan_id or question.commune).plan_id
    except RequestRefused:
        plan_id = ""
    if plan_id not in plans:
        which = f" mang mã “{question.plan_id}”" if question.plan_id else " nào"
        raise NoAnswer(f"Đơn vị không có kế hoạch{which}.", "not-found")
    try:
        file = planning.plan_in_force(plan_id, question.known_at)
    except RequestRefused as unknown:
        raise NoAnswer(str(unknown), "not-found") from None
    versions = [_version(event) for event in planning.plan_versions(plan_id, question.known_at)]
    plan = plans[plan_id]
    return PlanInForce(
        plan_id=plan_id, file=file, versions=tuple(versions), commune=plan.commune, province=plan.province,
        closed_on=plan.closed_on,
    )  # fmt: skip


def draft_plan(planning: Planning, question: DraftPlan) -> PlanDraft:
    """Refused with its sentence where the document or the file cannot be read."""
    try:
        if question.document is not None:
            draft = read_draft(planning, question.commune, question.file_name, question.document)
        else:
            draft = check_draft(planning, question.commune, question.file or "", question.mended)
    except (RequestRefused, UnreadableDocument) as refused:
        raise NoAnswer(str(refused), "unreadable") from None
    changes = [PlanChange.model_validate(asdict(each)) for each in draft.differences]
    names = [IndicatorName(indicator=each.indicator, name=each.name) for each in indicator_names().indicators]
    return PlanDraft.model_validate(draft._asdict() | {"differences": changes, "indicators": names})


def list_communes(planning: Planning, question: ListCommunes) -> ListedCommunes:
    found = planning.succession.not_gone(question.on, question.province, question.known_at)
    return ListedCommunes(
        communes=tuple(CommuneRow.model_validate(each._asdict()) for each in found),
        province_name=provinces().get(question.province, ""),
    )


def _plans_of(planning: Planning, commune: str) -> list[IssuedPlan]:
    """Of a commune, and the standard plans of the province that it is in now."""
    return planning.plans.of(commune, planning.communes.place(commune, day_of(planning.clock())).province)


def _version(event: Version) -> PlanVersion:
    """The first version has neither a reason nor changes."""
    if isinstance(event, Issued):
        return PlanVersion(
            version=1, recorded_at=event.timestamp, by=event.by, reason=None, added=0, revised=0, withdrawn=0
        )
    return PlanVersion(
        version=event.version,
        recorded_at=event.timestamp,
        by=event.by,
        reason=event.reason,
        added=len(event.added),
        revised=len(event.revised),
        withdrawn=len(event.withdrawn),
    )


def _plans(plans: Iterable[IssuedPlan]) -> ListedPlans:
    return ListedPlans(plans=tuple(PlanRow.model_validate(plan._asdict()) for plan in plans))


def _of_body(question: TaskQuestion[Any], tasks: Iterable[ListedTask]) -> list[ListedTask]:
    return [task for task in tasks if question.body is None or task.is_of(question.body)]


def _rows(tasks: Iterable[ListedTask], today: date, followings: Set[str], heirs: Heirs) -> tuple[TaskRow, ...]:
    return tuple(
        TaskRow.model_validate(
            task._asdict()
            | {
                "obligations": task.obligations or (),
                "is_open": task.is_open,
                "days_late": task.days_late(today),
                "unresolved": [each.key for each in task.unresolved],
                "followed": task.is_followed_by(followings),
                "successor": heirs[task.commune].name if task.commune in heirs else None,
            }
        )
        for task in tasks
    )


def send_evidence_part(planning: Planning, question: SendEvidencePart) -> TakenPart:
    upload = Upload(question.commune, f"{question.actor}.{question.upload}", question.sha256, question.size)
    with _scanned():
        file = planning.evidence_files.take(upload, question.part, question.content)
    return TakenPart(media_type=file.media_type if file else None)


def show_evidence(planning: Planning, question: ShowEvidence) -> FilePart:
    """Of a file that the events of the task name, for whoever may see the task."""
    task = ShowTask.model_validate(question.model_dump(exclude={"sha256", "part"}))
    files = [entry.file for entry in show_task(planning, task).history if entry.file]
    found = next((file for file in files if file.sha256 == question.sha256), None)
    if found is None:
        raise NoAnswer("Nhiệm vụ không có tệp minh chứng này.", "not-found")
    with _scanned():
        return FilePart(**found.model_dump(), content=planning.evidence_files.part_of(question.sha256, question.part))


@contextmanager
def _scanned() -> Iterator[None]:
    try:
        yield
    except RequestRefused as refused:
        raise NoAnswer(str(refused), "refused") from None
    except NotScanned as unknown:
        log.error("an evidence file is not scanned: %s", unknown)
        raise NoAnswer(NOT_SCANNED, "not-ready") from None


QUESTIONS: Functions[Planning] = {
    ListTasks: list_tasks,
    ListProvinceTasks: list_province_tasks,
    ShowTask: show_task,
    SendEvidencePart: send_evidence_part,
    ShowEvidence: show_evidence,
    ListPlans: list_plans,
    ListProvincePlans: list_province_plans,
    ShowPlan: show_plan,
    DraftPlan: draft_plan,
    ListCommunes: list_communes,
}
