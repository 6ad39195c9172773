"""A plan file: read from YAML or JSON into frozen models, or refused with every error in its place."""

from services.planning.plan_file.contents import (
    PlanFile,
    PlanHead,
    PlannedTarget,
    PlannedTask,
    Span,
    TargetBounds,
)
from services.planning.plan_file.milestones import (
    AfterEvent,
    ByReference,
    Continuous,
    Deadline,
    Invalid,
    Milestone,
    OnDemand,
    Recurring,
    Unspecified,
)
from services.planning.plan_file.plan_reader import PlanErrors, plan_of, read_plan

__all__ = [
    "AfterEvent",
    "ByReference",
    "Continuous",
    "Deadline",
    "Invalid",
    "Milestone",
    "OnDemand",
    "PlanErrors",
    "PlanFile",
    "PlanHead",
    "PlannedTarget",
    "PlannedTask",
    "Recurring",
    "Span",
    "TargetBounds",
    "Unspecified",
    "plan_of",
    "read_plan",
]
