"""By which calendar days are reckoned, how a day off is moved, and who is told of a deadline: what operators set."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.planning.domain.plan import MOST_OBLIGATIONS, Terms
from services.planning.domain.reminder import Escalation, EscalationStep
from shared.calendar import ROLLS, Calendar, Roll
from shared.calendar.set_calendar import SetCalendar
from shared.event_store import MOST_EVENTS_IN_ONE_SAVE
from shared.settings import SettingsError

ESCALATION = Path(__file__).parent / "escalation.yaml"

MOST_STEPS = MOST_EVENTS_IN_ONE_SAVE // MOST_OBLIGATIONS  # all reminders of a task fit one transaction


class SetTerms:
    """The settings MINHBACH_CALENDAR, MINHBACH_ESCALATION (files) and MINHBACH_ROLL (forward, back or none).

    SettingsError at once for what cannot be read.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._calendar = SetCalendar(env)
        self._escalation = escalation_in(Path(env.get("MINHBACH_ESCALATION") or ESCALATION))
        self._roll = _roll(env.get("MINHBACH_ROLL") or "forward")

    def calendar(self, known_on: date) -> Calendar:
        """As it is known on a day."""
        return self._calendar.known_on(known_on)

    def on(self, day: date, roll: Roll | None = None) -> Terms:
        """Those of a plan that is issued or amended on a day; `roll` is the plan's own rule, where it has one."""
        return Terms(self.calendar(day), roll or self._roll, self._escalation)


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    days: Annotated[int, Field(ge=0, le=366)]
    tell: Annotated[
        list[Literal["lead", "support", "one-stop-centre", "chair", "provincial-office"]], Field(min_length=1)
    ]


class _Steps(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    before: list[_Step]
    missed: list[_Step]


def escalation_in(path: Path) -> Escalation:
    """SettingsError, one sentence, for a file that is none."""
    try:
        steps = _Steps.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as invalid:
        first = invalid.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"MINHBACH_ESCALATION: {path}: {where}: {first['msg']}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise SettingsError(f"MINHBACH_ESCALATION: {path}: {' '.join(str(wrong).split())}") from None
    if len(steps.before) + len(steps.missed) > MOST_STEPS:
        raise SettingsError(f"MINHBACH_ESCALATION: {path}: there are more than {MOST_STEPS} steps")
    # A deadline is missed when its day is over: zero days after that is the day after the deadline.
    told = [(-step.days, step.tell) for step in steps.before] + [
        (max(1, step.days), step.tell) for step in steps.missed
    ]
    if len({days for days, _ in told}) < len(told):
        raise SettingsError(f"MINHBACH_ESCALATION: {path}: two steps fall on the same day")
    return tuple(EscalationStep(days, tuple(tell)) for days, tell in sorted(told))


def _roll(text: str) -> Roll:
    for roll in ROLLS:
        if text == roll:
            return roll
    raise SettingsError(f'MINHBACH_ROLL is "{text}"; it must be {", ".join(ROLLS)}')
