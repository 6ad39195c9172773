"""Decides a command of an account, and gives the receipt; the terminal gives its commands to the same functions."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.planning.application import Planning
from services.planning.application.changed import Changed
from services.planning.domain.refusal import PLAN_FILE, RequestRefused
from services.planning.plan_file import PlanErrors
from shared.contracts import Refused
from shared.grants import Actor
from shared.messaging.intake.submissions import Outcome, Submitted

MOST_ERRORS = 50

# Gets the id of the commune, or `province-` and a code; it commits. RequestRefused, PlanErrors.
CommandFunction = Callable[[Planning, str, Any, Actor | None], Changed]


def decide_command(planning: Planning, function: CommandFunction, submitted: Submitted, at: datetime) -> Outcome:
    """At the desk, which has checked the account's grant; a refusal is in the receipt."""
    try:
        changed = function(planning, submitted.commune, submitted.content, submitted.actor)
    except PlanErrors as wrong:
        return _refused(submitted, at, PLAN_FILE, wrong.errors[:MOST_ERRORS])
    except RequestRefused as refused:
        return _refused(submitted, at, refused.rule, [str(refused)])
    receipt = submitted.receipt(at, changed.new, duplicates=changed.before)
    return Outcome([], [], receipt.model_copy(update={"event_id": changed.event_id}))


def _refused(submitted: Submitted, at: datetime, rule: str, sentences: Sequence[str]) -> Outcome:
    refused = [Refused(item=submitted.kind, rule=rule, sentence=sentence) for sentence in sentences]
    return Outcome([], [], submitted.receipt(at, 0, refused=refused))
