"""The commands of Planning: minhbach commune, plan, task, schedule and target."""

from services.planning.cli import drafts, plan_contents, steps, succession, task_show
from services.planning.cli.communes import commune_app
from services.planning.cli.phrases import schedule_app, target_app
from services.planning.cli.plans import plan_app
from services.planning.cli.tasks import task_app

# Imported for the commands that they add: plan read, show and diff, task show, the steps of a task, and the changes of
# communes.
__all__ = [
    "commune_app",
    "drafts",
    "plan_app",
    "plan_contents",
    "schedule_app",
    "steps",
    "succession",
    "target_app",
    "task_app",
    "task_show",
]
