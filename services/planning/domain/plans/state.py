"""The state of a plan: its definition, its version in force, and whether it has ended."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict


class StoredTarget(TypedDict):
    """A target of a plan; its bounds by key as text, for JSON has no decimal numbers, beside `change`."""

    indicator: str | None
    code: str | None
    name: str
    unit: str | None
    target: dict[str, str] | None
    target_text: str
    scope: str | None
    owners: list[str]
    field: list[str] | None


@dataclass(frozen=True)
class PlanDefinition:
    """What a plan file defines beside its tasks. `sha256` is that of the file's content with its tasks."""

    title: str
    regime: str
    year: int
    span_from: date
    span_until: date
    number: str | None
    issued_on: date
    based_on: list[str]
    targets: list[StoredTarget]
    sha256: str


class PlanState:
    def __init__(
        self,
        *,
        plan_id: str,
        commune: str | None,
        province: str,
        title: str,
        regime: str,
        year: int,
        issued_on: date,
        standard_plan_id: str | None,
        sha256: str,
    ) -> None:
        self.plan_id = plan_id
        self.commune = commune
        self.province = province
        self.title = title
        self.regime = regime
        self.year = year
        self.issued_on = issued_on
        self.standard_plan_id = standard_plan_id
        self.sha256 = sha256
        self.every_sha256 = {sha256}
        self.version_in_force = 1
        self.closed_on: date | None = None
