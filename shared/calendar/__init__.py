"""The calendar of working days: turns a nominal day into the day that counts, as it was known on any day."""

from shared.calendar.overrides import CalendarError, Override, load_overrides
from shared.calendar.working_days import ROLLS, Calendar, Roll

__all__ = ["ROLLS", "Calendar", "CalendarError", "Override", "Roll", "load_overrides"]
