"""What became of one submission, as intake commits and answers it."""

from services.planning.domain.step import Step
from services.planning.domain.submission import ProgressSubmission, Verdict
from services.planning.read_models import Tasks
from shared.contracts import Refused
from shared.contracts.planning import ReportProgress
from shared.intake import Outcome, Submitted


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
