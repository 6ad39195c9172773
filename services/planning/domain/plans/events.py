"""The stored events of a plan, and the change of its state that each makes."""

from datetime import date
from typing import TypedDict

from services.planning.domain.plans.state import PlanState, StoredTarget
from shared.calendar import Roll
from shared.record.aggregate import Created, Recorded, had_no_accounts


class EventFields(TypedDict, total=False):
    """The fields that changes of a plan have besides the plan, its commune and its definition."""

    province: str
    version: int
    amended_on: date
    closed_on: date
    change: str
    rule: str
    sentence: str
    roll: Roll
    added: list[str]
    revised: list[str]
    withdrawn: list[str]
    reason: str
    by: str
    by_account: str | None


class Issued(Created):
    """`by` issued it, by the account `by_account`; before version 3 nobody was named."""

    TOPIC = "planning.plan-issued"
    class_version = 3

    plan_id: str
    commune: str | None
    province: str
    title: str
    regime: str
    year: int
    span_from: date
    span_until: date
    number: str | None
    issued_on: date
    based_on: list[str]
    targets: list[StoredTarget]
    standard_plan_id: str | None
    sha256: str
    roll: str
    by: str | None
    by_account: str | None

    @staticmethod
    def upcast_v1_v2(stored: dict[str, object]) -> None:
        stored["roll"] = "none"

    @staticmethod
    def upcast_v2_v3(stored: dict[str, object]) -> None:
        stored |= {"by": None, "by_account": None}


class ByPerson(Recorded):
    """What a person decided. `by_account` is null where no account acted; before, there were none."""

    class_version = 2

    by: str
    by_account: str | None

    upcast_v1_v2 = staticmethod(had_no_accounts)


class Amended(ByPerson):
    """`issued_on` is that of the plan, `amended_on` the day from which this version is in force."""

    TOPIC = "planning.plan-amended"

    plan_id: str
    commune: str | None
    province: str
    version: int
    title: str
    regime: str
    year: int
    span_from: date
    span_until: date
    number: str | None
    issued_on: date
    amended_on: date
    based_on: list[str]
    targets: list[StoredTarget]
    sha256: str
    roll: str
    reason: str
    added: list[str]
    revised: list[str]
    withdrawn: list[str]

    def apply(self, aggregate: PlanState) -> None:
        aggregate.version_in_force = self.version
        aggregate.title = self.title
        aggregate.sha256 = self.sha256
        aggregate.every_sha256.add(self.sha256)


class Closed(ByPerson):
    TOPIC = "planning.plan-closed"

    plan_id: str
    commune: str | None
    closed_on: date
    reason: str

    def apply(self, aggregate: PlanState) -> None:
        aggregate.closed_on = self.closed_on


class ChangeRefused(ByPerson):
    TOPIC = "planning.plan-change-refused"

    plan_id: str
    commune: str | None
    change: str
    rule: str
    sentence: str
