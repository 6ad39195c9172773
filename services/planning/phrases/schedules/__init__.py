"""Reads schedule phrases ("Quý I ban hành kế hoạch; báo cáo hàng quý") into milestones, and writes milestones in words.

A phrase is read in three stages: text (words and numbers), grammar (times), milestones. To add a phrase, add it to the
file in grammar/ that reads its kind of time, and to the examples in tests/planning/phrases/test_schedules.py.
"""

from services.planning.phrases.schedules.milestones_to_words import schedule_in_words
from services.planning.phrases.schedules.phrase_to_milestones import NO_TIME, ScheduleReading, read_schedule

__all__ = ["NO_TIME", "ScheduleReading", "read_schedule", "schedule_in_words"]
