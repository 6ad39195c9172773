"""The operator's settings for deadlines: the calendar, the rule for days off, and the escalation of reminders."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.planning.domain.plans.plan_tasks import MOST_OBLIGATIONS
from services.planning.domain.tasks.deadline_rules import DeadlineRules, Escalation, EscalationStep
from shared.calendar import ROLLS, Calendar, Roll
from shared.calendar.set_calendar import SetCalendar
from shared.data_file import read_data_file
from shared.record.event_store import MOST_EVENTS_IN_ONE_SAVE
from shared.settings import SettingsError
from shared.task_roles import NotifiedRole

ESCALATION = Path(__file__).parent / "escalation.yaml"
SETTING = "MINHBACH_ESCALATION"

MOST_STEPS = MOST_EVENTS_IN_ONE_SAVE // MOST_OBLIGATIONS  # all reminders of a task fit one transaction


class DeadlineSettings:
    """The settings MINHBACH_CALENDAR, MINHBACH_ESCALATION (files) and MINHBACH_ROLL (forward, back or none).

    SettingsError at once for a file that cannot be read.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._calendar = SetCalendar(env)
        self._escalation = escalation_in(Path(env.get(SETTING) or ESCALATION))
        self._roll = _roll(env.get("MINHBACH_ROLL") or "forward")

    def calendar(self, known_on: date) -> Calendar:
        """As it is known on a day."""
        return self._calendar.known_on(known_on)

    def rules(self, day: date, roll: Roll | None = None) -> DeadlineRules:
        """For a plan that is issued or amended on a day; `roll` is the plan's own rule, where it has one."""
        return DeadlineRules(self.calendar(day), roll or self._roll, self._escalation)


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    days: Annotated[int, Field(ge=0, le=366)]
    tell: Annotated[list[NotifiedRole], Field(min_length=1)]


class _Steps(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    before: list[_Step]
    missed: list[_Step]


def escalation_in(path: Path) -> Escalation:
    """SettingsError, one sentence, for a file that cannot be read as one."""
    steps = read_data_file(_Steps, path, SETTING)
    if len(steps.before) + len(steps.missed) > MOST_STEPS:
        raise SettingsError(f"{SETTING}: {path}: there are more than {MOST_STEPS} steps")
    # A deadline is missed when its day is over: zero days after that is the day after the deadline.
    before = [EscalationStep(-step.days, tuple(step.tell)) for step in steps.before]
    missed = [EscalationStep(max(1, step.days), tuple(step.tell)) for step in steps.missed]
    escalation = sorted((*before, *missed), key=lambda step: step.days)
    if len({step.days for step in escalation}) < len(escalation):
        raise SettingsError(f"{SETTING}: {path}: two steps fall on the same day")
    return tuple(escalation)


def _roll(text: str) -> Roll:
    for roll in ROLLS:
        if text == roll:
            return roll
    raise SettingsError(f'MINHBACH_ROLL is "{text}"; it must be {", ".join(ROLLS)}')
