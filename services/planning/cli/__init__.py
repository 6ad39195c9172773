"""The commands of Planning: minhbach commune, plan, task, schedule and target."""

from services.planning.cli import drafts, steps
from services.planning.cli.communes import commune_app
from services.planning.cli.plans import plan_app
from services.planning.cli.schedules import schedule_app
from services.planning.cli.targets import target_app
from services.planning.cli.tasks import task_app

# Imported for the commands that they add: plan read, and the steps of a task.
__all__ = ["commune_app", "drafts", "plan_app", "schedule_app", "steps", "target_app", "task_app"]
