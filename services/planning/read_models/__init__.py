"""What Planning remembers: communes, plans, and how each task stands, kept in the transaction of the events."""

from services.planning.read_models import communes, plans, tasks
from services.planning.read_models.communes import Communes, RegisteredCommune
from services.planning.read_models.plans import IssuedPlan, Plans
from services.planning.read_models.tasks import ONE_AT_A_TIME, ListedTask, Tasks

__all__ = ["ONE_AT_A_TIME", "TABLES", "Communes", "IssuedPlan", "ListedTask", "Plans", "RegisteredCommune", "Tasks"]

TABLES = communes.TABLE + plans.TABLE + tasks.TABLE
