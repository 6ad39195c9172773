"""Where plan list and show have the plans from: the database, or where none is named, Planning's answer over NATS."""

from typing import TYPE_CHECKING

from services.planning.cli.opening import commune_named, opened
from services.planning.read_models import IssuedPlan
from shared.cli.answers import answered, is_at_a_commune
from shared.cli.sending import own_broker
from shared.contracts.planning import ListPlans, ShowPlan

if TYPE_CHECKING:
    from shared.contracts.planning.plan_contents import PlainPlan


def plans_known(commune: str | None) -> list[IssuedPlan]:
    """All, or those of one commune; over NATS those of the account's commune and its province's standard plans."""
    if is_at_a_commune():
        broker, own = own_broker(commune)
        return [IssuedPlan(**row.model_dump()) for row in answered(broker, ListPlans(commune=own)).answer.plans]
    with opened() as planning:
        registered = commune_named(planning, commune)
        return [each for each in planning.plans.all() if not registered or each.commune == registered.commune]


def plan_known(name: str) -> "PlainPlan":
    """A plan, by its id or its commune's code, as plain values of the plan format. Ends the command without one."""
    if is_at_a_commune():
        broker, own = own_broker(None)
        plan_id = None if name == own else name
        return answered(broker, ShowPlan(commune=own, plan_id=plan_id)).answer.file
    with opened() as planning:
        return planning.plan_in_force(name)
