"""A plan as read from a document, with the field names of the plan format; None where the document leaves it open."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.planning.phrases.targets import ProseTarget
from services.planning.plan_file import Milestone, TargetBounds
from shared.regimes import PlanRegime


def with_place(place: str, warning: str) -> str:
    """A warning as one sentence that begins with its place."""
    return f"{place}: {warning.removeprefix(place).lstrip(': ').rstrip(' .')}."


@dataclass
class DraftHead:
    commune: str | None = None
    commune_name: str | None = None
    province: str | None = None
    title: str | None = None
    regime: PlanRegime | None = None
    year: int | None = None
    span: tuple[date, date] | None = None
    number: str | None = None
    issued_on: date | None = None
    based_on: list[str] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)


@dataclass
class DraftTask:
    """`place` is its position in the document: no field of the format, but the beginning of its warnings."""

    content: str
    place: str
    code: str | None = None
    section: str | None = None
    deliverable: str | None = None
    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    schedule_text: str | None = None
    milestones: list[Milestone] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class DraftTarget:
    name: str
    place: str
    target_text: str
    code: str | None = None
    unit: str | None = None
    target: TargetBounds | None = None
    scope: str | None = None
    owners: list[str] = field(default_factory=list)
    indicator: str | None = None
    field: tuple[str, ...] | None = None

    @classmethod
    def in_prose(cls, found: ProseTarget, name: str, place: str, owners: Iterable[str]) -> "DraftTarget":
        return cls(
            name, place, found.target_text, unit=found.unit, target=found.target, scope=found.scope, owners=[*owners]
        )


@dataclass
class Draft:
    plan: DraftHead = field(default_factory=DraftHead)
    tasks: list[DraftTask] = field(default_factory=list)
    indicators: list[DraftTarget] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
