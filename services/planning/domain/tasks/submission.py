"""One submission of task steps by a commune, and the decision about each step in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from services.planning.domain.refusal import Refusal
from services.planning.domain.tasks.event_fields import RefusedStep, StoredStep
from services.planning.domain.tasks.step import Step, unknown_task
from services.planning.domain.tasks.task import Task
from shared.calendar import Calendar
from shared.record import unreadable_message
from shared.record.aggregate import Aggregate, Created


@dataclass
class SubmissionDecision:
    """The decision about one submission, step by step, in the form in which it is stored.

    `tasks` are those that the submission names; a commune reaches its own tasks only.
    """

    commune: str
    tasks: Mapping[str, Task]
    at: datetime
    calendar: Calendar
    accepted: list[StoredStep] = field(default_factory=list)
    refused: list[RefusedStep] = field(default_factory=list)
    duplicates: int = 0
    touched: dict[str, Task] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        task = self.tasks.get(step.task_id)
        if task is None or task.commune != self.commune:
            self._refuse(step, unknown_task(step.task_id))
            return
        before = task.version
        if refusal := task.take(step, self.at, self.calendar):
            self._refuse(step, refusal)
        elif task.version == before:
            self.duplicates += 1
        else:
            self.accepted.append(step.stored())
        if task.version != before:
            self.touched[task.task_id] = task

    def _refuse(self, step: Step, refusal: Refusal) -> None:
        self.refused.append({**step.stored(), "item": step.task_id, "rule": refusal.rule, "sentence": refusal.sentence})


class ProgressSubmission(Aggregate):
    """Recorded once. The effects of its steps are in the tasks' own events; a step for an unknown task is only here."""

    TOPIC = "planning.progress-submission"

    class Receipted(Created):
        TOPIC = "planning.progress-submission-receipted"

        commune: str
        submission_id: str
        kind: str
        accepted: list[StoredStep]
        refused: list[RefusedStep]
        duplicates: int

    @staticmethod
    def create_id(commune: str, submission_id: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"planning/submission/{commune}/{submission_id}")

    @classmethod
    def settle(cls, submission_id: str, kind: str, decision: SubmissionDecision) -> "ProgressSubmission":
        return cls._create(
            cls.Receipted,
            timestamp=decision.at,
            commune=decision.commune,
            submission_id=submission_id,
            kind=kind,
            accepted=decision.accepted,
            refused=decision.refused,
            duplicates=decision.duplicates,
        )

    def __init__(self, **_: object) -> None:
        """A submission never changes; a correction is another submission."""


class UnreadableMessage(unreadable_message.UnreadableMessage):
    TOPIC = "planning.unreadable-message"

    class Parked(unreadable_message.UnreadableMessage.Parked):
        TOPIC = "planning.message-parked"
