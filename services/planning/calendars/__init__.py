"""The calendars that come with the project: decisions that the `holidays` package misses, or knows without a date."""

from pathlib import Path

VIETNAM = Path(__file__).parent / "vietnam.csv"
