"""Decides a commune's report on its tasks, step by step, and answers it with a receipt."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from services.planning.domain.tasks.evidence import EvidenceFile
from services.planning.domain.tasks.step import Step
from services.planning.domain.tasks.submission import ProgressSubmission, SubmissionDecision
from services.planning.domain.tasks.task import Task
from services.planning.evidence_types import name_with_extension
from services.planning.read_models import Tasks
from services.planning.read_models.evidence import KeptFile
from shared.calendar import Calendar
from shared.contracts import Refused
from shared.contracts.planning import ReportProgress, TaskStep
from shared.messaging.intake.submissions import Outcome, Submitted
from shared.task_roles import BODY

GrantOf = Callable[[str, str, TaskStep], str | None]  # with which an account takes a step in a commune


def _without_grant(account: str, commune: str, step: TaskStep) -> str | None:
    return None


class ProgressBatch(NamedTuple):
    """What the submissions of one batch are decided on."""

    tasks: Mapping[str, Task]
    at: datetime
    calendar: Calendar
    files: Mapping[tuple[str, str], KeptFile] = {}  # by commune and hash
    grant_of: GrantOf = _without_grant


def report_progress(batch: ProgressBatch, submitted: Submitted) -> Outcome:
    decision = SubmissionDecision(submitted.commune, batch.tasks, batch.at, batch.calendar)
    for step in steps_of(submitted, batch.files, batch.grant_of):
        decision.take(step)
    submission = ProgressSubmission.settle(submitted.submission_id, submitted.kind, decision)
    touched = list(decision.touched.values())
    statements = Tasks.rows(touched)
    for task in touched:
        # Outcomes of a batch may be committed apart, and two may touch one task: each brings the events of its steps.
        submission.pending_events.extend(task.collect_events())
    refused = tuple(Refused.model_validate(item) for item in decision.refused)
    receipt = submitted.receipt(decision.at, len(decision.accepted), duplicates=decision.duplicates, refused=refused)
    return Outcome([submission], statements, receipt)


def steps_of(
    submitted: Submitted, files: Mapping[tuple[str, str], KeptFile] = {}, grant_of: GrantOf = _without_grant
) -> list[Step]:
    """None of a message that could not be read. `files` are those that communes have sent whole."""
    match submitted.content:
        case ReportProgress(steps=steps):
            return [_step(step, submitted, files, grant_of) for step in steps]
    return []


def named_files(submitted: Submitted) -> list[str]:
    """The hashes of the files that its steps attach."""
    match submitted.content:
        case ReportProgress(steps=steps):
            return [step.file.sha256 for step in steps if step.file]
    return []


def _step(step: TaskStep, submitted: Submitted, files: Mapping[tuple[str, str], KeptFile], grant_of: GrantOf) -> Step:
    """Of an account the name is its own, except where it acts for a body, for which it has the grant."""
    fields = step.model_dump(exclude={"file"})
    if step.file:
        kept = files.get((submitted.commune, step.file.sha256))
        fields["file"] = EvidenceFile(step.file.sha256, step.file.name)
        if kept:
            name = name_with_extension(step.file.name, kept.media_type)
            fields["file"] = EvidenceFile(kept.sha256, name, kept.size, kept.media_type)
    if submitted.actor:
        fields["account"] = submitted.actor.account
        if step.step == "follow" and submitted.actor.account:
            fields["grant"] = grant_of(submitted.actor.account, submitted.commune, step)
        if step.role != BODY:
            fields["by"] = submitted.actor.name
    return Step(**fields)
