"""Plans: put in force, amended, closed and shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from shared.contracts import Command, CommuneQuestion, Event, Message, ProvinceQuestion, Text
from shared.contracts.planning.plan_contents import PlanContents
from shared.contracts.planning.values import PLAN_READERS, PROVINCE_READERS, Day, Key, Target


class OfPlanFile(Command):
    """`file` is the text of a plan file. On `desk.province-…` it is the standard plan of the province."""

    roles = ("chair", "provincial-officer")

    file: Annotated[str, StringConstraints(min_length=1, max_length=900_000)]
    format: Literal["yaml", "json"] = "yaml"


class IssuePlan(OfPlanFile):
    """Put a plan in force; a standard one for each commune of the province that has none as well."""

    kind: ClassVar[str] = "issue-plan"

    issued_on: Day | None = None


class AmendPlan(OfPlanFile):
    """Put another version of a plan in force; of a standard one also of the plans that were made from it."""

    kind: ClassVar[str] = "amend-plan"

    reason: Annotated[Text, Field(min_length=1)]


class ClosePlan(Command):
    """End a plan: its tasks stay as they are, and nobody is reminded of them."""

    kind: ClassVar[str] = "close-plan"
    roles = ("chair", "provincial-officer")

    plan_id: Key
    reason: Annotated[Text, Field(min_length=1)]


class TargetSet(Message):
    """A target of one plan. `indicator` is null for a target that no indicator measures.

    `scope` names the part that it holds for, in the plan's words; `field` holds the fields of that part, where known.
    """

    indicator: str | None
    name: str
    target: Target | None
    target_text: str
    scope: str | None = None
    field: tuple[str, ...] | None = None


class PlanIssued(Event):
    """A plan is in force. `commune` is null for the province's own standard plan, whose targets are the province's."""

    subject = "planning.event.plan-issued.v1"

    plan_id: str
    commune: str | None
    province: str
    title: str
    regime: str
    year: int
    span_from: date
    span_until: date
    issued_on: date
    targets: tuple[TargetSet, ...]
    by: str | None = None
    by_account: str | None = None


class PlanAmended(PlanIssued):
    """Another version of a plan is in force, given in full; changes of its tasks are announced one by one.

    `added`, `revised` and `withdrawn` are ids of tasks.
    """

    subject = "planning.event.plan-amended.v1"

    version: int
    amended_on: date
    reason: str
    by: str
    added: tuple[str, ...]
    revised: tuple[str, ...]
    withdrawn: tuple[str, ...]


class PlanClosed(Event):
    """A plan has ended: nobody is reminded of its tasks any more."""

    subject = "planning.event.plan-closed.v1"

    plan_id: str
    commune: str | None
    closed_on: date
    reason: str
    by: str
    by_account: str | None = None


class PlanRow(Message):
    """A plan. `commune` and `name` are null for a province's standard plan; `completed` of its `tasks` are done."""

    plan_id: str
    commune: str | None
    name: str | None
    province: str
    regime: str
    year: int
    title: str
    issued_on: date
    standard_plan_id: str | None
    version: int
    closed_on: date | None
    tasks: int
    completed: int


class ListedPlans(Message):
    """`changed_on` are the days on which a version of any of these was put in force, or one ended."""

    plans: tuple[PlanRow, ...]
    changed_on: tuple[date, ...] = ()


class ListPlans(CommuneQuestion[ListedPlans]):
    """The plans of a commune, and the standard plans of its province, as known at the end of a day in Viet Nam."""

    subject = "planning.query.plans.v1"
    roles = PLAN_READERS

    known_at: Day | None = None


class ListProvincePlans(ProvinceQuestion[ListedPlans]):
    """The plans of a province and of its communes."""

    subject = "planning.query.province-plans.v1"
    roles = PROVINCE_READERS


class PlanVersion(Message):
    """A version of a plan: who put it in force and why, and how many tasks it added, revised and withdrew."""

    version: int
    recorded_at: datetime
    by: str | None
    reason: str | None
    added: int = 0
    revised: int = 0
    withdrawn: int = 0


class PlanInForce(Message):
    """A plan in force; `file` has the keys of the plan format. Its versions so far, the last one first.

    `commune` is null for the standard plan of `province`; `closed_on` is the day of its end, as known today.
    """

    plan_id: str
    file: PlanContents
    versions: tuple[PlanVersion, ...] = ()
    commune: str | None = None
    province: str | None = None
    closed_on: date | None = None


class ShowPlan(CommuneQuestion[PlanInForce]):
    """A plan of the commune, or a standard plan of its province; without `plan_id` the commune's last one.

    `known_at`: as known at the end of that day in Viet Nam.
    """

    subject = "planning.query.plan.v1"
    roles = PLAN_READERS

    plan_id: Key | None = None
    known_at: Day | None = None
