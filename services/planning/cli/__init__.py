"""The commands of Planning: minhbach commune, minhbach plan, minhbach task."""

from services.planning.cli import steps
from services.planning.cli.communes import commune_app
from services.planning.cli.plans import plan_app
from services.planning.cli.tasks import task_app

__all__ = ["commune_app", "plan_app", "steps", "task_app"]
