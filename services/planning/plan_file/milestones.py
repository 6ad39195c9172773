"""The milestones of a schedule: one model for each kind of docs/plan-documents.md."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from services.planning.plan_file.values import Day, PlanFilePart, Text, refusal, the_day_itself
from shared.calendar.recurring_periods import Every

PERIODS: dict[Every, str] = {
    "week": "tuần",
    "month": "tháng",
    "quarter": "quý",
    "half-year": "nửa năm",
    "year": "năm",
}


# Whether the last acceptable day is the one before a day that was named ("trước ngày 15/12"), which no day off passes.
Before = Annotated[bool, Field(exclude_if=lambda before: not before)]


class Deadline(PlanFilePart):
    """`due` is the last acceptable day."""

    kind: Literal["deadline"]
    from_: Day | None = Field(default=None, validation_alias="from", serialization_alias="from")
    due: Day
    label: Text | None = None
    condition: Text | None = None
    before: Before = False

    @field_validator("due")
    @classmethod
    def due_is_not_before_from(cls, due: date, others: ValidationInfo) -> date | None:
        return the_day_itself(due, others.data.get("from_"), "from")


class _Stretch(PlanFilePart):
    from_: Day = Field(validation_alias="from", serialization_alias="from")
    until: Day
    label: Text | None = None

    @field_validator("until")
    @classmethod
    def until_is_not_before_from(cls, until: date, others: ValidationInfo) -> date | None:
        return the_day_itself(until, others.data.get("from_"), "from")


class Recurring(_Stretch):
    """`on` is the day in each period: "5" of a week, "14" of a period's last month, "11-14" of a year."""

    kind: Literal["recurring"]
    every: Every
    on: Text | None = None
    before: Before = False

    @field_validator("on")
    @classmethod
    def on_is_a_day_of_the_period(cls, on: str | None, others: ValidationInfo) -> str | None:
        every = others.data.get("every")
        if on is None or every is None or _is_day_of(every, on):
            return on
        form = {"week": '"1" đến "7"', "year": '"11-14" hoặc "14"'}.get(every, '"1" đến "31"')
        raise refusal(f"không phải là ngày trong {PERIODS[every]}: {on[:20]!r}; hãy ghi {form}")


class Continuous(_Stretch):
    kind: Literal["continuous"]


class OnDemand(PlanFilePart):
    kind: Literal["on-demand"]
    label: Text | None = None


class ByReference(PlanFilePart):
    """`text` names the rule or plan that sets the day."""

    kind: Literal["by-reference"]
    text: Text


class AfterEvent(PlanFilePart):
    """Due `days` after `event`; `working_days` where they are working days."""

    kind: Literal["after-event"]
    event: Text
    days: Annotated[int, Field(ge=0, le=3650)] | None = None
    working_days: bool = False


class Invalid(PlanFilePart):
    """A schedule that names no day there is."""

    kind: Literal["invalid"]
    text: Text
    suggestion: Day | None = None


class Unspecified(PlanFilePart):
    kind: Literal["unspecified"]
    text: Text | None = None


Milestone = Annotated[
    Deadline | Recurring | Continuous | OnDemand | ByReference | AfterEvent | Invalid | Unspecified,
    Field(discriminator="kind"),
]


def _is_day_of(every: str, on: str) -> bool:
    if every == "year" and re.fullmatch(r"[0-9]{2}-[0-9]{2}", on):
        try:
            date.fromisoformat(f"2024-{on}")  # a leap year, so that 02-29 is a day
        except ValueError:
            return False
        return True
    return re.fullmatch(r"[0-9]{1,2}", on) is not None and 1 <= int(on) <= (7 if every == "week" else 31)
