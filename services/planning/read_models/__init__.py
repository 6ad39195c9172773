"""Planning's tables, kept in the transaction of the events: communes, plans and tasks."""

from services.planning.read_models import communes, evidence, plans, tasks
from services.planning.read_models.communes import Communes, RegisteredCommune
from services.planning.read_models.evidence import Evidence
from services.planning.read_models.plans import IssuedPlan, Plans
from services.planning.read_models.tasks import Tasks

__all__ = ["TABLES", "Communes", "Evidence", "IssuedPlan", "Plans", "RegisteredCommune", "Tasks"]

TABLES = communes.TABLE + plans.TABLE + tasks.TABLE + evidence.TABLE
