"""What became of one submission, as intake commits and answers it."""

from datetime import datetime

from services.planning.domain.step import Step
from services.planning.domain.submission import ProgressSubmission, UnreadableMessage, Verdict
from services.planning.read_models import Tasks
from shared.contracts import Refused
from shared.contracts.planning import ReportProgress
from shared.intake import Outcome, Submitted, Unreadable, park


def steps_of(submitted: Submitted) -> list[Step]:
    """None of a message that nobody could read."""
    match submitted.content:
        case ReportProgress(steps=steps):
            return [Step(**step.model_dump()) for step in steps]
    return []


def settled(submitted: Submitted, verdict: Verdict) -> Outcome:
    submission = ProgressSubmission.settle(submitted.submission_id, submitted.kind, verdict)
    touched = list(verdict.touched.values())
    statements = Tasks.rows(touched)
    for task in touched:
        # Outcomes of a batch may be committed apart, and two may touch one task: each brings what its own steps did.
        submission.pending_events.extend(task.collect_events())
    refused = tuple(Refused.model_validate(item) for item in verdict.refused)
    receipt = submitted.receipt(verdict.at, len(verdict.accepted), duplicates=verdict.duplicates, refused=refused)
    return Outcome([submission], statements, receipt)


def parked(submitted: Submitted, unreadable: Unreadable, at: datetime) -> Outcome:
    message = UnreadableMessage.park(
        at,
        commune=submitted.commune,
        submission_id=submitted.submission_id,
        kind=submitted.kind,
        reason=unreadable.reason,
        sha256=submitted.sha256,
        size_bytes=len(submitted.body),
    )
    return Outcome([message], park(submitted), submitted.receipt(at, accepted=0, parked=unreadable.reason))
