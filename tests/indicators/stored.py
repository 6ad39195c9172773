"""What a service would know again from its stored events alone, to compare its tables with."""

from datetime import date

from services.indicators.domain.reading import ReadingVersion


def current_after(stored):
    """The readings that count after the changes that an event stored."""
    return {
        change["reading_id"]: ReadingVersion(
            change["version"], date.fromisoformat(change["observed_on"]), change["field"], change["values"]
        )
        for change in stored
    }
