"""What Reporting remembers of what the others announced, and since when: every row says from when it was known."""

from services.reporting.read_models import corrections, counts, editions, plans, reports, territory
from services.reporting.read_models.knowledge import Knowledge, remembering

__all__ = ["HEARD_OF_INDICATORS", "HEARD_OF_PLANNING", "TABLES", "Knowledge", "remembering"]

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS history (
        source text, recorded_at timestamptz, position bigint NOT NULL, PRIMARY KEY (source, recorded_at)
    );
    """
    + territory.TABLES
    + plans.TABLES
    + counts.TABLES
    + corrections.TABLES
    + editions.TABLES
    + reports.TABLE
)
HEARD_OF_PLANNING = (*territory.HEARD, *plans.HEARD)
HEARD_OF_INDICATORS = counts.HEARD
