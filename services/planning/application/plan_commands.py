"""Decides what accounts send through the portal about plans: issue, amend, close.

Each plan is committed by itself, since a province's are too many events for one transaction. The same command again
completes what is missing and changes nothing else, so a command that was interrupted is simply decided again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from services.planning.application import Planning
from services.planning.domain.refusal import Refusal, RequestRefused
from services.planning.plan_file import PlanErrors, PlanFile, plan_of
from shared.contracts import Refused
from shared.contracts.planning import AmendPlan, ClosePlan, IssuePlan
from shared.grants import Actor
from shared.messaging.grants import PROVINCE
from shared.messaging.submissions import Outcome, Submitted

MOST_ERRORS = 50


class Changed(NamedTuple):
    plan_id: str
    new: int
    before: int = 0


def issue_plan(planning: Planning, submitted: Submitted, at: datetime) -> Outcome:
    content = submitted.content
    assert isinstance(content, IssuePlan)

    def change(by: Actor) -> Changed:
        file, commune = _file_of(planning, submitted, content)
        issued = planning.issue_plan(file, content.issued_on, commune, standard=commune is None, by=by)
        return Changed(issued.plan_id, issued.plans, issued.already)

    return _decided(planning, submitted, at, change)


def amend_plan(planning: Planning, submitted: Submitted, at: datetime) -> Outcome:
    content = submitted.content
    assert isinstance(content, AmendPlan)

    def change(by: Actor) -> Changed:
        file, commune = _file_of(planning, submitted, content)
        before = {plan.plan_id: plan.version for plan in planning.plans.all()}
        amended = planning.amend_plan(
            file, by=by.name, account=by.account, reason=content.reason, commune=commune, standard=commune is None
        )
        is_new = before.get(amended.plan_id) != amended.version
        return Changed(amended.plan_id, int(is_new), int(not is_new))

    return _decided(planning, submitted, at, change)


def close_plan(planning: Planning, submitted: Submitted, at: datetime) -> Outcome:
    content = submitted.content
    assert isinstance(content, ClosePlan)

    def change(by: Actor) -> Changed:
        plan = planning.plans.with_id(content.plan_id)
        if plan is None or submitted.commune != (plan.commune or f"{PROVINCE}{plan.province}"):
            raise RequestRefused(Refusal("unknown-plan", f"Đơn vị không có kế hoạch mang mã “{content.plan_id}”."))
        planning.close_plan(plan.plan_id, by=by.name, account=by.account, reason=content.reason)
        return Changed(plan.plan_id, int(plan.closed_on is None), int(plan.closed_on is not None))

    return _decided(planning, submitted, at, change)


def _file_of(planning: Planning, submitted: Submitted, content: IssuePlan | AmendPlan) -> tuple[PlanFile, str | None]:
    """The plan, and the commune whose it is, None for the standard plan of the province: of the scope, no other."""
    file = plan_of(content.file, content.format)
    head, scope = file.plan, submitted.commune
    if scope.startswith(PROVINCE):
        is_own = (head.commune, head.commune_name, head.province) == (None, None, scope.removeprefix(PROVINCE))
        if not is_own:
            sentence = "Kế hoạch chung của tỉnh phải ghi mã của chính tỉnh này và không ghi đơn vị nào."
            raise RequestRefused(Refusal("other-province", sentence))
        return file, None
    named = planning.communes.named(head.commune) if head.commune else None
    if head.commune and (named is None or named.commune != scope):
        raise RequestRefused(Refusal("other-commune", f"Kế hoạch ghi là của đơn vị có mã {head.commune}."))
    return file, scope


def _decided(planning: Planning, submitted: Submitted, at: datetime, change: Callable[[Actor], Changed]) -> Outcome:
    assert submitted.actor
    try:
        changed = change(submitted.actor)
    except PlanErrors as wrong:
        return _refused(submitted, at, "plan-file", wrong.errors[:MOST_ERRORS])
    except RequestRefused as refused:
        return _refused(submitted, at, refused.rule, [str(refused)])
    receipt = submitted.receipt(at, changed.new, duplicates=changed.before)
    return Outcome([], [], receipt.model_copy(update={"event_id": planning.last_event_of_plan(changed.plan_id)}))


def _refused(submitted: Submitted, at: datetime, rule: str, sentences: Sequence[str]) -> Outcome:
    refused = [Refused(item=submitted.kind, rule=rule, sentence=sentence) for sentence in sentences]
    return Outcome([], [], submitted.receipt(at, 0, refused=refused))
