"""From a plan file to what its plan and tasks say, in the form in which it is stored."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from services.planning.plan_file import PlanFile, PlannedTarget, PlannedTask
from shared.calendar import Roll


@dataclass(frozen=True)
class Draft:
    """A plan before it is anybody's. `for_communes` when the file is a province's standard plan."""

    commune: str | None
    province: str | None
    regime: str
    year: int
    for_communes: bool
    roll: Roll | None
    plan: dict[str, Any]
    tasks: list[dict[str, Any]]


def draft_of(file: PlanFile, issued_on: date) -> Draft:
    """The hash is of what the file says, not of how it is laid out nor of the day on which it is issued."""
    head = file.plan
    return Draft(
        head.commune,
        head.province,
        head.regime,
        head.year,
        # A document that names a commune nobody could find is not meant for all of them.
        head.commune is None and head.commune_name is None and head.province is not None,
        head.roll,
        {
            "title": head.title,
            "regime": head.regime,
            "year": head.year,
            "span_from": head.span.from_,
            "span_until": head.span.until,
            "number": head.number,
            "issued_on": issued_on,
            "based_on": list(head.based_on),
            "targets": [_target(target) for target in file.indicators],
            "sha256": sha256(_said(file).encode()).hexdigest(),
        },
        [_task(task) for task in file.tasks],
    )


def _said(file: PlanFile) -> str:
    """Without what a file need not say, so that a key added to the format leaves the hashes of older plans alone."""
    said = file.model_dump(mode="json")
    for part, key in ((said["plan"], "roll"), *((task, "task_id") for task in said["tasks"])):
        if part[key] is None:
            del part[key]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _target(target: PlannedTarget) -> dict[str, Any]:
    """Bounds as text: JSON has no decimal numbers."""
    bounds = {key: f"{bound:f}" for key, bound in target.target.given().items()} if target.target else None
    return {**target.model_dump(mode="json", exclude={"target"}), "target": bounds}


def _task(task: PlannedTask) -> dict[str, Any]:
    return {
        "code": task.code,
        "section": task.section,
        "content": task.content,
        "deliverable": task.deliverable,
        "lead": list(task.lead),
        "support": list(task.support),
        "schedule_text": task.schedule_text,
        "milestones": [milestone.model_dump(mode="json") for milestone in task.milestones],
        "task_id": task.task_id,
    }
