"""The commands of Planning: minhbach commune, plan, task, schedule and target."""

from services.planning.cli import drafts, steps, succession
from services.planning.cli.communes import commune_app
from services.planning.cli.plans import plan_app
from services.planning.cli.schedules import schedule_app
from services.planning.cli.targets import target_app
from services.planning.cli.tasks import task_app

# Imported for the commands that they add: plan read, the steps of a task, and what becomes of communes.
__all__ = ["commune_app", "drafts", "plan_app", "schedule_app", "steps", "succession", "target_app", "task_app"]
