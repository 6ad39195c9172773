"""Decides commands: the desk's, and the terminal's, by the same messages and the same functions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.planning.application import Planning
from services.planning.application.changed import Changed
from services.planning.application.commune_commands import (
    divide_commune,
    establish_commune,
    merge_commune,
    move_commune,
    register_communes,
    rename_commune,
)
from services.planning.application.plan_commands import amend_plan, close_plan, issue_plan
from services.planning.domain.refusal import RequestRefused
from services.planning.plan_file import PlanErrors
from shared.contracts import Command, Refused
from shared.contracts.planning import (
    AmendPlan,
    ClosePlan,
    DivideCommune,
    EstablishCommune,
    IssuePlan,
    MergeCommune,
    MoveCommune,
    RegisterCommunes,
    RenameCommune,
)
from shared.grants import Actor
from shared.messaging.submissions import Outcome, Submitted

MOST_ERRORS = 50

# Each function gets the id of the commune, or `province-` and a code; it commits. RequestRefused, PlanErrors.
COMMANDS: Mapping[type[Command], Callable[[Planning, str, Any, Actor | None], Changed]] = {
    IssuePlan: issue_plan,
    AmendPlan: amend_plan,
    ClosePlan: close_plan,
    RegisterCommunes: register_communes,
    EstablishCommune: establish_commune,
    MergeCommune: merge_commune,
    DivideCommune: divide_commune,
    RenameCommune: rename_commune,
    MoveCommune: move_commune,
}


def of_terminal(planning: Planning, scope: str, command: Command, by: str | None = None) -> Changed:
    """At the province's own terminal, where whoever acts is a name that was typed, or nobody is named."""
    return COMMANDS[type(command)](planning, scope, command, Actor(by) if by else None)


def of_account(planning: Planning, submitted: Submitted, at: datetime) -> Outcome:
    """At the desk, which has checked the account's grant; a refusal is in the receipt."""
    content = submitted.content
    assert isinstance(content, Command)
    try:
        changed = COMMANDS[type(content)](planning, submitted.commune, content, submitted.actor)
    except PlanErrors as wrong:
        return _refused(submitted, at, "plan-file", wrong.errors[:MOST_ERRORS])
    except RequestRefused as refused:
        return _refused(submitted, at, refused.rule, [str(refused)])
    receipt = submitted.receipt(at, changed.new, duplicates=changed.before)
    return Outcome([], [], receipt.model_copy(update={"event_id": changed.event_id}))


def _refused(submitted: Submitted, at: datetime, rule: str, sentences: Sequence[str]) -> Outcome:
    refused = [Refused(item=submitted.kind, rule=rule, sentence=sentence) for sentence in sentences]
    return Outcome([], [], submitted.receipt(at, 0, refused=refused))
