"""The counts by half months, as known day by day."""

from services.reporting.read_models.figures.halves import KeptHalves
from services.reporting.read_models.figures.questions import WindowCounts, counts_by_commune, counts_in
from services.reporting.read_models.figures.running import TABLES
from services.reporting.read_models.figures.updates import remember_figures

__all__ = ["TABLES", "KeptHalves", "WindowCounts", "counts_by_commune", "counts_in", "remember_figures"]
