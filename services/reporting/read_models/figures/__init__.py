"""What was counted, half a month at a time, as it was known day by day; and what corrected it."""

from services.reporting.read_models.figures.questions import Summed, by_field, summed
from services.reporting.read_models.figures.remembering import remember
from services.reporting.read_models.figures.running import TABLES

__all__ = ["TABLES", "Summed", "by_field", "remember", "summed"]
