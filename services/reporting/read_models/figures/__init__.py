"""What was counted, half a month at a time, as it was known day by day; and what corrected it."""

from services.reporting.read_models.figures import corrections, running
from services.reporting.read_models.figures.corrections import Corrected, corrections_between
from services.reporting.read_models.figures.questions import Summed, by_field, summed
from services.reporting.read_models.figures.remembering import remember

__all__ = ["TABLES", "Corrected", "Summed", "by_field", "corrections_between", "remember", "summed"]

TABLES = running.TABLES + corrections.TABLES
