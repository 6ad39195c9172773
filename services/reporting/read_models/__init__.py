"""What Reporting remembers of what the others announced, and since when: every row says from when it was known."""

from services.reporting.read_models import (
    built,
    corrections,
    definitions,
    editions,
    figures,
    plans,
    positions,
    refusals,
    reports,
    territory,
)
from services.reporting.read_models.knowledge import Knowledge, remembering

__all__ = [
    "DERIVED",
    "HEARD_OF_INDICATORS",
    "HEARD_OF_PLANNING",
    "RETIRED",
    "TABLES",
    "Knowledge",
    "remembering",
]

# What follows from the announcements alone: `minhbach report rebuild` makes these tables again.
DERIVED = (
    positions.TABLES
    + territory.TABLES
    + plans.TABLES
    + definitions.TABLES
    + figures.TABLES
    + corrections.TABLES
    + refusals.TABLES
)
# What Reporting decided itself, and no announcement would bring back.
KEPT = editions.TABLES + reports.TABLE
TABLES = built.TABLES + KEPT + DERIVED
# Tables of earlier versions, which the end of a rebuild removes.
RETIRED = ("counts", "history")
HEARD_OF_PLANNING = (*territory.HEARD, *plans.HEARD)
HEARD_OF_INDICATORS = (*definitions.HEARD, *refusals.HEARD)
