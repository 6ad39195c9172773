"""The grammar of schedule phrases: the milestones of "Quý I ban hành kế hoạch; báo cáo hàng quý", and back in words."""

from services.planning.phrases.schedules.reading import ScheduleReading, read_schedule
from services.planning.phrases.schedules.wording import schedule_in_words

__all__ = ["ScheduleReading", "read_schedule", "schedule_in_words"]
