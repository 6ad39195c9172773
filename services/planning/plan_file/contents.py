"""The contents of a plan file as frozen models, with the field names of the plan format."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from services.planning.plan_file.milestones import Milestone
from services.planning.plan_file.values import Day, Number, PlanFilePart, Text, refusal, the_day_itself
from shared.regimes import PlanRegime


class Span(PlanFilePart):
    from_: Day = Field(validation_alias="from", serialization_alias="from")
    until: Day

    @field_validator("until")
    @classmethod
    def until_is_not_before_from(cls, until: date, others: ValidationInfo) -> date | None:
        return the_day_itself(until, others.data.get("from_"), "from")


class PlanHead(PlanFilePart):
    """`commune` and `province` are codes of the register, null where unknown.

    `roll` is the rule for a deadline on a day off; null leaves it to the deployment.
    """

    commune: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")] | None = None
    commune_name: Text | None = None
    province: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] | None = None
    title: Text
    regime: PlanRegime
    year: Annotated[int, Field(ge=2000, le=2100)]
    span: Span
    number: Text | None = None
    issued_on: Day | None = None
    based_on: tuple[Text, ...] = ()
    cites: tuple[Text, ...] = ()
    roll: Literal["forward", "back", "none"] | None = None


class PlannedTask(PlanFilePart):
    """One task. Without a lead body it needs a warning that says so.

    `task_id` names the task of the plan in force that this one continues, where its text does not show it.
    """

    code: Text | None = None
    section: Text | None = None
    content: Text
    deliverable: Text | None = None
    warnings: tuple[Text, ...] = ()  # before `lead`, whose check looks at it
    lead: tuple[Text, ...] = Field(default=(), validate_default=True)
    support: tuple[Text, ...] = ()
    schedule_text: Text | None = None
    milestones: tuple[Milestone, ...] = ()
    task_id: Annotated[str, StringConstraints(pattern=r"^t-[0-9a-f]{12}$")] | None = None

    @field_validator("lead")
    @classmethod
    def somebody_leads_or_a_warning_says_why_not(cls, lead: tuple[str, ...], others: ValidationInfo) -> tuple[str, ...]:
        if not lead and others.data.get("warnings") == ():
            raise refusal("không ghi cơ quan nào; nhiệm vụ chưa có cơ quan chủ trì phải có cảnh báo nêu rõ")
        return lead


class TargetBounds(PlanFilePart):
    """The bounds of a target in the unit of its row: one, or a lower and an upper one.

    With `change` they bound how much it goes up or down since the period before, not a level.
    """

    change: Literal["up", "down"] | None = None
    at_least: Number | None = None
    above: Number | None = None
    below: Number | None = None
    at_most: Number | None = None

    def given(self) -> dict[str, Decimal]:
        """The bounds that are set, by key."""
        return {key: bound for key, bound in self if key != "change" and bound is not None}


class PlannedTarget(PlanFilePart):
    """A target of an indicator, or of none that we compute (`indicator` null). `field` holds codes of fields."""

    code: Text | None = None
    name: Text
    unit: Text | None = None
    target: TargetBounds | None
    target_text: Text
    scope: Text | None = None
    owners: tuple[Text, ...] = ()
    indicator: Text | None = None
    field: tuple[Text, ...] | None = None

    @field_validator("target")
    @classmethod
    def bounds_make_sense(cls, target: TargetBounds | None, others: ValidationInfo) -> TargetBounds | None:
        if target is not None:
            _refuse_bounds_at_odds(target)
            if others.data.get("unit") == "%" and target.change != "up":
                _refuse_a_wrong_percentage(target)
        return target


class PlanFile(PlanFilePart):
    plan: PlanHead
    tasks: tuple[PlannedTask, ...] = ()
    indicators: tuple[PlannedTarget, ...] = ()
    warnings: tuple[Text, ...] = ()


def _refuse_bounds_at_odds(target: TargetBounds) -> None:
    given = target.given()
    lower = [key for key in ("at_least", "above") if key in given]
    upper = [key for key in ("below", "at_most") if key in given]
    if not given:
        raise refusal("phải có at_least, above, below hoặc at_most, hoặc là null")
    for pair in (lower, upper):
        if len(pair) == 2:
            raise refusal(f"có cả {pair[0]} và {pair[1]}; phải bỏ một")
    if lower and upper:
        low, high = given[lower[0]], given[upper[0]]
        if low > high or (low == high and (lower[0], upper[0]) != ("at_least", "at_most")):
            raise refusal(f"không còn giá trị nào giữa {lower[0]} {low:f} và {upper[0]} {high:f}")


def _refuse_a_wrong_percentage(target: TargetBounds) -> None:
    for key, bound in target.given().items():
        if not 0 <= bound <= 100:
            raise refusal(f"không phải là tỷ lệ phần trăm từ 0 đến 100: {bound:f}", key)
