"""Translates a plan file into the definitions of a plan and its tasks, in the form in which events store them."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import cast

from services.planning.domain.plans.state import PlanDefinition, StoredTarget
from services.planning.domain.tasks.event_fields import StoredMilestone
from services.planning.domain.tasks.state import TaskDefinition
from services.planning.plan_file.contents import PlanFile, PlannedTarget, PlannedTask
from shared.calendar import Roll


@dataclass(frozen=True)
class PlanDefinitions:
    """A plan and its tasks; commune and province as the file names them.

    `for_communes` when the file is a province's standard plan. `roll` is the plan's own rule for days off.
    """

    commune: str | None
    province: str | None
    for_communes: bool
    roll: Roll | None
    plan: PlanDefinition
    tasks: list[TaskDefinition]


def definitions_in(file: PlanFile, issued_on: date) -> PlanDefinitions:
    """The hash covers the contents of the file, not its layout nor the day of issue."""
    head = file.plan
    return PlanDefinitions(
        commune=head.commune,
        province=head.province,
        # A document that names a commune which was not recognised is not meant for all of them.
        for_communes=head.commune is None and head.commune_name is None and head.province is not None,
        roll=head.roll,
        plan=PlanDefinition(
            title=head.title,
            regime=head.regime,
            year=head.year,
            span_from=head.span.from_,
            span_until=head.span.until,
            number=head.number,
            issued_on=issued_on,
            based_on=list(head.based_on),
            targets=[_target(target) for target in file.indicators],
            sha256=sha256(_canonical(file).encode()).hexdigest(),
        ),
        tasks=[definition_of(task, place) for place, task in enumerate(file.tasks, start=1)],
    )


def definition_of(task: PlannedTask, place: int) -> TaskDefinition:
    """`place` is the task's row, from 1."""
    return TaskDefinition(
        place=place,
        code=task.code,
        section=task.section,
        content=task.content,
        deliverable=task.deliverable,
        lead=list(task.lead),
        support=list(task.support),
        schedule_text=task.schedule_text,
        milestones=[cast("StoredMilestone", milestone.model_dump(mode="json")) for milestone in task.milestones],
        continues=task.task_id,
    )


def _canonical(file: PlanFile) -> str:
    """Without optional keys that are null, so that a key added to the format leaves the hashes of older plans alone."""
    contents = file.model_dump(mode="json")
    for part, key in ((contents["plan"], "roll"), *((task, "task_id") for task in contents["tasks"])):
        if part[key] is None:
            del part[key]
    for target in contents["indicators"]:
        if target["target"] and target["target"]["change"] is None:
            del target["target"]["change"]
    return json.dumps(contents, ensure_ascii=False, separators=(",", ":"))


def _target(target: PlannedTarget) -> StoredTarget:
    """Bounds as text: JSON has no decimal numbers."""
    bounds = {key: f"{bound:f}" for key, bound in target.target.given().items()} if target.target else None
    if bounds and target.target and target.target.change:
        bounds["change"] = target.target.change
    return cast("StoredTarget", {**target.model_dump(mode="json", exclude={"target"}), "target": bounds})
