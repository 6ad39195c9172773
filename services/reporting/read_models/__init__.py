"""What Reporting remembers of what the others announced, and since when: every row says from when it was known."""

from services.reporting.read_models import corrections, counts, definitions, editions, plans, reports, territory
from services.reporting.read_models.knowledge import Knowledge, remembering

__all__ = ["HEARD_OF_INDICATORS", "HEARD_OF_PLANNING", "TABLES", "Knowledge", "remembering"]

# What Reporting decided itself, and no announcement would bring back.
KEPT = editions.TABLES + reports.TABLE
TABLES = (
    """
    CREATE TABLE IF NOT EXISTS history (
        source text, recorded_at timestamptz, position bigint NOT NULL, PRIMARY KEY (source, recorded_at)
    );
    """
    + territory.TABLES
    + plans.TABLES
    + definitions.TABLES
    + counts.TABLES
    + corrections.TABLES
    + KEPT
)
HEARD_OF_PLANNING = (*territory.HEARD, *plans.HEARD)
HEARD_OF_INDICATORS = (*definitions.HEARD, *counts.HEARD)
