"""Reporting's tables: the events of the other services with the time at which they were known, and its own reports."""

from services.reporting.read_models import (
    corrections,
    definitions,
    editions,
    figures,
    late_readings,
    plans,
    positions,
    recounts,
    refusals,
    reports,
    seals,
    table_version,
    tasks,
    territory,
)
from services.reporting.read_models.knowledge import Knowledge

__all__ = ["DERIVED", "RETIRED", "TABLES", "Knowledge"]

# Made from the announcements alone: `minhbach report rebuild` makes these tables again.
DERIVED = (
    positions.TABLES
    + territory.TABLES
    + plans.TABLES
    + tasks.TABLES
    + definitions.TABLES
    + figures.TABLES
    + corrections.TABLES
    + late_readings.TABLES
    + recounts.TABLES
    + refusals.TABLES
)
# Reporting's own decisions, which no announcement would bring back.
KEPT = editions.TABLES + reports.TABLE + recounts.COMPARED + seals.TABLE
TABLES = table_version.TABLES + KEPT + DERIVED
# Tables of earlier versions, which the end of a rebuild removes.
RETIRED = ("counts", "history", "totals")
