"""What Reporting remembers of what the others announced, and since when: every row says from when it was known."""

from services.reporting.read_models import counts, definitions, plans, territory
from services.reporting.read_models.knowledge import Knowledge, remembering

__all__ = ["HEARD_OF_INDICATORS", "HEARD_OF_PLANNING", "TABLES", "Knowledge", "remembering"]

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS history (
        source text, recorded_at timestamptz, position bigint NOT NULL, PRIMARY KEY (source, recorded_at)
    );
    CREATE TABLE IF NOT EXISTS editions (
        report_id text, edition int, content text NOT NULL, PRIMARY KEY (report_id, edition)
    );
    """
    + territory.TABLES
    + plans.TABLES
    + definitions.TABLES
    + counts.TABLES
)
HEARD_OF_PLANNING = (*territory.HEARD, *plans.HEARD)
HEARD_OF_INDICATORS = (*definitions.HEARD, *counts.HEARD)
