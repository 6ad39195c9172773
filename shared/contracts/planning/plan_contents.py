"""A plan file as plain values, as answers carry it and pages keep it: the keys of docs/plan-documents.md."""

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

PlainSpan = TypedDict("PlainSpan", {"from": str, "until": str})


class PlainHead(TypedDict):
    commune: str | None
    commune_name: str | None
    province: str | None
    title: str | None
    regime: str | None
    year: int | None
    span: PlainSpan | None
    number: str | None
    issued_on: str | None
    based_on: list[str]
    cites: list[str]
    roll: NotRequired[str]


class PlainTask(TypedDict):
    """`milestones` have the keys of their kind; `task_id` only where a plan in force is shown."""

    code: str | None
    section: str | None
    content: str | None
    deliverable: str | None
    lead: list[str]
    support: list[str]
    schedule_text: str | None
    milestones: list[dict[str, Any]]
    warnings: list[str]
    task_id: NotRequired[str]


class PlainTarget(TypedDict):
    code: str | None
    name: str | None
    unit: str | None
    target: dict[str, Any] | None
    target_text: str | None
    scope: str | None
    owners: list[str]
    indicator: str | None
    field: NotRequired[list[str] | None]


class PlainPlan(TypedDict):
    plan: PlainHead
    tasks: list[PlainTask]
    indicators: list[PlainTarget]
    warnings: list[str]


if TYPE_CHECKING:
    PlanContents = PlainPlan
else:  # an answer carries what it was given: the plan file is checked where it is read
    PlanContents = dict[str, Any]
