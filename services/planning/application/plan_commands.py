"""What provinces and chairs decide about plans: issue, amend, close.

Each plan is committed by itself, since a province's are too many events for one transaction. The same command again
completes what is missing and changes nothing else, so a command that was interrupted is simply decided again.
"""

import json

from services.planning.application import Planning
from services.planning.application.changed import Changed
from services.planning.application.plans import AmendmentResult
from services.planning.domain.refusal import OTHER_PROVINCE, UNKNOWN_PLAN, Refusal, RequestRefused
from services.planning.plan_file import PlanFile, plan_of
from services.planning.plan_file.differences import differences
from services.planning.read_models import IssuedPlan
from shared.contracts.planning import AmendPlan, ClosePlan, IssuePlan
from shared.grants import Actor
from shared.messaging.following.grants import PROVINCE
from shared.refusal_rules import OTHER_COMMUNE


def issue_plan(planning: Planning, scope: str, content: IssuePlan, by: Actor | None) -> Changed:
    """`result` is the IssueResult."""
    file, commune = _file_of(planning, scope, content)
    issued = planning.issue_plan(file, content.issued_on, commune, standard=commune is None, by=by)
    return Changed(issued.plans, issued.already, planning.last_event_of_plan(issued.plan_id), issued)


def amend_plan(planning: Planning, scope: str, content: AmendPlan, by: Actor | None) -> Changed:
    """`result` is the AmendmentResult."""
    by = _named(by)
    file, commune = _file_of(planning, scope, content)
    if commune and (plan := _in_force_alike(planning, file, commune)):
        unchanged = AmendmentResult(plan.plan_id, plan.version)
        return Changed(0, 1, planning.last_event_of_plan(plan.plan_id), unchanged)
    before = {plan.plan_id: plan.version for plan in planning.plans.all()}
    amended = planning.amend_plan(
        file, by=by.name, account=by.account, reason=content.reason, commune=commune, standard=commune is None
    )
    is_new = before.get(amended.plan_id) != amended.version
    return Changed(int(is_new), int(not is_new), planning.last_event_of_plan(amended.plan_id), amended)


def _in_force_alike(planning: Planning, file: PlanFile, commune: str) -> IssuedPlan | None:
    """The commune's plan where the file says what is in force, as `plan show` prints it; another row order is not."""
    head = file.plan
    for plan in planning.plans.all():
        if (plan.commune, plan.regime, plan.year, plan.closed_on) == (commune, head.regime, head.year, None):
            shown = plan_of(json.dumps(planning.plan_in_force(plan.plan_id)), "json")
            same_rows = [task.content for task in shown.tasks] == [task.content for task in file.tasks]
            return plan if same_rows and not differences(shown, file) else None
    return None


def close_plan(planning: Planning, scope: str, content: ClosePlan, by: Actor | None) -> Changed:
    by = _named(by)
    plan = planning.plans.with_id(content.plan_id)
    if plan is None or scope != (plan.commune or f"{PROVINCE}{plan.province}"):
        raise RequestRefused(Refusal(UNKNOWN_PLAN, f"Đơn vị không có kế hoạch mang mã “{content.plan_id}”."))
    planning.close_plan(plan.plan_id, by=by.name, account=by.account, reason=content.reason)
    is_new = plan.closed_on is None
    return Changed(int(is_new), int(not is_new), planning.last_event_of_plan(plan.plan_id))


def _file_of(planning: Planning, scope: str, content: IssuePlan | AmendPlan) -> tuple[PlanFile, str | None]:
    """The plan, and the commune whose it is, None for the standard plan of the province: of the scope, no other."""
    file = plan_of(content.file, content.format)
    head = file.plan
    if scope.startswith(PROVINCE):
        is_own = (head.commune, head.commune_name, head.province) == (None, None, scope.removeprefix(PROVINCE))
        if not is_own:
            sentence = "Kế hoạch chung của tỉnh phải ghi mã của chính tỉnh này và không ghi đơn vị nào."
            raise RequestRefused(Refusal(OTHER_PROVINCE, sentence))
        return file, None
    named = planning.communes.named(head.commune) if head.commune else None
    if head.commune and (named is None or named.commune != scope):
        raise RequestRefused(Refusal(OTHER_COMMUNE, f"Kế hoạch ghi là của đơn vị có mã {head.commune}."))
    return file, scope


def _named(by: Actor | None) -> Actor:
    if by is None or not by.name:
        raise RequestRefused(Refusal("nobody-named", "Phải ghi người ký."))
    return by
